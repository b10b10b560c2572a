#pragma once
/** The days of operation of a period, from the books: coverage by day, duty records, and the rules of each day's
 * policy.
 */
#include <vector>

#include "daemon/availability/operation_days.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** Every civil day that touches `p`, whether the ledger knows of it or not. */
[[nodiscard]] std::vector<availability::operation_day> days_of_operation(const ledger::reader& books, period p,
                                                                         wall_t now);

/** The automatic daily checks that are to be entered at `now`: one for each of the last seven civil days that ended ten
 * minutes before the heartbeat or earlier, whose policy takes it for a duty record, whose coverage has a value, and
 * that has none yet. */
[[nodiscard]] std::vector<duty_record> daily_checks_due(const ledger::reader& books, wall_t now);

}  // namespace changtong::books
