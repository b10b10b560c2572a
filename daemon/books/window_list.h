#pragma once
/** The list of maintenance windows with what each did to the books; the API and the command line show the same. */
#include <string_view>
#include <vector>

#include "daemon/core/window.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** Windows of which some record touches `p`, in the order they were first entered, at most `limit`; `only` empty = of
 * all targets. Each is judged by the policy in force where it begins. `now` decides what is late and how far an overrun
 * has come. */
[[nodiscard]] std::vector<listed_window> list_windows(const ledger::reader& books, period p, std::string_view only,
                                                      wall_t now, std::size_t limit);

}  // namespace changtong::books
