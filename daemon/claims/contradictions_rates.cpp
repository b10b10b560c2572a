#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

int places(const claim& rate) {
  int n = 0;
  for (exact g = rate.what.grain; g < 1 && n < 18; g *= 10) ++n;
  return n;
}

/** The money claim of a concept next to a rate: in its sentence, its paragraph nearest before or after, else the one
 * that stands for the whole project. */
const claim* nearest_amount(const inspection& r, const claim& rate, std::string_view about, std::string_view money) {
  const claim* best = nullptr;
  auto distance = [&](const claim& c) {
    const auto a = static_cast<std::int64_t>(c.what.at.from), b = static_cast<std::int64_t>(rate.what.at.from);
    return (c.sentence == rate.sentence ? 0 : 1'000'000) + std::abs(a - b);
  };
  for (const claim& c : r.claims) {
    if (c.paragraph != rate.paragraph || c.what.what != measure::money || c.money != money || c.about != about)
      continue;
    if (c.time != rate.time || c.each || c.change || c.planned || c.what.how != bound::exactly) continue;
    if (best == nullptr || distance(c) < distance(*best)) best = &c;
  }
  return best != nullptr || !about.empty() || !rate.time.empty() ? best : standing(r, money);
}

struct verdict {
  bool right = true;
  strength how = strength::sure;
  std::string should;
};

/** Against the printed digits: half up is right; cut off, or rounded up to a full 100, is a question. */
verdict against(const claim& rate, const exact& above, const exact& below) {
  const exact percent = above * 100 / below;
  const int n = places(rate);
  verdict v{
      .right = rounded(percent, n) == rate.what.value, .how = strength::sure, .should = fixed(percent, std::max(n, 2))};
  if (!v.right && rounded(percent, n, rounding::down) == rate.what.value) v.how = strength::ask;
  if (v.right && n == 0 && rate.what.value == 100 && above != below) v = {false, strength::ask, fixed(percent, 2)};
  return v;
}

std::string rate_about(const inspection& r, const claim& rate, std::string_view word) {
  std::string_view before = rate.subject;
  const std::size_t at = before.rfind(word);
  return narrowing(before.substr(0, at == std::string_view::npos ? 0 : at), r.report, r.words);
}

bool is_rate(const claim& c) {
  return c.what.what == measure::percent && !c.planned && !c.each && !c.change && c.what.how == bound::exactly;
}

void tell_rate(inspection& r, const rate_family& f, const claim& rate, const claim& above, const claim& below,
               const verdict& v) {
  r.tell("amount/rate", v.how, {r.here(rate), r.here(above), r.here(below)},
         fmt::format("{}写 {}，按 {} ÷ {} 计算应为 {}%。", f.name, printed(r, rate), printed(r, above),
                     printed(r, below), v.should));
}

/** The count nearest before the rate whose own words name it; `not_this` cannot be both. */
const claim* nearest_count(const inspection& r, const claim& rate, const word_list& words, const claim* not_this) {
  const claim* best = nullptr;
  for (const claim& c : r.claims) {
    if (c.paragraph != rate.paragraph || c.what.at.from >= rate.what.at.from || &c == not_this) continue;
    if (c.what.what == measure::percent || c.what.what == measure::money || c.what.what == measure::score) continue;
    if (c.time != rate.time && !c.time.empty()) continue;
    const std::string own = c.subject + " " + c.object;
    if (!has_any(own, words) || has_any(own, {"不满意", "不合格", "未办结", "未整改", "率", "度"})) continue;
    best = &c;
  }
  return best;
}

/** 教师满意率 is not that of all who answered: what narrows a rate stands at one of its figures too. */
bool of_these(const inspection& r, const claim& rate, std::string_view word, const claim& above, const claim& below) {
  std::string_view about = std::string_view(rate.subject).substr(0, rate.subject.find(word));
  strip_front(about, r.words.leads);
  strip_front(about, r.words.neutral_words);
  const bool everyone = std::ranges::find(r.words.neutral_words, about) != r.words.neutral_words.end();
  if (length_of(about) < 2 || everyone) return true;
  return mentions(r.of(above).words(above.clause), about) || mentions(r.of(below).words(below.clause), about);
}

std::int64_t sentence_gap(const inspection& r, const claim& a, const claim& b) {
  const auto& s = r.of(a).sentences;
  const auto index = [&](const claim& c) { return std::ranges::find(s, c.sentence) - s.begin(); };
  return index(a) - index(b);
}

}  // namespace

void rates_against_amounts(inspection& r) {
  for (const claim& rate : r.claims) {
    if (!is_rate(rate)) continue;
    for (const rate_family& f : r.words.rates) {
      const std::string_view word = first_of(rate.subject, f.rate);
      if (!f.money || word.empty()) continue;
      const std::string about = rate_about(r, rate, word);
      const claim* above = nearest_amount(r, rate, about, f.above.front());
      const claim* below = nearest_amount(r, rate, about, f.below.front());
      if (above == nullptr || below == nullptr || below->what.value == 0) continue;
      if (const verdict v = against(rate, above->what.value, below->what.value); !v.right)
        tell_rate(r, f, rate, *above, *below, v);
      break;
    }
  }
}

void rates_against_counts(inspection& r) {
  for (const claim& rate : r.claims) {
    if (!is_rate(rate)) continue;
    for (const rate_family& f : r.words.rates) {
      const std::string_view word = first_of(rate.subject, f.rate);
      if (f.money || word.empty()) continue;
      const claim* above = nearest_count(r, rate, f.above, nullptr);
      if (above == nullptr) continue;
      const claim* below = nearest_count(r, rate, f.below, above);
      if (below == nullptr || below->what.value == 0 || above->what.value == 0) continue;
      if (!of_these(r, rate, word, *above, *below)) break;
      if (sentence_gap(r, rate, *above) > 1 || sentence_gap(r, *above, *below) > 1) continue;
      if (above->what.unit != below->what.unit && above->what.what != below->what.what) continue;
      if (const verdict v = against(rate, above->what.value, below->what.value); !v.right)
        tell_rate(r, f, rate, *above, *below, v);
      break;
    }
  }
}

namespace {

/** The two figures that 增长 R% compares: 由 A 增加到 B, or B，比上年的 A. */
std::pair<const claim*, const claim*> grown(const inspection& r, const claim& rate) {
  std::vector<const claim*> before;
  for (const claim& c : r.claims)
    if (c.paragraph == rate.paragraph && c.sentence == rate.sentence && c.what.at.from < rate.what.at.from &&
        c.what.what != measure::percent)
      before.push_back(&c);
  if (before.size() == 1 && before.front()->what.what == measure::money && !before.front()->time.empty() &&
      before.front()->about.empty() && has_any(rate.subject, {"同比", "比上年", "较上年"}))
    return {before.front(), standing(r, before.front()->money)};  // 上年同口径 A，同比增长
  if (before.size() < 2) return {};
  const claim* last = before.back();
  const claim* first = before[before.size() - 2];
  if (last->what.unit != first->what.unit || last->what.how != bound::exactly || first->what.how != bound::exactly)
    return {};
  const std::string_view between =
      std::string_view(r.of(rate).text).substr(first->what.at.to, last->what.at.from - first->what.at.to);
  const std::string_view lead =
      std::string_view(r.of(rate).text).substr(rate.sentence.from, first->what.at.from - rate.sentence.from);
  const bool up = has_any(between, {"增加到", "增长到", "提高到", "提升到", "下降到", "减少到", "降低到", "上升到"}) &&
                  has_any(lead, {"由", "从"});
  if (up) return {first, last};
  if (has_any(between, {"比上年", "较上年", "比去年", "较去年", "比上一年"}) && last->time != first->time)
    return {last, first};
  return {};
}

}  // namespace

void growth_against_figures(inspection& r) {
  for (const claim& rate : r.claims) {
    if (rate.what.what != measure::percent || rate.each || rate.what.how != bound::exactly) continue;
    const std::string_view word = first_of(rate.subject, {"增长", "下降", "减少", "降低", "提高", "增加"});
    if (word.empty() || length_of(rate.subject) > 8) continue;
    const auto [from, to] = grown(r, rate);
    if (from == nullptr || to == nullptr || from->what.value == 0) continue;
    exact change = to->what.value - from->what.value;
    if (change < 0) change = -change;
    const verdict v = against(rate, change, from->what.value);
    if (v.right || rate.what.value == 100) continue;
    r.tell("amount/rate", v.how, {r.here(rate), r.here(*from), r.here(*to)},
           fmt::format("由 {} 到 {}，{}写 {}，计算应为 {}%。", printed(r, *from), printed(r, *to), word,
                       printed(r, rate), v.should));
  }
}

/** 完成 401 条，完成目标 400 条的 100.25%. */
void shares_of_goals(inspection& r) {
  for (std::size_t i = 1; i < r.claims.size(); ++i) {
    const claim& rate = r.claims[i];
    const claim& goal = r.claims[i - 1];
    if (rate.what.what != measure::percent || rate.what.how != bound::exactly || goal.paragraph != rate.paragraph)
      continue;
    const std::string_view between =
        std::string_view(r.of(rate).text).substr(goal.what.at.to, rate.what.at.from - goal.what.at.to);
    if (between != "的" || !has_any(goal.subject, {"目标", "计划", "任务"}) || goal.what.value == 0) continue;
    for (std::size_t k = i - 1; k-- > 0;) {
      const claim& done = r.claims[k];
      if (done.paragraph != rate.paragraph || !(done.sentence == rate.sentence)) break;
      if (done.what.unit != goal.what.unit || done.part) continue;
      if (const verdict v = against(rate, done.what.value, goal.what.value); !v.right)
        r.tell("amount/rate", v.how, {r.here(done), r.here(rate)},
               fmt::format("{} 是目标 {} 的 {}%，却写 {}。", printed(r, done), printed(r, goal), v.should,
                           printed(r, rate)));
      break;
    }
  }
}

}  // namespace changtong::claims
