#pragma once
/** The projections of one branch of a node in PostgreSQL, as ledger/sql_tables keeps them in a node's file. What people
 * declared is read from its entry in the journal; of raw samples only that they are there (as in memory_tables).
 *
 * What the fold writes waits in memory until flush(), inside the transaction of whoever folds; what it asks for
 * meanwhile includes that. After a problem, which is thrown as a refusal, nothing here may be used any more. */
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/centre/change_reach.h"
#include "daemon/centre/copy_cells.h"
#include "daemon/centre/database.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/refusal.h"
#include "daemon/ledger/tables.h"

namespace changtong::centre {

/** The database did not do it: nothing is said of what was asked for. */
struct database_refusal final : ledger::refusal {
  using refusal::refusal;
};

class pg_tables final : public ledger::tables {
 public:
  /** Who makes one state of the books of several questions: hold(), or whoever made this. */
  enum class transactions : std::uint8_t { own, of_caller };
  /** What of the branch is read. */
  struct part {
    /** Of targets with these numbers alone, in order; none: of all. */
    std::optional<std::vector<std::int64_t>> only{};
    bool endless =
        false;  ///< as if what was said last went on for ever: there is no heartbeat after which all is unknown
  };
  /** `db` outlives it. */
  pg_tables(database& db, std::int32_t node, std::int32_t branch, transactions by = transactions::own)
      : pg_tables(db, node, branch, by, part{}) {}
  pg_tables(database& db, std::int32_t node, std::int32_t branch, transactions by, part of);

  /** Everything that was written goes to the database; throws where it cannot. */
  void flush();
  /** The earliest instant of which anything that was written since it was asked for last says something else. */
  [[nodiscard]] wall_t changed_from() { return reach_.taken(); }
  /** Removes some of what is there, which one statement does in its time; false: that was all. Not while anything is
   * written. */
  [[nodiscard]] bool clear_some();

  void clear() override;
  void add_target(std::int64_t number, const std::string& id) override;
  void put_state(const ledger::state_row& s) override;
  void begin_outage(std::int64_t number, const availability::outage& o) override;
  void end_outage(std::int64_t number, wall_t began, wall_t ended, bracket edge) override;
  void explain_outage(std::int64_t number, wall_t began, cause found, const std::string& upstream) override;
  void add_unknown(std::int64_t number, const ledger::unknown_row& u) override;
  void add_unconfirmed(std::int64_t number, wall_t at) override;
  void add_gap(const ledger::gap_row& g) override;
  void add_version(std::int64_t number, const ledger::version_row& v) override;
  void add_policy(const ledger::policy_row& p) override;
  void add_start(const ledger::start_row& s) override;
  void add_declared(std::int64_t seq, std::int64_t number, const record& what) override;
  [[nodiscard]] wall_t unknown_before(std::int64_t number, wall_t at) const override;
  [[nodiscard]] std::optional<std::string> newest_version(std::int64_t number) const override;

  [[nodiscard]] std::unique_ptr<moment> hold() const override;
  [[nodiscard]] wall_t heartbeat() const override;
  [[nodiscard]] wall_t first_entry() const override;
  [[nodiscard]] std::int64_t last_inventory() const override;
  [[nodiscard]] std::vector<std::pair<std::string, ledger::state_row>> states() const override;
  [[nodiscard]] std::vector<ledger::gap_row> gaps() const override;
  [[nodiscard]] std::vector<ledger::policy_row> policies() const override;
  [[nodiscard]] std::vector<ledger::start_row> starts() const override;
  void declared(std::string_view kind, const ledger::declared_query& q, std::int64_t target,
                const std::function<void(std::int64_t, std::int64_t, record&&)>& each) const override;
  void versions(
      const std::function<void(std::int64_t, const std::string&, const ledger::version_row&)>& each) const override;
  void read(std::int64_t number, period p, ledger::target_rows& into) const override;
  [[nodiscard]] std::vector<std::pair<std::int64_t, wall_t>> outages_touching(period p, std::int64_t number,
                                                                              std::size_t limit) const override;

 private:
  using of_target = std::pair<std::int64_t, wall_t>;  ///< and the instant by which its row is kept
  /** Rows of neighbouring targets, read in one go: a walk over all of them asks for each. */
  struct ahead {
    period when{wall_max, wall_min};
    std::int64_t first = 0, last = -1;
    std::map<std::int64_t, ledger::target_rows> rows;
  };

  [[nodiscard]] table_rows asked(const std::string& statement, const std::vector<std::string>& values = {}) const;
  /** `node = 1 AND branch = 1`, of that table where it is named. */
  [[nodiscard]] std::string here(std::string_view table = {}) const;
  void copy(std::string_view into, copied_rows rows) const;
  void say(std::string_view kind, std::int64_t seq, std::int64_t number, wall_t about = {}, std::string_view key = {});
  /** Their entries, in order. */
  void each_said(std::string_view kind, const std::string& more, const std::vector<std::string>& values,
                 const std::function<void(std::int64_t seq, std::int64_t number, ledger::entry&& what)>& each) const;
  [[nodiscard]] availability::outage* outage_at(const of_target& key);
  /** ` AND s.target …`, where only some are read. */
  [[nodiscard]] std::string among_read(std::string_view table) const;
  [[nodiscard]] std::int64_t last_ahead_of(std::int64_t number) const;
  void fetch(ahead& into, period p, std::int64_t first, std::int64_t last) const;
  [[nodiscard]] bool is_walk(period p) const;
  void flush_states();
  void flush_outages();
  void flush_unknowns();
  void flush_unconfirmed();

  database& db_;
  std::int32_t node_, branch_;
  transactions by_;
  part part_;

  // -- not in the database yet
  copied_rows targets_, said_;
  std::map<std::int64_t, ledger::state_row> states_;
  std::map<of_target, availability::outage> outages_;
  std::map<of_target, ledger::unknown_row> unknowns_;
  std::map<of_target, std::int64_t> unconfirmed_;
  /** As the database or `outages_` has them: an end asks for its row without a question. */
  std::optional<std::map<of_target, availability::outage>> open_;

  change_reach reach_{*this};
  mutable std::array<ahead, 2> ahead_;
  mutable std::array<period, 4> lately_{};  ///< for what was asked
  mutable std::size_t turn_ = 0, next_ = 0;
};

}  // namespace changtong::centre
