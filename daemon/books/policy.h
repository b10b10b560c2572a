#pragma once
/** The policy that the journal keeps (JSON made by daemon/settings), read back for commands on a ledger, which need no
 * configuration. Pure. Any text is safe; what it does not hold is empty here, never a default. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/check.h"
#include "daemon/core/contract.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"

namespace changtong::books {

/** A timing that reach checks of this category and kind have. */
struct check_class {
  std::string category;  ///< its id
  std::string kind;      ///< empty where the policy only says what the category's checks get by default
  timing when;
};

struct known_policy {
  std::vector<check_class> classes;  ///< from "classes"; of an older ledger from "categories"
  std::vector<contract> contracts;
  report_wishes report;
};

/** A problem names the first part that cannot be read: figures from half a policy would be worse than none. */
[[nodiscard]] result<known_policy> read_policy(std::string_view json);

/** One version, from `at` on. */
struct dated_policy {
  wall_t at{};
  known_policy what;
};
/** What a reader's policies() say, in the order of the journal. */
[[nodiscard]] result<std::vector<dated_policy>> read_policies(const std::vector<policy_version>& versions);

/** A contract as it stood for a stretch of time. */
struct contract_in_force {
  const contract* what = nullptr;
  period when;                          ///< what it covers of the stretch asked for, by its validity
  std::optional<wall_t> recorded_late;  ///< the journal learnt of it only after the period: said in the report
};

/** Which contracts cover `line` in `p`, each for its part of it, in order; no time is covered twice. The version that
 * decides is the last one made before `end`, the end of the contract period. Time that no contract of it covers goes
 * to one that an earlier version knew when that time ended and that is in the deciding version no more; last to the
 * first later version that covers it, marked as late. What the deciding version ended or narrowed stays so. */
[[nodiscard]] std::vector<contract_in_force> contracts_for(const std::vector<dated_policy>& versions,
                                                           const contract_subject& line, period p, wall_t end);

}  // namespace changtong::books
