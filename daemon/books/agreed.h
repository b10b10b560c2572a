#pragma once
/** Which contracts a line is judged by, contract period by contract period: what reports, R4, the evaluation and the
 * metrics share, so that they cannot differ. Pure.
 *
 * - The contract periods of `p` are the civil months and years that touch it. Of a month what lies inside `p` is
 *   measured; of a year everything from its beginning to the end of `p`.
 * - A line that changes its carrier, category or grade is judged by each contract for the time in which that contract
 *   covers it: stretches that one contract covers are one result, however many words changed meanwhile.
 * - Several contracts one after another are judged each for its own time. */
#include <string>
#include <vector>

#include "daemon/availability/contracts.h"
#include "daemon/availability/groups.h"
#include "daemon/books/policy.h"
#include "daemon/core/civil.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

struct covered_period {
  const contract* what = nullptr;  ///< of the versions given
  std::optional<wall_t> recorded_late;
  availability::contract_bucket bucket;
  std::string name;                  ///< 2026-03 or 2026
  availability::contract_time when;  ///< not yet cut to the history's scope
};
/** By bucket in order of time, months before years; those of which nothing is measured are left out. Sites have none.
 */
[[nodiscard]] std::vector<covered_period> covered_periods(const std::vector<dated_policy>& versions,
                                                          const civil_zone& zone, const ledger::known_target& t,
                                                          period p);

/** From where histories must be read so that every measured part of `p` is in them: contracts by the year look back to
 * its beginning. */
[[nodiscard]] period contract_reach(const std::vector<dated_policy>& versions, const civil_zone& zone, period p);

/** What R4 holds a line against: the parts of `all` inside `limits` (in order) that have a target. */
[[nodiscard]] std::vector<availability::agreed_part> agreed_parts(const std::vector<covered_period>& all,
                                                                  const availability::target_history& h,
                                                                  const std::vector<period>& limits);
/** True if a contract with a target covers some of `limits`, as far as it is in scope, and not all of it. */
[[nodiscard]] bool covered_in_part(const std::vector<covered_period>& all, const availability::target_history& h,
                                   const std::vector<period>& limits);

}  // namespace changtong::books
