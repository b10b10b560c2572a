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
  void add_window(const window_row& w) override { windows_.push_back(w); }
  void add_policy(const policy_row& p) override { policies_.push_back(p); }
  void add_start(const start_row& s) override { starts_.push_back(s); }
  void add_closing(const closing_row& c) override { closings_.push_back(c); }
  void add_duty(const duty_row& d) override { duties_.emplace(d.what.day, d); }
  void add_annotation(std::int64_t number, const annotation_row& a) override;
  void add_counter(const counter_row& c) override { counters_.push_back(c); }
  void add_verdict(const verdict_row& v) override { verdicts_.push_back(v); }
  [[nodiscard]] wall_t unknown_before(std::int64_t number, wall_t at) const override;
  [[nodiscard]] std::optional<std::string> newest_version(std::int64_t number) const override;

  [[nodiscard]] std::unique_ptr<moment> hold() const override { return std::make_unique<moment>(); }
  [[nodiscard]] wall_t heartbeat() const override { return heartbeat_; }
  [[nodiscard]] wall_t first_entry() const override { return first_entry_; }
  [[nodiscard]] std::int64_t last_inventory() const override { return last_inventory_; }
  [[nodiscard]] std::vector<std::pair<std::string, state_row>> states() const override;
  [[nodiscard]] std::vector<gap_row> gaps() const override { return gaps_; }
  [[nodiscard]] std::vector<window_row> windows() const override { return windows_; }
  [[nodiscard]] std::vector<policy_row> policies() const override { return policies_; }
  [[nodiscard]] std::vector<start_row> starts() const override { return starts_; }
  [[nodiscard]] std::vector<closing_row> closings() const override { return closings_; }
  [[nodiscard]] std::vector<duty_row> duties(const std::string& first_day, const std::string& last_day) const override;
  [[nodiscard]] std::vector<annotation_row> annotations(std::int64_t number, period about) const override;
  [[nodiscard]] std::vector<counter_row> counters(const std::string& counter, period about) const override;
  [[nodiscard]] std::vector<verdict_row> verdicts(const std::string& plan) const override;
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
    std::multimap<wall_t, annotation_row> annotations;
  };
  target& of(std::int64_t number) { return targets_.at(static_cast<std::size_t>(number - 1)); }
  [[nodiscard]] const target& of(std::int64_t number) const {
    return targets_.at(static_cast<std::size_t>(number - 1));
  }

  std::vector<target> targets_;  ///< by number - 1
  std::vector<gap_row> gaps_;
  std::vector<window_row> windows_;
  std::vector<policy_row> policies_;
  std::vector<start_row> starts_;
  std::vector<closing_row> closings_;
  std::multimap<std::string, duty_row> duties_;
  std::vector<counter_row> counters_;
  std::vector<verdict_row> verdicts_;
  std::int64_t last_inventory_ = 0;
  wall_t heartbeat_{};
  wall_t first_entry_ = wall_max;
};

}  // namespace changtong::ledger
