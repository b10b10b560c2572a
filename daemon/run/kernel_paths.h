#pragma once
/** What tracing.h is given by the daemon: real packets, and the paths that the ledger knows. */
#include <string>
#include <vector>

#include "daemon/run/tracing.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Real packets, within the budget of fast questions, of which they leave most. */
[[nodiscard]] path_doors kernel_paths(const settings& s);
/** Entries of the last weeks before `now`: usual paths outlive a restart, since they cannot be learnt while lines are
 * down. Empty, and logged, where the ledger cannot be read. */
[[nodiscard]] std::vector<trace_record> known_paths(const std::string& ledger, wall_t now);

}  // namespace changtong
