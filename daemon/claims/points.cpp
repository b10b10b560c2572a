// Points and what they are made of: what was taken off, the hundred, the rate by which they are given.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

/** 满分10分，扣1.5分，得9分: what was taken off until the next weight, also behind the points. */
void taken_off(inspection& r, const scored_indicator& i) {
  const claim *weight = i.weight, &got = *i.got, *const end = r.claims.data() + r.claims.size();
  if (weight == nullptr || weight->paragraph != got.paragraph || got.what.value > weight->what.value ||
      (has_any(got.before, words().of("total scores")) && !same_sentence(got, *weight)) ||
      has_any(r.sentence(got), words().of("other points")))
    return;
  std::vector<const claim*> told{weight, &got};
  exact lost = 0;
  for (const claim* c = std::min(weight, &got) + 1; c != end && (c < &got || same_sentence(*c, got)); ++c) {
    if (c > &got && is_score(*c) && is_got(*c)) return;  // 5月扣2分得98分，6月扣3.5分得96.5分
    if (!is_score(*c) || c == &got || c == weight) continue;
    if (has(c->before, "另")) return;  // 另在时效指标中扣0.5分
    if (!is_lost(*c)) break;           // another weight
    lost += c->what.value;
    told.push_back(c);
  }
  // 扣3.5分，其中过程扣1分、产出扣2.5分: the whole and its parts; of one of several subjects
  exact outside = 0;
  for (std::size_t k = 2; k < told.size(); ++k) {
    if (told[k]->what.value * 2 == lost && weight->what.value - told[k]->what.value == got.what.value) return;
    outside += told[k]->inside ? exact(0) : told[k]->what.value;
  }
  if (weight->what.value - outside == got.what.value || has(got.before, "分别")) return;
  if (lost > 0 && weight->what.value - lost != got.what.value)
    r.tell("score/parts", strength::sure, told,
           fmt::format("{}扣去 {}分应得 {}分，写 {}。", printed(r, *weight), shortest(lost),
                       shortest(weight->what.value - lost), printed(r, got)));
}

/** 预算执行率为82.4%。预算执行率指标分值10分，得分=预算执行率×分值，得10分: by a rate that the paragraph tells. */
void by_their_rate(inspection& r, const scored_indicator& i) {
  const claim *weight = i.weight, &got = *i.got;
  if (weight == nullptr || weight->paragraph != got.paragraph || weight > &got) return;
  const std::string_view rule = r.between(*weight, got);
  if (!(has_any(rule, words().of("by the rate")) || has_any(rule, words().of("in proportion")))) return;
  const auto stem =
      std::ranges::find_if(words().of("rates of points"), [&](const std::string& w) { return has(weight->before, w); });
  if (stem == words().of("rates of points").end()) return;
  const claim* rate = nullptr;
  bool fits = false;
  for (const claim* c : r.before(got, 0)) {
    if (c->what.what != measure::percent || c->what.how != bound::exactly || !has(c->before, *stem)) continue;
    rate = c;
    fits |= prints(got.what, weight->what.value * c->what.value / 100);
  }
  if (rate != nullptr && !fits && rate->what.value < 100)
    r.tell("score/parts", strength::sure, {rate, weight, &got},
           fmt::format("{} × {} = {}分，写 {}。", printed(r, *rate), printed(r, *weight),
                       fixed(weight->what.value * rate->what.value / 100, 2), printed(r, got)));
}

/** 共扣分3.5分，自评得分96.5分: of a hundred, where the paragraph says that it is of a hundred. */
void off_a_hundred(inspection& r, group g) {
  const auto all = r.of(g);
  const auto lost = std::ranges::find_if(
      all, [](const claim& c) { return is_score(c) && has_any(c.before, words().of("lost in all")); });
  if (lost == all.end()) return;
  constexpr std::size_t longest_alone = 4;  // characters: 自评得
  const bool hundred = std::ranges::any_of(r.before(*lost, 0), [](const claim* c) {
    return is_score(*c) && c->what.value == 100 && (has(c->before, "满分") || has(c->before, "总分"));
  });
  const auto got = std::find_if(lost + 1, all.end(), is_score);  // the next points: nothing was added meanwhile
  if (got != all.end() && !is_lost(*got) && lost->what.value + got->what.value != 100 &&
      (has_any(got->before, words().of("total scores")) ||
       (hundred && is_got(*got) && length_of(got->before) <= longest_alone)))
    r.tell("score/parts", hundred ? strength::sure : strength::ask, {&*lost, &*got},
           fmt::format("100分扣去 {} 应得 {}分，写 {}。", printed(r, *lost), shortest(100 - lost->what.value),
                       printed(r, *got)));
}

/** 扣分事项共三项：…，扣2分；…，扣1.5分；…，扣3分，合计扣6.5分, in its paragraph; or 共扣7.5分：, and the numbered
 * paragraphs behind it with one each. */
void all_taken_off(inspection& r, const claim& whole) {
  if (!is_score(whole) || !has_any(whole.before, words().of("lost in all"))) return;
  constexpr std::size_t most = 12;         // paragraphs
  constexpr std::ptrdiff_t farthest = 40;  // figures
  std::vector<const claim*> parts;
  const auto take = [&](const claim& c) {
    if (is_score(c) && is_lost(c) && !has_any(c.before, words().of("lost in all"))) parts.push_back(&c);
  };
  const claim* const end = r.claims.data() + r.claims.size();
  const auto here = [&](const claim* c) { return c->paragraph == whole.paragraph && std::abs(c - &whole) < farthest; };
  for (const claim* c = &whole; c != r.claims.data() && here(c - 1);) take(*--c);
  if (parts.empty() && r.report.paragraphs[whole.paragraph].text.ends_with("："))
    for (const claim* c = &whole + 1; c != end && c->paragraph <= whole.paragraph + most; ++c) {
      if (c->paragraph == whole.paragraph) continue;
      if (r.report.paragraphs[c->paragraph].level == 0) break;
      take(*c);
    }
  if (const claim* next = &whole + 1; parts.empty() && next != end && here(next)) {
    for (const claim* c = next; c != end && here(c); ++c) take(*c);  // 扣分点只有三处：…
    bool as_many = r.between(whole, *next).starts_with("，即");
    const auto counts = [&](const claim& c) {
      return c.what.what == measure::count && c.what.value == exact(parts.size());
    };
    for (const claim* c = next; c != end && here(c); ++c) as_many |= counts(*c);
    for (const claim* c = &whole; c != r.claims.data() && here(c - 1);) as_many |= counts(*--c);
    if (!as_many) return;
  }
  exact sum = 0;
  for (const claim* c : parts) sum += c->what.value;
  if (parts.size() < 2 || sum == whole.what.value || !near(sum, whole.what.value, 40)) return;
  parts.push_back(&whole);
  r.tell("score/parts", strength::sure, parts,
         fmt::format("各项扣分之和是 {}分，写 {}。", shortest(sum), printed(r, whole)));
}

}  // namespace

bool is_got(const claim& c) {
  return (has(c.before, "得") || std::ranges::any_of(words().of("ends of points"),
                                                     [&](const std::string& w) { return c.before.ends_with(w); })) &&
         !has_any(c.before, words().of("lost")) && (!has(c.before, "满分") || has(c.before, "计满分"));
}
bool is_lost(const claim& c) { return has(c.before, "扣"); }
bool is_score(const claim& c) { return c.what.what == measure::score && c.what.how == bound::exactly && !c.what.range; }

void points(inspection& r) {
  for (const claim& c : r.claims) all_taken_off(r, c);
  for (const scored_indicator& i : scored_indicators(r)) taken_off(r, i), by_their_rate(r, i);
  for (const group g : r.sentences) off_a_hundred(r, g);
}

}  // namespace changtong::claims
