#pragma once
/** The list of maintenance windows with what each did to the books; the API and the command line show the same. */
#include <string_view>
#include <vector>

#include "daemon/core/window.h"
#include "daemon/ledger/people.h"
#include "daemon/ledger/reader.h"

namespace changtong::ledger {

/** Windows that touch `p`, in the order they were first entered, at most `limit`; `only` empty = of all targets. Each
 * is judged by the policy in force where it begins. `now` decides what is late and how far an overrun has come. */
[[nodiscard]] std::vector<window_row> list_windows(const people_books& people, const reader& books, period p,
                                                   std::string_view only, wall_t now, std::size_t limit);
/** One window's row from its records, at least one. */
[[nodiscard]] window_row row_of(const std::vector<window_record>& records, const std::vector<policy_version>& policies,
                                const reader& books, wall_t now);

}  // namespace changtong::ledger
