#pragma once
/** An evaluation plan: YAML text -> a checked plan, or every problem with file:line:column. Pure: the text is an
 * argument, no file that the plan names is opened. Keys: config/plans/example-2026.yaml.
 *
 * Checked here, so that scoring need not ask again: weights add up (E-4: third level = parent, indicators = 100 less
 * the weight of execution), targets have a sign and are not negative, rules fit signs, points of a verdict lie in
 * their tier's band (E-18), sources fit the unit of their target, and every setting without a default that some
 * indicator needs is there (reverse, score_by, group_formula, coverage_floor). */
#include <string>

#include "daemon/core/plan_tree.h"
#include "daemon/core/result.h"

namespace changtong {

using plan_result = boost::system::result<plans::plan, problems>;

/** `file` is the plan's path as given; relative paths in it are relative to its folder. Any bytes are safe. */
[[nodiscard]] plan_result read_plan(const std::string& text, const std::string& file);

}  // namespace changtong
