#pragma once
/** The days of operation of a period, from the books: coverage by day, duty records, and the rules of each day's
 * policy.
 */
#include <vector>

#include "daemon/availability/duty_days.h"
#include "daemon/ledger/reader.h"

namespace changtong::ledger {

/** Every civil day that touches `p`, whether the ledger knows of it or not. */
[[nodiscard]] std::vector<availability::duty_day> days_of_operation(const reader& books, period p, wall_t now);

}  // namespace changtong::ledger
