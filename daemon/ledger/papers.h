#pragma once
/** What people and settings put into the journal, besides what was measured: policies, maintenance windows,
 * annotations. Reports print them beside the figures. Opens its own read-only connection for one short transaction. */
#include <string>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/ledger/policy.h"

namespace changtong::ledger {

struct papers {
  std::vector<dated_policy> policies;   ///< in order of the journal
  std::vector<window_record> windows;   ///< every record of those that touch the period, in order of the journal
  std::vector<annotation> annotations;  ///< about instants of the period
};

/** Windows and annotations of `p`; all policies. Only what was recorded before `known_at` (wall_max: everything). */
[[nodiscard]] result<papers> read_papers(const std::string& ledger, period p, wall_t known_at);

}  // namespace changtong::ledger
