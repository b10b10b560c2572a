#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

bool same_sentence(const claim& a, const claim& b) { return a.paragraph == b.paragraph && a.sentence == b.sentence; }

/** The points that the project got, not the most there are and not a survey's: 自评得分 98.10 分, but neither 满分 100
 * 分 nor 四个季度考核得分为 91 分. */
bool is_total(const inspection& r, const claim& c) {
  if (c.what.what != measure::score || c.planned || c.part || c.what.how != bound::exactly || c.what.value <= 20)
    return false;
  const std::string_view sentence = r.of(c).words(c.sentence);
  if (r.of(c).part == chapter::method || has_any(sentence, {"满分", "权重", "评分标准", "分值分别", "分别为"}))
    return false;
  const std::string_view word = first_of(c.subject, {"得分", "总分", "自评分", "评分", "自评得"});
  if (word.empty() || has_any(c.subject, r.words.indicator_names) || has_any(c.subject, {"分值", "指标", "扣"}))
    return false;
  const std::string_view before = std::string_view(c.subject).substr(0, c.subject.find(word));
  return narrowing(before, r.report, r.words).empty() || has_any(before, {"自评", "综合", "项目", "评价", "绩效"});
}

/** First-level indicators with their points, scattered over the chapters: one figure each. */
std::vector<const claim*> points_of_indicators(const inspection& r) {
  std::map<std::string_view, const claim*> points;
  for (const claim& c : r.claims) {
    if (c.what.what != measure::score || c.planned) continue;
    const bool given = has_any(c.subject, {"得分"}) || c.subject.ends_with("得");
    if (const auto name = first_of(c.subject, r.words.indicator_names); given && !name.empty())
      points.emplace(name, &c);
  }
  std::vector<const claim*> out;
  for (const auto& [name, c] : points) out.push_back(c);
  return out;
}

/** Parts that stand with their total in one list are summed there (sums_against_parts). */
void scattered_parts(inspection& r, const claim& total) {
  const std::vector<const claim*> parts = points_of_indicators(r);
  const bool listed = std::ranges::any_of(parts, [](const claim* c) { return c->part; });
  exact sum = 0;
  std::vector<passage> at{r.here(total)};
  for (const claim* c : parts) sum += c->what.value, at.push_back(r.here(*c));
  if (parts.size() < 4 || listed || sum == total.what.value) return;
  r.tell("score/parts", strength::sure, std::move(at),
         fmt::format("总分写 {}，{} 项一级指标得分之和为 {} 分。", printed(r, total), parts.size(), shortest(sum)));
}

void points_above_weight(inspection& r) {
  for (const claim* score : points_of_indicators(r)) {
    const std::string_view name = first_of(score->subject, r.words.indicator_names);
    for (const claim& weight : r.claims) {
      if (weight.what.what != measure::score || has_any(weight.subject, {"得", "扣"})) continue;
      if (first_of(weight.subject, r.words.indicator_names) != name || length_of(weight.subject) > length_of(name) + 6)
        continue;
      if (weight.what.value >= score->what.value) continue;
      r.tell("score/parts", strength::sure, {r.here(weight), r.here(*score)},
             fmt::format("“{}”满分 {}，却得 {}。", name, printed(r, weight), printed(r, *score)));
      break;
    }
  }
}

/** 分值 10 分，得 12 分. */
void points_above_their_own(inspection& r) {
  for (std::size_t i = 1; i < r.claims.size(); ++i) {
    const claim& weight = r.claims[i - 1];
    const claim& score = r.claims[i];
    if (weight.what.what != measure::score || score.what.what != measure::score || !same_sentence(weight, score))
      continue;
    if (!has_any(weight.subject, {"分值", "满分", "权重"}) || !has_any(score.subject, {"得"})) continue;
    if (has_any(score.subject, {"总", "综合"}) || score.what.value <= weight.what.value) continue;
    r.tell("score/parts", strength::sure, {r.here(weight), r.here(score)},
           fmt::format("分值 {}，却得 {}。", printed(r, weight), printed(r, score)));
  }
}

/** 扣 2.4 分，得 97.6 分: together 100. */
void points_and_deductions(inspection& r) {
  for (const claim& c : r.claims) {
    if (!is_total(r, c)) continue;
    for (const claim& d : r.claims) {
      if (d.what.what != measure::score || !same_sentence(c, d) || &c == &d || !has_any(d.subject, {"扣分", "共扣"}))
        continue;
      if (c.what.value + d.what.value == 100) continue;
      r.tell("score/parts", strength::ask, {r.here(c), r.here(d)},
             fmt::format("得 {} 与扣 {} 相加为 {}，不是 100 分。", printed(r, c), printed(r, d),
                         shortest(c.what.value + d.what.value)));
    }
  }
}

/** 预算执行率得 9.75 分: 10 × the rate (rules.md E-1, E-10), unless another weight is told. */
void points_of_execution(inspection& r) {
  const claim* spent = standing(r, "支出");
  const claim* budget = standing(r, "预算");
  if (spent == nullptr || budget == nullptr || budget->what.value == 0) return;
  const exact points = std::min(exact(10), exact(10 * spent->what.value / budget->what.value));
  for (const claim& c : r.claims) {
    if (c.what.what != measure::score || c.planned || !has_any(c.subject, {"执行率"})) continue;
    if (!has_any(c.subject, {"得"}) || has_any(c.subject, {"扣"}) || c.what.value > 10 || c.what.value < 5) continue;
    if (rounded(points, 2) == c.what.value || rounded(points, 1) == c.what.value) continue;
    r.tell("score/parts", strength::ask, {r.here(c), r.here(*spent), r.here(*budget)},
           fmt::format("按 10 分 × 执行率计算，预算执行率应得 {} 分，却写 {}。", fixed(points, 2), printed(r, c)));
  }
}

/** A sentence that names a shortcoming, in the chapter of problems, and says nothing of points taken off. */
void problems_without_loss(inspection& r, const claim& total, std::string_view why) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    if (p.part != chapter::problems || p.heading) continue;
    for (const stretch& s : p.sentences)
      if (has_any(p.words(s), r.words.problem_words) && !has_any(p.words(s), {"扣"})) {
        r.tell("claim/claim", strength::ask, {r.here(total), inspection::all_of(i, s)},
               fmt::format("列出了问题，而总分 {} {}。", printed(r, total), why));
        return;
      }
  }
}

/** With 10 points for execution and the rest in full, the total is 90 + 10 × rate (rules.md E-10, 3.9). */
void total_against_execution(inspection& r, const claim& total) {
  const claim* spent = standing(r, "支出");
  const claim* budget = standing(r, "预算");
  const bool below =
      spent != nullptr && budget != nullptr && budget->what.value > 0 && spent->what.value < budget->what.value;
  const exact best = below ? exact(90 + 10 * spent->what.value / budget->what.value) : exact(100);
  if (total.what.value > rounded(best, 2))
    r.tell("score/parts", total.what.value == 100 ? strength::sure : strength::ask,
           {r.here(total), r.here(*spent), r.here(*budget)},
           fmt::format("预算执行率不足 100%，按执行率 10 分计，总分至多 {} 分，却写 {}。", fixed(best, 2),
                       printed(r, total)));
  else if (total.what.value == rounded(best, 2))
    problems_without_loss(r, total, below ? "恰为 90 + 10 × 执行率，即没有一项指标因此扣分" : "没有因此扣分");
}

}  // namespace

void scores_against_parts(inspection& r) {
  points_above_weight(r);
  points_above_their_own(r);
  points_and_deductions(r);
  points_of_execution(r);
  const auto total = std::ranges::find_if(r.claims, [&](const claim& c) { return is_total(r, c); });
  if (total == r.claims.end()) return;
  scattered_parts(r, *total);
  for (const claim& c : r.claims)
    if (is_total(r, c) && !agree(c.what, total->what))
      r.tell("score/parts", strength::sure, {r.here(*total), r.here(c)},
             fmt::format("总分前后不一：{} 与 {}。", printed(r, *total), printed(r, c)));
  total_against_execution(r, *total);
}

}  // namespace changtong::claims
