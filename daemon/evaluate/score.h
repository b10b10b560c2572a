#pragma once
/** Points of one indicator and of the money row (rules.md 3.5), exact until they are rounded as the plan names. Pure.
 *
 * A = target, B = actual, w = weight. Comparisons are made on A and B themselves, never on what is printed (E-23), so
 * points may be full where the target was missed: then the remark says so (E-22).
 *
 *   positive   B >= A: w; else B/A · w          (A = 0: w, with the remark that the target asks nothing)
 *   equal      A > 0: as positive; A = 0: B <= 0: w, else 0
 *   reverse_1  B <= A: w; A < B < 2A: (1 − (B−A)/A) · w; else 0
 *   reverse_2  B <= A: w; else A/B · w          (A = 0: 0)
 *   punctual   B days of delay: 0: w; else 0
 *   range      A <= B <= upper: w; below as positive, above as reverse_1 of its upper end
 *
 * A negative target has no proportion: reached w, else 0.
 *
 * A negative actual value counts as 0 where the target is none (E-19); more than the target is worth no more than w
 * (E-20); > and < are read as ≥ and ≤ and the remark says so. */
#include <string>
#include <vector>

#include "daemon/core/plan_tree.h"
#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"

namespace changtong::evaluate {

struct scored {
  exact points;                      ///< rounded
  bool met = false;                  ///< the target, before any rounding
  std::string method;                ///< with the numbers put in
  std::vector<std::string> remarks;  ///< strict sign, empty target, E-22
};

/** `r` is not qualitative; weight >= 0. */
[[nodiscard]] scored score(plans::rule r, const plans::target& target, const exact& actual, const exact& weight,
                           const plans::point_scale& how);

/** What people gave instead (E-23); more than the rule gives is a problem. */
[[nodiscard]] result<scored> score_given(const plans::given_points& given, scored by_rule);

/** E-18: the person's points, or a problem that names the band they lie outside of. They are not rounded. */
[[nodiscard]] result<scored> score_qualitative(const plans::assessment& v, const exact& weight);

/** E-10 … E-12: never above `weight`. A budget that is not above 0 is a problem, never 0 points. */
struct scored_execution {
  exact rate;  ///< percent, not rounded
  scored points;
};
[[nodiscard]] result<scored_execution> score_execution(const exact& executed, const exact& budget, const exact& weight,
                                                       const plans::point_scale& how);

/** E-31 for numbers: met green, missed with points left yellow, without red; for tiers their own colours. */
[[nodiscard]] light light_of(const scored& s);
[[nodiscard]] light light_of(plans::tier t);

/** 优 for [90, 100] and so on; bands half-open, so that 89.5 has one. */
[[nodiscard]] std::string grade_of(const exact& total, const std::vector<plans::grade>& bands);

[[nodiscard]] std::string text_of(const plans::point_scale& how);  ///< 四舍五入到两位小数
/** With so many places, or in full where there are more. */
[[nodiscard]] printed_number printed_points(const exact& points, int places);

}  // namespace changtong::evaluate
