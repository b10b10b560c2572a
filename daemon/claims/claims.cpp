#include "daemon/claims/claims.h"

#include <algorithm>
#include <array>
#include <optional>

namespace changtong::claims {
namespace {

constexpr std::size_t longest_noun = 30, longest_label = 120;
constexpr std::array<std::string_view, 14> edges{"，", "；", "：", "。", "！", "？", "、",
                                                 "(",  ")",  "[",  "《", "》", "【", "】"};

std::size_t edge_at(std::string_view t, std::size_t at) {
  const auto* e = std::ranges::find_if(edges, [&](std::string_view w) { return t.substr(at).starts_with(w); });
  return e == edges.end() ? 0 : e->size();
}

std::size_t noun_end(std::string_view t, std::size_t from, std::size_t to) {
  std::size_t at = from;
  while (at < to && at - from < longest_noun && edge_at(t, at) == 0 && !(t[at] >= '0' && t[at] <= '9'))
    at += char_bytes(t, at);
  return std::min(at, to);
}

bool digits_at(std::string_view t, std::size_t from, std::size_t n) {
  return from + n <= t.size() && std::ranges::all_of(t.substr(from, n), [](char c) { return c >= '0' && c <= '9'; });
}

/** 2023年 where the report is of 2024; 1月, 上半年, 三季度 wherever they stand. */
std::string time_in(std::string_view t, int year) {
  for (std::size_t at = t.find("年"); at != std::string_view::npos; at = t.find("年", at + 3))
    if (at >= 4 && digits_at(t, at - 4, 4) && t.substr(at - 4, 4) != std::to_string(year))
      return std::string(t.substr(at - 4, 4));
  if (const std::size_t at = t.find("月"); at != std::string_view::npos && at > 0 && digits_at(t, at - 1, 1)) {
    std::size_t from = at;
    while (from > 0 && digits_at(t, from - 1, 1)) --from;
    if (t.substr(from, at - from) != "12") return std::string(t.substr(from, at - from)) + "月";
  }
  for (const char* key : {"halves", "quarters"})
    if (const auto w = first_of(t, words().of(key)); !w.empty()) return std::string(w);
  return {};
}

/** The number of an item that stands before a date: 1.12月末, which is no 1.12. */
std::size_t item_number(std::string_view t) {
  std::size_t at = 0;
  while (at < t.size() && at < 2 && digits_at(t, at, 1)) ++at;
  return at > 0 && at < t.size() && t[at] == '.' && digits_at(t, at + 1, 1) ? at + 1 : 0;
}

/** 截至2024年12月末, 至评价基准日 at the beginning of a label: when it was counted, not what. */
std::string_view without_date(std::string_view label) {
  static const word_list begins{"截至", "截止到", "截止"}, rest{"年", "月", "日", "末", "底", "目前", "止", "评价基准"};
  const auto word = std::ranges::find_if(begins, [&](const std::string& w) { return label.starts_with(w); });
  if (word == begins.end()) return label;
  for (label.remove_prefix(word->size()); !label.empty();) {
    const auto next = std::ranges::find_if(rest, [&](const std::string& w) { return label.starts_with(w); });
    if (next == rest.end() && !digits_at(label, 0, 1)) break;
    label.remove_prefix(next == rest.end() ? 1 : next->size());
  }
  return label;
}

int depth_at(std::string_view t, std::size_t from, std::size_t to) {
  int open = 0;
  for (std::size_t i = from; i < to; ++i) open += t[i] == '(' ? 1 : t[i] == ')' && open > 0 ? -1 : 0;
  return open;
}

/** 本年任务：…, 年度计划：…: what the sentence lists is planned. */
bool under_plan(std::string_view t, stretch s) {
  const std::string_view head = t.substr(s.from, s.to - s.from);
  const std::size_t colon = head.find("：");
  if (colon == head.npos || length_of(head.substr(0, colon)) > 12 || !quantities_of(head.substr(0, colon)).empty() ||
      has_any(head.substr(0, colon), words().of("result titles")))
    return false;
  return has(head.substr(0, colon), "任务") || has_any(head.substr(0, colon), words().of("planned"));
}

/** What stands between the last mark that ends a clause, or the figure before, and a figure: a list of 、 is one. */
std::string clause_before(std::string_view t, std::size_t from, std::size_t to) {
  std::size_t begin = to - from > longest_label ? to - longest_label : from;
  while (begin < to && (static_cast<unsigned char>(t[begin]) & 0xc0U) == 0x80U) ++begin;
  for (std::size_t i = begin; i < to; i += char_bytes(t, i))
    if (is_mark(t, i)) begin = i + char_bytes(t, i);
  return std::string(t.substr(begin, to - begin));
}

/** 救助对象满意度 of 3.救助对象满意度：目标值…: what an item of a list begins with; empty for none. */
std::string indicator_of(std::string_view t, stretch sentence, std::size_t at) {
  constexpr std::size_t longest = 20;  // characters
  std::size_t from = sentence.from;
  constexpr std::string_view mark = "；";
  if (const std::size_t last = t.substr(from, at - from).rfind(mark); last != t.npos) from += last + mark.size();
  const std::string_view head = t.substr(from, at - from);
  const std::size_t colon = head.find("：");
  if (colon == head.npos || length_of(head.substr(0, colon)) > longest) return {};
  std::string_view name = head.substr(0, colon);
  name.remove_prefix(item_number(name));
  while (!name.empty() && ((name[0] >= '0' && name[0] <= '9') || name[0] == '.')) name.remove_prefix(1);
  return quantities_of(name).empty() && !has(name, "，") ? std::string(stripped(name, words().of("neutral")))
                                                         : std::string();
}

claim read(const written_report& r, std::size_t paragraph, std::size_t sentence, quantity q, std::size_t from,
           std::size_t to) {
  const struct paragraph& p = r.paragraphs[paragraph];
  const std::string_view t = p.text;
  const stretch s = p.sentences[sentence];
  claim c;
  c.paragraph = paragraph;
  c.sentence = sentence;
  std::size_t begin = label_begin(t, std::max(from, s.from), q.at.from), label_end = q.at.from;
  if (begin == label_end && q.what == measure::percent && begin > s.from && t[begin - 1] == ')')
    if (const std::size_t open = t.rfind('(', begin); open != t.npos && open > std::max(from, s.from))
      label_end = open, begin = label_begin(t, std::max(from, s.from), open);  // 执行率(执行数÷预算数)97.31%
  constexpr std::string_view colon = "：";
  if (begin == label_end && t.substr(0, begin).ends_with(colon) && begin - colon.size() > std::max(from, s.from))
    label_end = begin - colon.size(), begin = label_begin(t, std::max(from, s.from), label_end);  // 得分：10分
  const std::size_t end = noun_end(t, q.at.to, to);
  c.before = t.substr(begin, label_end - begin);
  if (const std::size_t n = item_number(c.before); n > 0) c.before.erase(0, n);
  c.label = stripped(without_date(stripped(c.before, words().of("neutral"))), words().of("neutral"));
  c.name = plain(c.label, r);
  c.noun = t.substr(q.at.to, end - q.at.to);
  c.words = {begin, end};
  c.time = time_in(c.before, r.year);
  // the clause before the figure: 比上年的, 目标值为 may stand behind a mark of its own
  std::string said = c.before;
  if (const auto at = said.find("标准化"); at != said.npos) said.erase(at, std::string_view("标准化").size());
  c.planned = p.goals || has_any(said, words().of("planned")) || under_plan(t, s);
  c.earlier = has_any(c.before, words().of("earlier")) || c.before.ends_with("原");
  c.each = has_any(c.before, words().of("each")) || c.noun.starts_with("/");
  const word_list& neutral = words().of("neutral");
  if (c.name.empty() || std::ranges::find(neutral, c.name) != neutral.end())
    c.indicator = indicator_of(t, s, q.at.from);
  c.clause = clause_before(t, std::max(from, s.from), label_end);
  c.inside = depth_at(t, s.from, q.at.from) > 0;
  if (q.unit.empty() && !q.worded && has_any(c.before, words().of("bare points")))
    q.what = measure::score, q.unit = "分";
  c.what = std::move(q);
  return c;
}

}  // namespace

std::size_t label_begin(std::string_view t, std::size_t from, std::size_t to) {
  std::size_t begin = to - from > longest_label ? to - longest_label : from;
  while (begin < to && (static_cast<unsigned char>(t[begin]) & 0xc0U) == 0x80U) ++begin;
  for (std::size_t i = begin; i < to; i += char_bytes(t, i))
    if (const std::size_t n = edge_at(t, i); n > 0) begin = i + n;
  return begin;
}

std::vector<claim> claims_of(const written_report& report) {
  std::vector<claim> out;
  for (std::size_t n = 0; n < report.paragraphs.size() && out.size() < most_claims; ++n) {
    const paragraph& p = report.paragraphs[n];
    if (p.table) continue;
    const auto all = quantities_of(p.text);
    std::size_t k = 0;
    for (std::size_t i = 0; i < all.size() && out.size() < most_claims; ++i) {
      while (k < p.sentences.size() && p.sentences[k].to <= all[i].at.from) ++k;
      if (k == p.sentences.size() || all[i].at.from < p.sentences[k].from || all[i].at.to > p.sentences[k].to) continue;
      const std::size_t from = i > 0 ? all[i - 1].at.to : 0;
      const std::size_t to = std::min(i + 1 < all.size() ? all[i + 1].at.from : p.text.size(), p.sentences[k].to);
      claim c = read(report, n, k, all[i], from, std::max(to, all[i].at.to));
      // 年初计划补贴机具400台、受益农户300户: the word holds for its list
      if (!out.empty() && out.back().planned && out.back().paragraph == n && out.back().sentence == k &&
          p.words({all[i - 1].at.to, c.words.from}).ends_with("、") && !has_any(c.before, words().of("results")))
        c.planned = true;
      out.push_back(std::move(c));
    }
  }
  return out;
}

std::string plain(std::string_view label, const written_report& report) {
  std::string out(label);
  if (!report.project.empty())
    if (const auto at = out.find(report.project); at != std::string::npos) out.erase(at, report.project.size());
  // the project without the office before it: 智慧教育二期项目 of 教育局智慧教育二期项目
  constexpr std::size_t shortest_project = 12;  // four characters
  for (std::size_t at = 0; at + shortest_project <= report.project.size(); at += char_bytes(report.project, at))
    if (out.starts_with(std::string_view(report.project).substr(at))) {
      out.erase(0, report.project.size() - at);
      break;
    }
  for (const std::string& year : {std::to_string(report.year) + "年度", std::to_string(report.year) + "年"})
    if (const auto at = out.find(year); at != std::string::npos) out.erase(at, year.size());
  for (std::size_t before = out.size() + 1; before != out.size();) {
    before = out.size();
    for (const char* list : {"neutral", "money nouns", "money verbs"})
      out = std::string(stripped(out, words().of(list)));
  }
  return out;
}

bool same_unit(const quantity& a, const quantity& b) {
  if (a.what != b.what) return false;
  const bool by_word = a.what == measure::count || a.what == measure::other;
  return !by_word || a.unit == b.unit;
}

}  // namespace changtong::claims
