#pragma once
/** Target and actual value of a row as numbers, and what points the rules give. Pure. */
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/plan.h"
#include "daemon/core/plan_tree.h"
#include "daemon/forms/form.h"

namespace changtong::forms {

/** What a form's target is; `sure` is false where it has no sign: 365天 may be meant as ≥ or as =. */
struct wanted {
  plans::target target;
  bool sure = true;
};
/** Of a text that says nothing: none. */
[[nodiscard]] std::optional<wanted> wanted_of(const indicator_line& line, int year);

/** The actual value in the target's own unit, or a day. None: a text, another unit, or two ways to read it. */
struct reached {
  exact number;         ///< of a day: how many days after the target's
  std::string day;      ///< 2024-05-20
  std::string bound;    ///< as written, where it is only a bound: 超过10万次
  bool sure = true;     ///< whether `bound` settles that the target is reached
  bool missed = false;  ///< or that it is missed
};
[[nodiscard]] std::optional<reached> reached_of(const indicator_line& line, const plans::target& target, int year);

/** Points by each rule that fits the sign: one, of ≤ two (E-16, E-17). Not rounded. None of a bound that does not
 * settle whether the target is reached. */
struct ruled {
  plans::rule rule;
  exact points;
  bool met = false;
};
[[nodiscard]] std::vector<ruled> rules_of(const plans::target& target, const reached& actual, const exact& weight);

/** Whether `printed` may be `exactly` as people print it: rounded or cut to its own places (at most `most` of them). */
[[nodiscard]] bool printed_as(const spot& printed, const exact& exactly, int least_places = 0);

/** Which tier a row of text says of itself: by the tier's own words, or reached where it says what its target does. */
[[nodiscard]] std::optional<plans::tier> tier_said(const std::string& actual, const plans::target& target);

}  // namespace changtong::forms
