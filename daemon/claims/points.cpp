// Points within their weights, points taken off, weights against the hundred; a target beside its result and the word
// that says whether it was met.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

bool is_got(const claim& c) {
  return (has(c.before, "得") || c.before.ends_with("自评")) && !has_any(c.before, words().of("lost")) &&
         !has(c.before, "满分");
}
bool is_lost(const claim& c) { return has(c.before, "扣"); }
bool is_score(const claim& c) { return c.what.what == measure::score && c.what.how == bound::exactly && !c.what.range; }

/** 产出指标40分得37.5分: the weight stands just before the points that were got, in the same clause or the next. */
void pair_of(inspection& r, const claim& weight, const claim& got) {
  const std::string_view gap = r.between(weight, got);
  if (length_of(gap) > 8 || is_got(weight) || is_lost(weight) || !is_got(got)) return;
  if (has_any(gap, words().of("total markers")) || (got.inside && !weight.inside)) return;
  static const word_list alone{"自评得分", "实际得分", "综合得分", "得分", "得", "自评", "实际", "实", "分"};
  const std::string_view label = stripped(got.before, alone);
  if (std::ranges::find(alone, label) == alone.end()) return;
  // 满意度10分，自评得分97.07分: that of the whole
  if (has_any(got.before, words().of("total scores")) && got.what.value > 2 * weight.what.value) return;
  if (got.what.value > weight.what.value)
    r.tell("score/parts", strength::sure, {&weight, &got},
           fmt::format("得分 {} 高于分值 {}。", printed(r, got), printed(r, weight)));
}

/** 决策18分（满分20），过程17.5分（满分20）…，总分91分: the total of a list of scores that stands beside it. */
void total_of_scores(inspection& r, group g) {
  constexpr int most_off = 3;  // farther away some of them are not told
  list parts;
  const claim* total = nullptr;
  for (const claim& c : r.of(g)) {
    if (!is_score(c) || c.inside || is_lost(c)) continue;
    if (has_any(c.before, words().of("total scores"))) {
      if (total != nullptr) return;
      total = &c;
    } else if (total == nullptr) {
      parts.push_back(&c);
    }
  }
  if (total == nullptr || total->earlier) return;
  if (std::ranges::any_of(parts, [](const claim* c) { return is_got(*c); }))
    std::erase_if(parts, [](const claim* c) { return !is_got(*c); });
  exact sum = 0;
  for (const claim* c : parts) sum += c->what.value;
  const exact off = sum > total->what.value ? exact(sum - total->what.value) : exact(total->what.value - sum);
  if (parts.size() < 3 || off == 0 || off > most_off) return;
  parts.push_back(total);
  r.tell("score/parts", strength::sure, parts,
         fmt::format("各项得分之和是 {}分，写 {}。", shortest(sum), printed(r, *total)));
}

/** 投诉处理率（分值6分）计划100%，完成100%，得6.5分: the weight in brackets, the points later in the sentence. */
void weight_in_brackets(inspection& r, group g) {
  const claim* weight = nullptr;
  for (const claim& c : r.of(g)) {
    if (!is_score(c)) continue;
    if (c.inside && has_any(c.before, words().of("weights")) && !is_got(c)) {
      weight = &c;
    } else if (weight != nullptr && is_got(c) && !c.inside && length_of(c.before) <= 4 &&
               !has_any(c.before, words().of("total scores"))) {
      if (length_of(r.between(*weight, c)) > 8 && c.what.value > weight->what.value)
        r.tell("score/parts", strength::sure, {weight, &c},
               fmt::format("得分 {} 高于分值 {}。", printed(r, c), printed(r, *weight)));
      weight = nullptr;
    }
  }
}

/** 10分，扣1分，得9.5分: what was taken off does not lead to what is left. */
void off_of(inspection& r, const claim& weight, const claim& lost, const claim& got) {
  if (is_got(weight) || is_lost(weight) || !is_lost(lost) || !is_got(got)) return;
  if (length_of(r.between(weight, lost)) > 30 || length_of(r.between(lost, got)) > 8) return;
  if (has_any(weight.before, words().of("total markers"))) return;
  const std::string_view rest = r.sentence(got);
  const bool more_lost = has_any(rest.substr(std::min(rest.rfind(got.before), rest.size())), words().of("lost"));
  if (weight.what.value - lost.what.value != got.what.value && weight.what.value > got.what.value && !more_lost)
    r.tell("score/parts", strength::sure, {&weight, &lost, &got},
           fmt::format("{} 扣 {} 应得 {}分，写 {}。", printed(r, weight), printed(r, lost),
                       shortest(weight.what.value - lost.what.value), printed(r, got)));
}

/** 自评总分98.85分，扣分项为：…扣0.15分，…扣1分: what is left of a hundred. */
void taken_off(inspection& r, group g) {
  const std::span<const claim> all = r.of(g);
  const auto scored = std::ranges::find_if(
      all, [](const claim& c) { return is_score(c) && !is_lost(c) && has_any(c.before, words().of("total scores")); });
  const auto lost = std::ranges::find_if(all, [](const claim& c) { return is_score(c) && has(c.before, "共扣"); });
  if (scored != all.end() && lost != all.end() && scored->what.value + lost->what.value == 100) return;
  if (scored != all.end() && lost != all.end() && lost->what.value < 40)
    return r.tell("score/parts", strength::sure, {&*scored, &*lost},
                  fmt::format("100分扣 {} 应得 {}分，写 {}。", printed(r, *lost), shortest(100 - lost->what.value),
                              printed(r, *scored)));
  if (all.size() < 2 || !is_score(all[0]) || is_lost(all[0]) || !has(r.sentence(all[0]), "扣分项")) return;
  list told{&all[0]};
  exact left = 100;
  for (const claim& c : all.subspan(1)) {
    if (!is_score(c) || !is_lost(c)) return;
    if (has(c.before, "共扣")) continue;
    left -= c.what.value;
    told.push_back(&c);
  }
  if (left != all[0].what.value)
    r.tell("score/parts", strength::sure, told,
           fmt::format("100分扣去各项应得 {}分，写 {}。", shortest(left), printed(r, all[0])));
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
    list parts;
    for (const claim& c : r.of(g))
      if (is_score(c) && !is_got(c) && !is_lost(c) && !c.inside && c.noun.size() <= 3 &&
          !has_any(c.before, words().of("total markers")))
        parts.push_back(&c);
    std::erase_if(parts, [](const claim* c) { return has(c->before, "满分") || has(c->before, "总分"); });
    const bool listed = has(r.sentence(r.claims[g.from]), "满分") || has(r.sentence(r.claims[g.from]), "权重") ||
                        has(r.sentence(r.claims[g.from]), "分值");
    exact sum = 0;
    for (const claim* c : parts) sum += c->what.value;
    if (parts.size() < 3 || !listed) continue;
    for (const claim* c : parts) weights.emplace(indicator_of(c->label), c);
    for (const claim& c : r.of(g))
      if (is_score(c) && c.what.value == 100 && std::ranges::find(parts, &c) == parts.end() && sum != 100 &&
          sum >= 80 && sum <= 120) {
        list told = parts;
        told.push_back(&c);
        r.tell("score/parts", strength::sure, told, fmt::format("各项分值之和是 {}分，写满分 100 分。", shortest(sum)));
      }
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

/** 目标值≥99.9%; without a sign only where the words say that more is better. */
std::optional<bool> meets(const claim& actual, const claim& target) {
  const exact &a = actual.what.value, &t = target.what.value;
  switch (target.what.how) {
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
  if (!more_is_better(target.before + target.noun + actual.before + actual.noun)) return std::nullopt;
  return a > t;
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
      if (const auto good = meets(c, limit); good && !*good)
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
  const auto good = meets(*actual, *target);
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

void points(inspection& r) {
  for (const group g : r.sentences) {
    list scores;
    for (const claim& c : r.of(g))
      if (is_score(c)) scores.push_back(&c);
    for (std::size_t i = 0; i + 1 < scores.size(); ++i) pair_of(r, *scores[i], *scores[i + 1]);
    for (std::size_t i = 0; i + 2 < scores.size(); ++i) off_of(r, *scores[i], *scores[i + 1], *scores[i + 2]);
    taken_off(r, g);
    weight_in_brackets(r, g);
    total_of_scores(r, g);
  }
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
