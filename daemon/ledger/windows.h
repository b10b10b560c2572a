#pragma once
/** Which time a maintenance window takes out of the books (rule 8 of design.md 5). Pure. */
#include <string>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong::ledger {

/** One record of one window id for one target. */
struct window_step {
  wall_t at{};  ///< when the record was made
  period when{};
  std::string state;
};

/** `steps`: the records of one id and one target in the order they were made. Empty period: nothing is excluded. The
 * last record made strictly before the window begins decides and must say approved; once begun, it can only end
 * earlier. */
[[nodiscard]] period excluded_by(const std::vector<window_step>& steps);

}  // namespace changtong::ledger
