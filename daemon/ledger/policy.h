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

namespace changtong::ledger {

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

/** A contract as it stood for a period. */
struct contract_in_force {
  const contract* what = nullptr;
  std::optional<wall_t> recorded_late;  ///< the journal learnt of it only after the period: said in the report
};

/** Which contract covered `line` in `p`, and in which version. The version is the last one made before the end of `p`;
 * a contract that no version before that end knows counts by the first that does, marked as late. Its validity must
 * touch `p`. Of several, one recorded in time comes first. */
[[nodiscard]] contract_in_force contract_for(const std::vector<dated_policy>& versions, const contract_subject& line,
                                             period p);

}  // namespace changtong::ledger
