#pragma once
/** The key `contracts`: what contracts with carriers say. Internal to daemon/settings; the keys are explained in
 * config/changtong.yaml. */
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/core/contract.h"
#include "daemon/core/target.h"
#include "daemon/reading/block.h"

namespace changtong::reading {

class whole_list;

struct contract_draft {
  contract what;
  place at;                                ///< of its id
  std::vector<stated<std::string>> lines;  ///< the ids that it names, where they stand
};

/** Reads the list; what is wrong goes to `found`. Civil dates are those of `zone`: valid_from begins with its day,
 * valid_to ends with it. */
[[nodiscard]] std::vector<contract_draft> read_contracts(const yaml_node& node, std::string_view file,
                                                         const civil_zone& zone, findings& found);

/** Warns of an address for tickets where no channel carries mail. */
void check_report_addresses(const std::vector<contract_draft>& contracts, const alert_settings& alerts,
                            findings& found);

/** What only the inventory can tell: names that are not there, and two contracts for one line at one time. `whole`: the
 * list with the lines of other nodes, which contracts may name; null where all are ours. */
void check_contracts(const std::vector<contract_draft>& contracts, const inventory& inv, const whole_list* whole,
                     findings& found);

}  // namespace changtong::reading
