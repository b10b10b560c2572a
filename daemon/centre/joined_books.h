#pragma once
/** The books of several nodes side by side, as a reader: for whoever computes over lines, as an evaluation does. Ids
 * say their node (东城区/V014), also those of alerts and tickets; a window of all lines is one of all lines of its
 * node, whose name stands before the *. What a node's people entered that is about no line is in none of it - readings
 * of counters, verdicts, duty, closings - and neither are policies, which each node has its own. Of one node alone it
 * is that node's books, and nothing is renamed. One thread; throws as its readers do. */
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/ledger/reader.h"

namespace changtong::centre {

struct joined_part {
  std::string node;  ///< different of each
  std::unique_ptr<ledger::reader> books;
  wall_t cut = wall_max;  ///< where the scope of its lines ends at the latest
  wall_t known{};         ///< up to when it is known
};

class joined_books final : public ledger::reader {
 public:
  /** At least one. `zone`: of the whole. */
  joined_books(std::vector<joined_part> parts, const civil_zone& zone);

  /** What stands before the ids of a part; empty where it is the only one. */
  [[nodiscard]] std::string prefix_of(const joined_part& p) const;
  [[nodiscard]] const std::vector<joined_part>& parts() const { return parts_; }

  [[nodiscard]] const civil_zone& zone() const override { return zone_; }
  [[nodiscard]] wall_t first_entry() const override;
  /** The newest: what one of them does not know is unknown in its histories. */
  [[nodiscard]] wall_t heartbeat() const override;
  [[nodiscard]] std::vector<ledger::known_target> targets() const override;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override;
  void histories(
      period p, wall_t now, std::string_view only,
      const std::function<void(const ledger::known_target&, const availability::target_history&)>& each) const override;
  [[nodiscard]] std::vector<availability::outage> outages(period p, std::string_view only,
                                                          std::size_t limit) const override;
  [[nodiscard]] std::vector<ledger::window_entry> windows() const override;
  [[nodiscard]] wall_t sealed_until() const override;
  [[nodiscard]] std::vector<policy_version> policies() const override;
  [[nodiscard]] std::set<std::int32_t> rules() const override;
  [[nodiscard]] std::vector<started> starts() const override;
  void declared(std::string_view kind, const ledger::declared_query& q, std::string_view target,
                const std::function<void(record&&)>& each) const override;
  void alert_journal(std::string_view since, const std::function<void(record&&)>& each) const override;

 private:
  [[nodiscard]] bool is_one() const { return parts_.size() == 1; }
  /** Calls `each` with every part that may have `id`, the name before its ids, and what the part itself calls it. */
  void of(std::string_view id,
          const std::function<void(const joined_part&, const std::string& prefix, std::string_view)>& each) const;

  std::vector<joined_part> parts_;
  civil_zone zone_;
};

}  // namespace changtong::centre
