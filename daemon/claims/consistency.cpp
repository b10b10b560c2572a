#include "daemon/claims/consistency.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kinds{{
    {"amount/amount", "金额与金额"},
    {"amount/rate", "比率与金额或数量"},
    {"count/count", "数量与数量"},
    {"rate/rate", "比率与比率"},
    {"sum/parts", "合计与分项"},
    {"score/parts", "得分与构成"},
    {"score/grade", "得分与等级"},
    {"goal/output", "目标与完成"},
    {"table/row", "表格的行与列"},
    {"date/date", "日期"},
    {"claim/measured", "说法与账本"},
    {"claim/plan", "说法与方案"},
    {"claim/last_year", "说法与上年报告"},
    {"claim/approval", "说法与批复"},
}};

struct passage {
  std::size_t paragraph;
  stretch s;
  std::size_t keep;  ///< a byte whose line is told
};

/** Passages of one paragraph and line that overlap or are neighbours become one. */
std::vector<passage> joined(const written_report& report, std::vector<passage> all) {
  std::ranges::sort(all, {}, [](const passage& p) { return std::tuple(p.paragraph, p.s.from, p.s.to); });
  std::vector<passage> out;
  for (const passage& p : all) {
    constexpr std::size_t mark = 6;
    passage* last = out.empty() ? nullptr : &out.back();
    const paragraph& where = report.paragraphs[p.paragraph];
    if (last != nullptr && last->paragraph == p.paragraph && p.s.from <= last->s.to + mark &&
        report.line(where, p.keep) == report.line(where, last->keep))
      last->s.to = std::max(last->s.to, p.s.to);
    else
      out.push_back(p);
  }
  return out;
}

std::string place_of(const paragraph& p) {
  std::string out = p.place;
  if (!p.titles.empty()) out += (out.empty() ? "" : " ") + p.titles.back();
  return out;
}

std::vector<group> sentences_with_figures(const std::vector<claim>& all) {
  std::vector<group> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i > 0 && all[i].paragraph == all[i - 1].paragraph && all[i].sentence == all[i - 1].sentence)
      ++out.back().to;
    else
      out.push_back({i, i + 1});
  return out;
}

inspection inspected(const written_report& report, const std::vector<claim>& claims) {
  return {.report = report, .claims = claims, .sentences = sentences_with_figures(claims), .found = {}, .wholes = {}};
}

}  // namespace

void inspection::tell(std::string_view kind, strength how, std::span<const claim* const> of, std::string text) {
  std::vector<passage> at;
  for (const claim* c : of) at.push_back({c->paragraph, c->words, c->what.digits.from});
  contradiction one{
      .kind = std::string(kind), .quotes = {}, .lines = {}, .places = {}, .text = std::move(text), .how = how};
  for (const passage& p : joined(report, std::move(at))) {
    const paragraph& where = report.paragraphs[p.paragraph];
    std::string quote = report.quote(where, p.s, p.keep);
    if (quote.empty()) continue;
    one.quotes.push_back(std::move(quote));
    one.lines.push_back(report.line(where, p.keep));
    one.places.push_back(place_of(where));
  }
  if (!one.quotes.empty()) found.push_back(std::move(one));
}

void inspection::tell_stretch(std::string_view kind, strength how, const paragraph& p, stretch s, std::string text) {
  std::string quote = report.quote(p, s, s.from);
  if (quote.empty()) return;
  found.push_back({.kind = std::string(kind),
                   .quotes = {std::move(quote)},
                   .lines = {report.line(p, s.from)},
                   .places = {place_of(p)},
                   .text = std::move(text),
                   .how = how});
}

void inspection::tell_lines(std::string_view kind, strength how, const std::vector<int>& lines, std::string text) {
  contradiction one{
      .kind = std::string(kind), .quotes = {}, .lines = {}, .places = {}, .text = std::move(text), .how = how};
  for (const int line : lines) {
    const std::string_view row = report.source_line(line);
    if (row.empty()) continue;
    one.quotes.emplace_back(row);
    one.lines.push_back(line);
    one.places.emplace_back();
  }
  if (!one.quotes.empty()) found.push_back(std::move(one));
}

std::vector<const claim*> inspection::before(const claim& c, std::size_t paragraphs) const {
  std::vector<const claim*> out;
  const std::size_t first = c.paragraph > paragraphs ? c.paragraph - paragraphs : 0;
  constexpr std::size_t most = 40;  // no relation reaches further, and no text costs more than its length
  for (const claim* at = &c; at != claims.data() && out.size() < most;) {
    --at;
    if (at->paragraph < first) break;
    out.push_back(at);
  }
  return out;
}

std::string_view inspection::sentence(const claim& c) const {
  const paragraph& p = report.paragraphs[c.paragraph];
  return p.words(p.sentences[c.sentence]);
}

std::string_view inspection::between(const claim& a, const claim& b) const {
  return report.paragraphs[a.paragraph].words({a.what.at.to, std::max(a.what.at.to, b.what.at.from)});
}

std::string_view part_marker_at(std::string_view t, std::size_t at) {
  if (std::ranges::any_of(words().of("no part markers"), [&](const std::string& w) {
        const std::size_t head = char_bytes(w, 0);  // 得分为 holds 分为
        return at >= head && t.substr(at - head).starts_with(w);
      }))
    return {};
  const word_list& all = words().of("part markers");
  const auto word = std::ranges::find_if(all, [&](const std::string& w) { return t.substr(at).starts_with(w); });
  return word == all.end() ? std::string_view() : *word;
}

bool in_list(const inspection& r, const claim& c) {
  const paragraph& p = r.report.paragraphs[c.paragraph];
  const std::string_view t = p.words({p.sentences[c.sentence].from, c.what.at.from});
  if (!has_any(t, words().of("part markers"))) return false;
  for (std::size_t i = 0; i < t.size(); i += char_bytes(t, i))
    if (!part_marker_at(t, i).empty()) return true;
  return false;
}

consistency check(std::string_view text, const beside& others) {
  const written_report report = read_report(text);
  const std::vector<claim> claims = claims_of(report);
  inspection r = inspected(report, claims);
  for (const auto rule :
       {sums, rates, changes, products, points, indicator_points, targets, balances, repeats, dates, grades, tables})
    rule(r);
  if (others.books) against_books(r, others.books);
  if (others.plan != nullptr) against_plan(r, *others.plan);
  if (!others.last_year.empty()) {
    const written_report earlier = read_report(others.last_year);
    const std::vector<claim> said = claims_of(earlier);
    against_last_year(r, inspected(earlier, said));
  }
  against_approval(r, others.approved);
  std::ranges::sort(r.found, [](const contradiction& a, const contradiction& b) {
    return std::tie(a.lines.front(), a.how, a.kind, a.quotes, a.text) <
           std::tie(b.lines.front(), b.how, b.kind, b.quotes, b.text);
  });
  consistency out{.found = {},
                  .read = {report.paragraphs.size(), report.tables, claims.size(), claims.size() < most_claims},
                  .year = report.year};
  std::set<std::pair<std::string, std::vector<std::string>>> told;
  for (contradiction& c : r.found)
    if (told.emplace(c.kind, c.quotes).second) out.found.push_back(std::move(c));
  return out;
}

int year_of(std::string_view report) { return read_report(report).year; }

std::vector<contradiction> contradictions(std::string_view report, const beside& others) {
  return check(report, others).found;
}

std::string_view chinese_kind(std::string_view kind) {
  const auto* row = std::ranges::find(kinds, kind, &std::pair<std::string_view, std::string_view>::first);
  return row == kinds.end() ? kind : row->second;
}

std::string_view chinese(strength s) { return s == strength::sure ? "矛盾" : "待说明"; }

}  // namespace changtong::claims
