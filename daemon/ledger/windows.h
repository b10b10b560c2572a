#pragma once
/** Maintenance windows 计划停机/割接: which time they take out of the books (design.md 5, rule 8; rules.md 4.1 EXCLUDED
 * and L-5). Pure: the time is an argument. */
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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

/** `steps`: the records of one id and one target in the order they were made. Empty period: nothing is excluded.
 *
 * The last record made strictly before the window begins decides and must say approved; once begun, it can only end
 * earlier, and not before the instant of the record that ends it. With late_approval::allow an approval made later
 * admits the whole of its period, and what was made after that can likewise only end it earlier. With a lead, an
 * approval made less than that before the window begins excludes nothing. */
[[nodiscard]] period excluded_by(const std::vector<window_step>& steps, const window_rules& rules = {});

/** `records`: all of one id, in the order they were made, at least one. `now`: a window that nobody approved is late
 * once it has begun. */
[[nodiscard]] window_story story_of(std::span<const window_record> records, wall_t now);

}  // namespace changtong::ledger
