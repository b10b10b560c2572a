#pragma once
/** The books of groups by each of the formulas of rules.md 4.4. */
#include <vector>

#include "daemon/availability/groups.h"
#include "daemon/books/books.h"
#include "daemon/books/policy.h"

namespace changtong::books {

struct group_books {
  availability::availability_row row;  ///< values and `formula` are those of the formula asked for; sums as always
  availability::group_value value;
  std::int64_t in_part = 0;  ///< R4: lines that their contracts cover for a part of the time only, and judge by that
};

/** As books(), by `f`; `by` must not be line. Days and months are groups of all targets. R3 looks at instants `step`
 * apart; R4 judges each line by its contracts (agreed.h), as far as it was the group's then. Throws as books(). */
[[nodiscard]] std::vector<group_books> books_by(const ledger::reader& from, period p, wall_t now, grouping by,
                                                availability::formula f, milliseconds step,
                                                const std::vector<dated_policy>& policies);

}  // namespace changtong::books
