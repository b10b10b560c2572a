#pragma once
/** The projections in memory: for the books as they were known at an instant, and for an auditor who has an extract of
 * the journal and no database. Knows no SQL. One thread. */
#include <map>
#include <unordered_map>

#include "daemon/ledger/tables.h"

namespace changtong::ledger {

class memory_tables final : public tables {
 public:
  /** What the journal itself does not say: how far observation is known to have gone. */
  void set_heartbeat(wall_t at) { heartbeat_ = at; }
  void set_first_entry(wall_t at) { first_entry_ = at; }

  void clear() override;
  void add_target(std::int64_t number, const std::string& id) override;
  void put_state(const state_row& s) override;
  void begin_outage(std::int64_t number, const availability::outage& o) override;
  void end_outage(std::int64_t number, wall_t began, wall_t ended, bracket edge) override;
  void explain_outage(std::int64_t number, wall_t began, cause found, const std::string& upstream) override;
  void add_unknown(std::int64_t number, const unknown_row& u) override;
  void add_unconfirmed(std::int64_t number, wall_t at) override;
  void add_gap(const gap_row& g) override { gaps_.push_back(g); }
  void add_version(std::int64_t number, const version_row& v) override;
  void add_policy(const policy_row& p) override { policies_.push_back(p); }
  void add_start(const start_row& s) override { starts_.push_back(s); }
  void add_declared(std::int64_t seq, std::int64_t number, const record& what) override;
  [[nodiscard]] wall_t unknown_before(std::int64_t number, wall_t at) const override;
  [[nodiscard]] std::optional<std::string> newest_version(std::int64_t number) const override;

  [[nodiscard]] std::unique_ptr<moment> hold() const override { return std::make_unique<moment>(); }
  [[nodiscard]] wall_t heartbeat() const override { return heartbeat_; }
  [[nodiscard]] wall_t first_entry() const override { return first_entry_; }
  [[nodiscard]] std::int64_t last_inventory() const override { return last_inventory_; }
  [[nodiscard]] std::vector<std::pair<std::string, state_row>> states() const override;
  [[nodiscard]] std::vector<gap_row> gaps() const override { return gaps_; }
  [[nodiscard]] std::vector<policy_row> policies() const override { return policies_; }
  [[nodiscard]] std::vector<start_row> starts() const override { return starts_; }
  void declared(std::string_view kind, const declared_query& q, std::int64_t target,
                const std::function<void(std::int64_t, std::int64_t, record&&)>& each) const override;
  void versions(const std::function<void(std::int64_t, const std::string&, const version_row&)>& each) const override;
  void read(std::int64_t number, period p, target_rows& into) const override;
  [[nodiscard]] std::vector<std::pair<std::int64_t, wall_t>> outages_touching(period p, std::int64_t number,
                                                                              std::size_t limit) const override;

 private:
  struct target {
    std::string id;
    state_row state;
    std::map<wall_t, availability::outage> outages;
    std::map<wall_t, unknown_row> unknown;
    std::map<wall_t, std::int64_t> unconfirmed;
    std::vector<version_row> versions;
  };
  target& of(std::int64_t number) { return targets_.at(static_cast<std::size_t>(number - 1)); }
  [[nodiscard]] const target& of(std::int64_t number) const {
    return targets_.at(static_cast<std::size_t>(number - 1));
  }

  std::vector<target> targets_;  ///< by number - 1
  std::vector<gap_row> gaps_;
  std::vector<policy_row> policies_;
  std::vector<start_row> starts_;
  std::map<std::string_view, std::vector<declared_row<record>>> declared_;  ///< by kind, as they were entered
  std::int64_t last_inventory_ = 0;
  wall_t heartbeat_{};
  wall_t first_entry_ = wall_max;
};

}  // namespace changtong::ledger
