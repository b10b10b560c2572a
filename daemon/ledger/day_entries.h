#pragma once
/** Who has entered how much since an instant: the limit of a civil day outlives a restart of the daemon. */
#include <cstddef>
#include <map>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong::ledger {

/** Entries of people labelled `from` or later, by author; those of the command line on the file itself do not count.
 * Reads the journal from its end back to what was committed a day before `from`. Any thread; may run while a daemon
 * writes. */
[[nodiscard]] result<std::map<std::string, std::size_t>> entries_since(const std::string& ledger, wall_t from);

}  // namespace changtong::ledger
