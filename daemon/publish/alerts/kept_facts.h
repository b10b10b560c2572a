#pragma once
/** What messages are written from, kept from the records that lead to them: the latest outage of each target, and what
 * of each alert is not well. The same for the daemon and for a simulation. Not thread-safe. */
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/record.h"
#include "daemon/publish/alerts/words.h"

namespace changtong::alerts {

class kept_facts {
 public:
  /** False: it was said before. What was announced while the ledger was away is announced once more when it has it; by
   * then the line may be up. A target's transitions are in order of `at`. */
  [[nodiscard]] bool take(const transition& t);
  /** False: it is not of the target's latest outage. */
  [[nodiscard]] bool take(const cause_found& c);
  /** opened, grown, resolved; others change nothing. */
  void take(const alert_record& step);
  /** An outage that was open when the ledger was opened. */
  void recall(const std::string& target, const outage_facts& open) { outages_.insert_or_assign(target, open); }

  /** Outages that have not ended, each as the transition that began it. */
  [[nodiscard]] std::vector<transition> open_outages() const;
  [[nodiscard]] std::size_t open_alerts() const { return open_.size(); }
  [[nodiscard]] bool is_open(std::string_view alert) const { return open_.contains(alert); }
  /** Without `state` and `month`, which are not known here. It refers to this and to its arguments. */
  [[nodiscard]] told_world world(const inventory& targets, const civil_zone& zone, const alert_settings& s,
                                 wall_t now) const;

 private:
  std::map<std::string, outage_facts, std::less<>> outages_;                  ///< the latest of each that had one
  std::map<std::string, std::pair<wall_t, line_state>, std::less<>> latest_;  ///< transition of each target
  std::map<std::string, std::set<std::string>, std::less<>> open_;            ///< alert -> what of it is not well
};

}  // namespace changtong::alerts
