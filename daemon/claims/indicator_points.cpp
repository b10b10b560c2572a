// The items of a list of indicators: what was to be reached, what was, the points for it and those that were got.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

bool is_anchor(const claim& c) {
  return is_score(c) && !is_lost(c) && !c.earlier && (is_got(c) || has(c.before, "得满分") || has(c.before, "计满分"));
}

/** Whether an item may begin here, at the beginning of a clause: 一是, 2., (3), ④. */
bool begins_indicator(std::string_view t, std::size_t at) {
  const std::size_t n = char_bytes(t, at);
  if (t.substr(at, n) >= "①" && t.substr(at, n) <= "⑳" && n == 3) return true;
  if (at > 0 && !(at >= 3 && is_mark(t, at - 3))) return false;
  if (chinese_numeral(t.substr(at, n)) > 0 &&
      (t.substr(at + n).starts_with("是") || t.substr(at + n).starts_with("、")))
    return true;
  std::size_t to = at + (t[at] == '(' ? 1 : 0);
  const std::size_t digits = to;
  while (to < t.size() && t[to] >= '0' && t[to] <= '9') ++to;
  const bool number = to > digits && to - digits <= 2;
  return number &&
         (t[at] == '(' ? t.substr(to).starts_with(")")
                       : t.substr(to).starts_with("、") || (t.substr(to).starts_with(".") && to + 1 < t.size() &&
                                                            (t[to + 1] < '0' || t[to + 1] > '9')));
}

std::size_t indicator_begin(std::string_view t, std::size_t from, std::size_t to) {
  std::size_t begin = from;
  for (std::size_t i = from; i < to; i += char_bytes(t, i))
    if (begins_indicator(t, i)) begin = i;
  constexpr std::string_view full = "，得满分";  // of the item before, without a figure
  const std::size_t last = t.substr(begin, to - begin).rfind(full);
  if (const std::size_t end = begin + last + full.size(); last != t.npos && end < to && is_mark(t, end)) begin = end;
  return begin;
}

/** Whether points are called a weight, by a word or by their brackets; not 满分100分, that of all items. */
bool is_weight(const claim& c) {
  return is_score(c) && !is_lost(c) && !is_anchor(c) && !c.each && !has(c.before, "加") &&
         (!has_any(c.before, words().of("total scores")) || has_any(c.before, words().of("weights")));
}
bool says_weight(const claim& c) {
  return has_any(c.before, words().of("weights")) || has_any(c.before, words().of("this indicator")) || c.inside;
}

/** The weight of the points that were got: the only other points of the item that are called so or stand beside them;
 * of several the one that has their name. */
const claim* weight_in(const inspection& r, std::span<const claim> all, const claim& got) {
  constexpr std::size_t side_by_side = 8;  // characters
  std::vector<const claim*> found;
  for (const claim& c : all)
    if (&c != &got && is_weight(c)) found.push_back(&c);
  const std::string_view name = stripped(stripped(got.before, words().of("got points")), words().of("this indicator"));
  std::vector<const claim*> named;
  std::ranges::copy_if(found, std::back_inserter(named), [&](const claim* c) {
    return length_of(name) >= 2 && (c->before.starts_with(name) || has(r.between(all.front(), *c), name));
  });
  if (found.size() > 1 && named.size() == 1) return named[0];
  if (found.size() != 1) return nullptr;
  const claim& c = *found[0];
  return says_weight(c) || (&c < &got && length_of(r.between(c, got)) <= side_by_side) ? &c : nullptr;
}

/** 每个分值均为10分, of the items of a paragraph. */
const claim* weight_of_each(const inspection& r, const claim& got) {
  for (const claim* c : r.before(got, 0))
    if (is_score(*c) && has_any(c->before, words().of("weights")) && c->each) return c;
  return nullptr;
}

/** (三)满意度指标(满分10分) above the only points that stand below it. */
const claim* weight_above(const inspection& r, const claim& got) {
  const paragraph& p = r.report.paragraphs[got.paragraph];
  const claim* found = nullptr;
  constexpr std::ptrdiff_t looked_at = 60;
  for (const claim* c = &got; c != r.claims.data() && &got - c < looked_at;) {
    --c;
    const paragraph& head = r.report.paragraphs[c->paragraph];
    constexpr std::size_t longest = 40;  // characters
    const bool title = c->paragraph + 1 == got.paragraph && head.text.ends_with(")") && length_of(head.text) <= longest;
    if (c->paragraph == got.paragraph || (!head.heading && !title)) {
      if (is_anchor(*c)) return nullptr;  // points of another item below it
      continue;
    }
    const bool own =
        title || (!head.titles.empty() && std::ranges::find(p.titles, head.titles.back()) != p.titles.end());
    if (own && is_weight(*c) && says_weight(*c)) found = c;
    break;
  }
  const claim* const end = r.claims.data() + r.claims.size();
  for (const claim* c = &got + 1; found != nullptr && c != end && c - &got < looked_at; ++c) {
    const paragraph& next = r.report.paragraphs[c->paragraph];
    if (next.level <= r.report.paragraphs[found->paragraph].level && next.text.ends_with(")")) break;
    if (next.heading && next.level <= r.report.paragraphs[found->paragraph].level) break;
    if (is_score(*c)) return nullptr;
  }
  return found;
}

void above_weight(inspection& r, const scored_indicator& i) {
  const claim &weight = *i.weight, &got = *i.got;
  claim named = weight;  // 满意度指标(权重10分)
  const paragraph& p = r.report.paragraphs[weight.paragraph];
  if (const std::size_t open = weight.words.from; weight.inside && open > 0 && p.text[open - 1] == '(')
    named.words.from = label_begin(p.text, p.sentences[weight.sentence].from, open - 1);
  r.tell("score/parts", strength::sure, {&named, &got},
         fmt::format("得分 {} 高于分值 {}。", printed(r, got), printed(r, weight)));
}

/** 至年末仍未完成, 尚有3期培训未开展: how it stands, and not which: 未完成的2期, 未完成率. */
std::string_view missed_in(std::string_view text, stretch at, std::size_t& where) {
  const std::string_view said = text.substr(at.from, at.to - at.from);
  for (const char* key : {"unfinished", "missed"})
    for (const std::string& w : words().of(key))
      for (std::size_t i = said.find(w); i != said.npos; i = said.find(w, i + w.size())) {
        std::size_t end = at.from + i + w.size();
        while (end < at.to && !is_mark(text, end)) end += char_bytes(text, end);
        const std::string_view what = text.substr(at.from + i + w.size(), end - at.from - i - w.size());
        const bool aim =
            std::ranges::any_of(words().of("missed aims"), [&](const auto& a) { return what.ends_with(a); });
        constexpr std::size_t longest = 4, longest_aim = 14;  // characters
        if (length_of(what) > (aim ? longest_aim : longest) || (!aim && has_any(what, words().of("no state"))))
          continue;
        const std::size_t comma = said.rfind("，", i), clause = comma == said.npos ? 0 : comma + 3;
        if (has_any(said.substr(clause, i - clause), words().of("nothing left")) ||
            has_any(said.substr(clause, i - clause), words().of("rules of points")))
          continue;
        where = at.from + i;
        return w;
      }
  return {};
}

/** What was not done, beside full marks: whether it was told. */
bool unfinished(inspection& r, const scored_indicator& i) {
  const std::string_view text = r.report.paragraphs[i.got->paragraph].text;
  std::size_t where = 0;
  const std::string_view word = missed_in(text, {i.at.from, i.got->what.at.from}, where);
  if (word.empty()) return false;
  const std::string_view since = text.substr(where, i.got->what.at.from - where);
  if (std::ranges::any_of(words().of("done since"),
                          [&](const std::string& w) { return has(since, w) && !has(since, "未" + w); }))
    return false;
  for (const claim& target : i.all)
    for (const claim& c : i.all)
      if (&c > &target && is_target(target) && target.what.what != measure::score && same_unit(c, target) &&
          !has_any(c.before, words().of("left over")) && c.what.value >= target.what.value)
        return false;  // more than was wanted, and others go on
  claim told = *i.got;
  const std::size_t comma = text.rfind("，", where);
  told.words.from = comma == text.npos || comma < i.at.from ? i.at.from : comma + 3;
  r.tell("goal/output", strength::sure, {&told}, fmt::format("写“{}”，却得满分 {}。", word, printed(r, *i.got)));
  return true;
}

void judge(inspection& r, const scored_indicator& i) {
  const claim& got = *i.got;
  const bool whole_scores = has_any(got.before, words().of("total scores"));
  const std::string_view text = r.report.paragraphs[got.paragraph].text;
  if (i.weight != nullptr && got.what.value > i.weight->what.value && got.what.value <= 2 * i.weight->what.value &&
      !has(r.sentence(got), "加分") && !(whole_scores && got.what.value > 50))
    return above_weight(r, i);
  const bool full = (i.weight != nullptr && i.weight->what.value == got.what.value) || has(got.before, "得满分") ||
                    has(got.before, "计满分");
  if (r.report.paragraphs[got.paragraph].goals || (full && unfinished(r, i))) return;
  const auto miss = miss_in(i.all);
  if (miss && !full) return told_met(r, *miss, text, got.words.to);
  if (miss)
    r.tell("goal/output", strength::sure,
           {miss->target, miss->actual, i.weight != nullptr && i.weight->paragraph == got.paragraph ? i.weight : &got,
            &got},
           fmt::format("目标 {}、实际 {} 没有达到，却得满分 {}。", printed(r, *miss->target), printed(r, *miss->actual),
                       printed(r, got)));
}

}  // namespace

bool is_target(const claim& c) {
  return has_any(c.before, words().of("target words")) || c.what.how == bound::at_least ||
         c.what.how == bound::at_most || c.what.how == bound::above || c.what.how == bound::below;
}

std::vector<scored_indicator> scored_indicators(const inspection& r) {
  std::vector<scored_indicator> out;
  const claim *const end = r.claims.data() + r.claims.size(), *from = r.claims.data();
  for (const claim* c = from; c != end; ++c) {
    const paragraph& p = r.report.paragraphs[c->paragraph];
    const bool first =
        from == r.claims.data() || (from - 1)->paragraph != c->paragraph || from->paragraph != c->paragraph;
    if (from->paragraph != c->paragraph) from = c;
    if (!is_anchor(*c)) continue;
    const claim* to = c + 1;
    if (to != end && to->paragraph == c->paragraph && is_score(*to) && !is_lost(*to) &&
        r.between(*c, *to).starts_with("("))
      ++to;  // 得10分(满分10分)
    const std::size_t begin =
        indicator_begin(p.text, first || from == r.claims.data() ? 0 : (from - 1)->what.at.to, c->what.at.from);
    while (from != c && from->what.at.from < begin) ++from;
    scored_indicator i{
        .all = {from, to}, .got = c, .weight = nullptr, .at = {begin, std::max(c->words.to, (to - 1)->words.to)}};
    i.weight = weight_in(r, i.all, *c);
    if (i.weight == nullptr && std::ranges::none_of(i.all, [&](const claim& x) { return &x != c && is_weight(x); }))
      i.weight = weight_above(r, *c);
    if (i.weight == nullptr) i.weight = weight_of_each(r, *c);
    out.push_back(i);
    c = to - 1;
    from = to;
    if (from == end) break;
  }
  return out;
}

void indicator_points(inspection& r) {
  for (const scored_indicator& i : scored_indicators(r)) judge(r, i);
}

}  // namespace changtong::claims
