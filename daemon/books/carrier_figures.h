#pragma once
/** The carriers' part of a report: every line judged by the contract that covered it, contract period by contract
 * period. Internal to the report command. */
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/books/agreed.h"
#include "daemon/books/policy.h"
#include "daemon/books/report_figures_types.h"
#include "daemon/ledger/reader.h"

namespace changtong {

class carriers_part {
 public:
  /** `known_to`: nothing was observed after it. `policies` and `zone` must outlive it. */
  carriers_part(const std::vector<books::dated_policy>& policies, const civil_zone& zone, period when, wall_t known_to);

  /** From where histories must be read. */
  [[nodiscard]] period reach() const { return books::contract_reach(policies_, zone_, when_); }
  /** Adds a line's verdicts to `row` (agreed, judged, met, proven, in_part) and to its carriers. */
  void add(const ledger::known_target& t, const availability::target_history& h, report::target_row& row);
  /** In order of the carriers' names; rows as books::books() gives them. */
  [[nodiscard]] std::vector<report::carrier_part> parts(const std::vector<report::availability_row>& rows);

 private:
  void count(const ledger::known_target& t, const availability::target_history& h,
             const std::vector<books::covered_period>& covered);
  void keep(report::carrier_part& part, const ledger::known_target& t, const books::covered_period& c,
            const availability::contract_result& r);

  const std::vector<books::dated_policy>& policies_;
  const civil_zone& zone_;
  period when_;
  wall_t known_to_;
  std::map<std::string, report::carrier_part> parts_;
  std::map<std::string, std::set<std::string>> terms_;  ///< of each carrier, as JSON: each version once
};

}  // namespace changtong
