// Points within their weights; a target beside its result and the word that says whether it was met.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

/** Points that were got against their weight: 产出指标40分得37.5分, side by side;
 * 投诉处理率（分值6分）计划100%，完成100%，得6.5分, the weight in brackets. */
void within_weight(inspection& r, group g) {
  static const word_list alone{"自评得分", "实际得分", "综合得分", "得分", "得", "自评", "实际", "实", "分"};
  const claim *weight = nullptr, *last = nullptr;
  for (const claim& c : r.of(g)) {
    if (!is_score(c)) continue;
    const claim* before = std::exchange(last, &c);
    if (!is_got(c)) {
      if (!is_lost(c)) weight = &c;
      continue;
    }
    if (weight == nullptr) continue;
    const std::string_view gap = r.between(*weight, c);
    const bool side_by_side = weight == before && length_of(gap) <= 8 && !has_any(gap, words().of("total markers")) &&
                              (!c.inside || weight->inside) &&
                              std::ranges::find(alone, stripped(c.before, alone)) != alone.end() &&
                              // 满意度10分，自评得分97.07分: that of the whole
                              !(has_any(c.before, words().of("total scores")) && c.what.value > 2 * weight->what.value);
    const bool in_brackets = weight->inside && has_any(weight->before, words().of("weights")) && !c.inside &&
                             length_of(gap) > 8 && length_of(c.before) <= 4 &&
                             !has_any(c.before, words().of("total scores"));
    if ((side_by_side || in_brackets) && c.what.value > weight->what.value)
      r.tell("score/parts", strength::sure, {weight, &c},
             fmt::format("得分 {} 高于分值 {}。", printed(r, c), printed(r, *weight)));
    weight = nullptr;
  }
}

std::string indicator_of(std::string_view label) {
  for (const char* tail : {"指标得分", "类指标", "指标", "得分", "类"})
    if (const auto at = label.find(tail); at != label.npos) label = label.substr(0, at);
  return std::string(stripped(label, words().of("neutral")));
}

/** Weights that the text lists once against the points that it gives later, under the same name. */
void weights_of(inspection& r) {
  std::map<std::string, const claim*> weights;
  for (const group g : r.sentences) {
    const std::string_view sentence = r.sentence(r.claims[g.from]);
    if (!has_any(sentence, words().of("weights"))) continue;
    list parts;
    for (const claim& c : r.of(g))
      if (is_score(c) && !is_got(c) && !is_lost(c) && !c.inside && c.noun.size() <= 3 && c.what.value != 100)
        parts.push_back(&c);
    if (parts.size() < 3) continue;
    for (const claim* c : parts) weights.emplace(indicator_of(c->label), c);
  }
  for (const claim& c : r.claims) {
    if (!is_score(c) || !(is_got(c) || has(c.before, "得分"))) continue;
    const auto w = weights.find(indicator_of(c.label));
    if (w != weights.end() && !w->first.empty() && w->second->paragraph != c.paragraph &&
        c.what.value > w->second->what.value)
      r.tell("score/parts", strength::sure, {w->second, &c},
             fmt::format("“{}”得分 {} 高于分值 {}。", w->first, printed(r, c), printed(r, *w->second)));
  }
}

bool is_target(const claim& c) {
  return has_any(c.before, words().of("target words")) || c.what.how == bound::at_least ||
         c.what.how == bound::at_most || c.what.how == bound::above || c.what.how == bound::below;
}

/** 目标值≥99.9%，实际99.82%，分值10分，得分10分. */
bool full_marks(inspection& r, std::span<const claim> all, std::string_view words_of_it, const claim& target,
                const claim& actual) {
  const claim *weight = nullptr, *got = nullptr;
  for (const claim& c : all) {
    if (!is_score(c) || is_lost(c)) continue;
    (is_got(c) || has(c.before, "得满分") ? got : weight) = &c;
  }
  const bool full =
      got != nullptr && ((weight != nullptr && weight->what.value == got->what.value) || has(words_of_it, "得满分"));
  if (full)
    r.tell("goal/output", strength::sure, {&target, &actual, got},
           fmt::format("目标 {}、实际 {} 没有达到，却得满分 {}。", printed(r, target), printed(r, actual),
                       printed(r, *got)));
  return full;
}

/** 各季度均不低于99.9%: each of the rates that were listed before it. */
void all_of_them(inspection& r, group g) {
  for (std::size_t i = g.from + 2; i < g.to; ++i) {
    const claim& limit = r.claims[i];
    if (limit.what.what != measure::percent || limit.what.how == bound::exactly || limit.what.how == bound::about ||
        !has(limit.before, "均") || has_any(limit.before, words().of("quarters")) ||
        has_any(limit.before, words().of("halves")))
      continue;
    for (std::size_t k = g.from; k < i; ++k) {
      const claim& c = r.claims[k];
      if (c.what.what != measure::percent || c.what.how != bound::exactly || c.inside || c.planned || c.earlier ||
          direction_word(c.before))
        continue;
      if (const auto good = meets(c.what, limit.what, limit.before + c.before); good && !*good)
        r.tell("goal/output", strength::sure, {&c, &limit},
               fmt::format("{} 不在“均{}”之内。", printed(r, c), printed(r, limit)));
    }
  }
}

/** One result and one target of one unit, and a word that says met or missed. Parted by ；, each is its own. */
void target_in(inspection& r, std::span<const claim> all, std::string_view words_of_it) {
  const claim *target = nullptr, *actual = nullptr;
  for (const claim& c : all) {
    if (c.what.what == measure::points_apart || c.what.what == measure::score || c.inside || c.earlier || c.what.range)
      continue;
    if (is_target(c) && !has(c.before, "实际")) {
      if (target != nullptr) return;
      target = &c;
    } else if (target == nullptr || same_unit(c, *target)) {
      if (actual != nullptr && (target == nullptr || same_unit(*actual, *target))) return;
      actual = &c;
    }
  }
  if (target == nullptr || actual == nullptr || !same_unit(*target, *actual) || actual->what.how != bound::exactly)
    return;
  if (direction_word(actual->before)) return;
  const auto good = meets(actual->what, target->what, target->before + target->noun + actual->before + actual->noun);
  if (!good) return;
  if (!*good && full_marks(r, all, words_of_it, *target, *actual)) return;
  const std::string_view missed = first_of(words_of_it, words().of("missed"));
  std::string rest(words_of_it);
  if (!missed.empty()) rest.erase(rest.find(missed), missed.size());
  const std::string_view met = missed.empty() ? first_of(rest, words().of("met")) : std::string_view();
  if ((!met.empty() && !*good) || (!missed.empty() && *good && missed != "低于目标"))
    r.tell("goal/output", strength::sure, {target, actual},
           fmt::format("目标 {}、实际 {}，却写“{}”。", printed(r, *target), printed(r, *actual),
                       met.empty() ? missed : met));
}

}  // namespace

bool more_is_better(std::string_view about) {
  return has_any(about, words().of("higher better")) && !has_any(about, words().of("lower better"));
}

bool direction_word(std::string_view before) {
  return has_any(before, words().of("against")) || has(before, "增长") || has(before, "下降") || has(before, "增加") ||
         has(before, "减少");
}

bool is_got(const claim& c) {
  return (has(c.before, "得") || c.before.ends_with("自评")) && !has_any(c.before, words().of("lost")) &&
         !has(c.before, "满分");
}
bool is_lost(const claim& c) { return has(c.before, "扣"); }
bool is_score(const claim& c) { return c.what.what == measure::score && c.what.how == bound::exactly && !c.what.range; }

std::optional<bool> meets(const quantity& actual, const quantity& target, std::string_view about) {
  const exact &a = actual.value, &t = target.value;
  switch (target.how) {
    case bound::at_least:
      return a >= t;
    case bound::above:
      return a > t;
    case bound::at_most:
      return a <= t;
    case bound::below:
      return a < t;
    case bound::exactly:
      break;
    case bound::about:
      return std::nullopt;
  }
  if (a == t) return true;
  if (t == 0) return false;  // none of it: an accident, a complaint (E-15)
  return more_is_better(about) ? std::optional(a > t) : std::nullopt;
}

void points(inspection& r) {
  for (const group g : r.sentences) within_weight(r, g);
  weights_of(r);
}

void targets(inspection& r) {
  for (const group g : r.sentences) {
    if (r.report.paragraphs[r.claims[g.from].paragraph].goals) continue;
    all_of_them(r, g);
    const paragraph& p = r.report.paragraphs[r.claims[g.from].paragraph];
    const stretch s = p.sentences[r.claims[g.from].sentence];
    for (std::size_t from = s.from; from < s.to;) {
      const std::size_t to = std::min(p.text.find("；", from), s.to);
      const auto begin = std::ranges::find_if(r.of(g), [&](const claim& c) { return c.what.at.from >= from; });
      const auto end = std::find_if(begin, r.of(g).end(), [&](const claim& c) { return c.what.at.from >= to; });
      if (end - begin >= 2) target_in(r, {begin, end}, p.words({from, to}));
      from = to + 3;
    }
  }
}

}  // namespace changtong::claims
