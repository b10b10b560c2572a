#include "daemon/claims/consistency.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kinds{{
    {"amount/amount", "金额与金额"},
    {"amount/rate", "比率与金额或数量"},
    {"count/count", "数量与数量"},
    {"rate/rate", "比率与比率"},
    {"sum/parts", "合计与分项"},
    {"score/parts", "得分与构成"},
    {"goal/output", "目标与产出"},
    {"indicator/evaluation", "指标与评价"},
    {"unit/word", "用词与计量"},
    {"claim/claim", "说法与说法"},
    {"date/date", "日期"},
    {"list/announced", "预告与列举"},
    {"boilerplate", "套话与笔误"},
    {"claim/measured", "说法与账本"},
    {"claim/plan", "说法与方案"},
}};

/** Passages of one sentence that overlap or are neighbours become one. */
std::vector<passage> joined(const written_report& report, std::vector<passage> all) {
  std::ranges::sort(all, {}, [](const passage& p) { return std::tuple(p.paragraph, p.s.from, p.s.to); });
  std::vector<passage> out;
  for (const passage& p : all) {
    passage* last = out.empty() ? nullptr : &out.back();
    constexpr std::size_t mark = 3;
    const bool near =
        last != nullptr && last->paragraph == p.paragraph && p.s.from <= last->s.to + mark &&
        report.line(report.paragraphs[p.paragraph], p.keep) == report.line(report.paragraphs[p.paragraph], last->keep);
    if (near)
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

}  // namespace

void inspection::tell(std::string_view kind, strength how, std::vector<passage> at, std::string text) {
  contradiction c{
      .kind = std::string(kind), .quotes = {}, .lines = {}, .places = {}, .text = std::move(text), .how = how};
  for (const passage& p : joined(report, std::move(at))) {
    const paragraph& where = report.paragraphs[p.paragraph];
    std::string quote = report.quote(where, p.s, p.keep);
    if (quote.empty()) continue;
    c.quotes.push_back(std::move(quote));
    c.lines.push_back(report.line(where, p.keep));
    c.places.push_back(place_of(where));
  }
  if (!c.quotes.empty()) found.push_back(std::move(c));
}

std::vector<contradiction> contradictions(std::string_view text, const office_words& words,
                                          const std::optional<measured_figures>& measured, const plans::plan* plan) {
  const written_report report = read_report(text, words);
  const std::vector<claim> claims = claims_of(report, words);
  inspection r{.report = report, .words = words, .claims = claims};
  for (const auto rule : {amounts_that_differ,
                          amounts_without_a_rest,
                          amounts_that_add_up,
                          shares_of_goals,
                          counts_that_differ,
                          rates_against_amounts,
                          rates_against_counts,
                          growth_against_figures,
                          sums_against_parts,
                          parts_of_two_concepts,
                          scores_against_parts,
                          goals_without_output,
                          results_against_goals,
                          lists_against_their_number,
                          indicators_without_evaluation,
                          opposites_in_claims,
                          dates_that_cannot_be,
                          frames_of_other_editions,
                          words_of_other_offices,
                          units_against_words,
                          terms_without_definition,
                          satisfaction_without_sample,
                          lists_announced,
                          doubled_words,
                          broken_sentences})
    rule(r);
  if (measured) claims_against_books(r, *measured);
  if (plan != nullptr && !report.paragraphs.empty()) claims_against_plan(r, *plan);
  std::set<std::pair<std::string, std::vector<std::string>>> told;
  std::multimap<int, contradiction> by_line;  // keeps the order of the rules inside a line
  for (contradiction& c : r.found)
    if (told.emplace(c.kind, c.quotes).second) by_line.emplace(c.lines.front(), std::move(c));
  std::vector<contradiction> out;
  for (auto& [line, c] : by_line) out.push_back(std::move(c));
  return out;
}

std::string_view chinese_kind(std::string_view kind) {
  const auto* row = std::ranges::find(kinds, kind, &std::pair<std::string_view, std::string_view>::first);
  return row == kinds.end() ? kind : row->second;
}

std::string_view chinese(strength s) { return s == strength::sure ? "矛盾" : "待说明"; }

passage title_of(const inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i)
    if (r.report.paragraphs[i].text == r.report.title)
      return inspection::all_of(i, {0, r.report.paragraphs[i].text.size()});
  return inspection::all_of(0, {0, r.report.paragraphs.front().text.size()});
}

std::string printed(const inspection& r, const claim& c) {
  const paragraph& p = r.of(c);
  return std::string(p.words({c.what.at.from, std::max(c.what.at.to, c.what.digits.to)}));
}

bool tells_results(chapter c) {
  return c == chapter::outputs || c == chapter::effects || c == chapter::summary || c == chapter::practice ||
         c == chapter::process || c == chapter::basics || c == chapter::other;
}

}  // namespace changtong::claims
