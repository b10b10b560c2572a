#pragma once
/** The days of operation of a period, from the books: coverage by day, duty records, and the rules of each day's
 * policy.
 */
#include <string_view>
#include <vector>

#include "daemon/availability/duty_days.h"
#include "daemon/ledger/people.h"
#include "daemon/ledger/reader.h"

namespace changtong::ledger {

/** {"duty":{"coverage_ppm":990000,"automatic":false}}; defaults where it says nothing. */
[[nodiscard]] availability::duty_rules duty_rules_in(std::string_view policy);

/** Every civil day that touches `p`, whether the ledger knows of it or not. */
[[nodiscard]] std::vector<availability::duty_day> days_of_operation(const people_books& people, const reader& books,
                                                                    period p, wall_t now);

}  // namespace changtong::ledger
