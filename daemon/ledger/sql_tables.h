#pragma once
/** The projections in SQLite. Internal to daemon/ledger; whoever has the store has its transactions. */
#include "daemon/ledger/store.h"
#include "daemon/ledger/tables.h"

namespace changtong::ledger {

class sql_tables final : public tables {
 public:
  /** `s` outlives it. */
  explicit sql_tables(store& s) : store_(s) {}

  void clear() override;
  void add_target(std::int64_t number, const std::string& id) override;
  void put_state(const state_row& s) override;
  void begin_outage(std::int64_t number, const availability::outage& o) override;
  void end_outage(std::int64_t number, wall_t began, wall_t ended, bracket edge) override;
  void explain_outage(std::int64_t number, wall_t began, cause found, const std::string& upstream) override;
  void add_unknown(std::int64_t number, const unknown_row& u) override;
  void add_unconfirmed(std::int64_t number, wall_t at) override;
  void add_gap(const gap_row& g) override;
  void add_version(std::int64_t number, const version_row& v) override;
  void add_policy(const policy_row& p) override;
  void add_start(const start_row& s) override;
  void add_declared(std::int64_t seq, std::int64_t number, const record& what) override;
  [[nodiscard]] wall_t unknown_before(std::int64_t number, wall_t at) const override;
  [[nodiscard]] std::optional<std::string> newest_version(std::int64_t number) const override;

  [[nodiscard]] std::unique_ptr<moment> hold() const override;
  [[nodiscard]] wall_t heartbeat() const override;
  [[nodiscard]] wall_t first_entry() const override;
  [[nodiscard]] std::int64_t last_inventory() const override;
  [[nodiscard]] std::vector<std::pair<std::string, state_row>> states() const override;
  [[nodiscard]] std::vector<gap_row> gaps() const override;
  [[nodiscard]] std::vector<policy_row> policies() const override;
  [[nodiscard]] std::vector<start_row> starts() const override;
  void declared(std::string_view kind, const declared_query& q, std::int64_t target,
                const std::function<void(std::int64_t, std::int64_t, record&&)>& each) const override;
  void versions(const std::function<void(std::int64_t, const std::string&, const version_row&)>& each) const override;
  void read(std::int64_t number, period p, target_rows& into) const override;
  [[nodiscard]] std::vector<std::pair<std::int64_t, wall_t>> outages_touching(period p, std::int64_t number,
                                                                              std::size_t limit) const override;

 private:
  store& store_;
};

}  // namespace changtong::ledger
