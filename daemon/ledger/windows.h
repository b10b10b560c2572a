#pragma once
/** Maintenance windows 计划停机/割接: which time they take out of the books (design.md 5, rule 8; rules.md 4.1 EXCLUDED
 * and L-5), and where they stand. Pure: the time is an argument. */
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/record.h"
#include "daemon/core/window.h"
#include "daemon/ledger/entry_rules.h"

namespace changtong::ledger {

/** One record of one window id for one target. */
struct window_step {
  wall_t at{};  ///< when the record was made
  period when{};
  window_state state = window_state::requested;
};
[[nodiscard]] window_step step_of(const window_record& r);
/** Of one id, by target, in the order they were made. */
[[nodiscard]] std::map<std::string, std::vector<window_step>> steps_by_target(std::span<const window_record> records);

/** `steps`: the records of one id and one target in the order they were made. Empty period: nothing is excluded.
 *
 * The last record made strictly before the window begins decides and must say approved; once begun, it can only end
 * earlier, and not before the instant of the record that ends it. With late_approval::allow an approval made later
 * admits the whole of its period, and what was made after that can likewise only end it earlier. With a lead, an
 * approval made less than that before the window begins excludes nothing. */
[[nodiscard]] period excluded_by(const std::vector<window_step>& steps, const window_rules& rules = {});

/** By target or every_target, sorted and disjoint: windows that adjoin are one period, and a target's are joined with
 * everybody's. */
using excluded_times = std::map<std::string, std::vector<period>, std::less<>>;
/** What windows take out of the books. `records`: of all ids, in the order they were made. */
[[nodiscard]] excluded_times all_excluded(std::span<const window_record> records, std::vector<policy_version> policies);

/** Where the window stands for one target; `steps` as above, at least one. Whoever shows a window asks here. A revision
 * that asks for no time but what is excluded (it only ends a window earlier that had begun) needs no approval and
 * leaves the window approved; any other one is `revised`: it waits for its approval. */
[[nodiscard]] window_state standing_of(const std::vector<window_step>& steps, const window_rules& rules);

/** What holds for a window that begins then. */
using rules_by_begin = std::function<window_rules(wall_t begins)>;
/** `records`: all of one id, in the order they were made, at least one. `now`: a window that nobody approved is late
 * once it has begun. It waits for an approval if it does so for any target that was not dropped. */
[[nodiscard]] window_story story_of(
    std::span<const window_record> records, wall_t now,
    const rules_by_begin& rules = [](wall_t) { return window_rules(); });

}  // namespace changtong::ledger
