#pragma once
/** What people entered on several nodes, as one list in one order, so that each node that has all of it reads the same.
 * README.md holds the rule. Pure but for the readers. */
#include <string_view>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/ledger/reader.h"

namespace changtong::observers {

/** Whether entries of a kind count on every node, wherever they were entered: what people enter, but for closings,
 * which bind the ledger that they are in. */
[[nodiscard]] bool counts_everywhere(std::string_view kind);

/** Of each node in order of rank, in the order in which its own reader gives them. Of an annotation the instant that it
 * is about comes first, of a duty record its day; then the instant of entry, then rank. */
[[nodiscard]] std::vector<record> in_one_order(std::vector<std::vector<record>> by_rank);

/** Records of windows in the order in which they were made; who is made twice, by a backup, counts once. */
[[nodiscard]] std::vector<ledger::window_entry> windows_of(std::vector<std::vector<ledger::window_entry>> by_rank);

}  // namespace changtong::observers
