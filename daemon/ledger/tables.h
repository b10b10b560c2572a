#pragma once
/** The projections as plain rows, and where they are kept: in SQLite (sql_tables.h) or in memory (memory_tables.h, for
 * the books as they were known at an instant, and for an auditor who has no database). The fold that fills them
 * (projections.h) and what reads them (account.h, catalogue.h) know only this. Targets go by small numbers that count
 * from 1. One thread at a time. */
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/cause.h"
#include "daemon/core/declaration.h"
#include "daemon/core/instant.h"
#include "daemon/core/record.h"
#include "daemon/ledger/declared_query.h"

namespace changtong::ledger {

/** A target's last transition, its first one, and the beginning of its open outage. */
struct state_row {
  std::int64_t number = 0;
  wall_t since{};
  std::int64_t seq = 0;  ///< open gaps after it still lie over the target; mostly that of its last transition
  wall_t first{};
  std::optional<wall_t> outage;
  bool known = false;  ///< has a transition; the rest has meaning only then
  line_state state = line_state::unknown;
  cause why = cause::none;
};
static_assert(sizeof(state_row) <= 56);  // one of each line is kept as long as a ledger is written

struct unknown_row {
  period when;
  cause why = cause::none;
};

struct gap_row {
  std::int64_t seq = 0;
  period when;  ///< to == wall_max: open
  cause why = cause::none;
  std::string text;
};

struct version_row {
  std::int64_t seq = 0;
  wall_t at{};
  std::string json;  ///< empty: removed
  std::string author;
};

struct policy_row {
  std::int64_t seq = 0;
  wall_t at{};
  std::string zone, policy;
};

/** A record with the number of its entry, and that of the target it names (0: it names none). */
template <class T>
struct declared_row {
  std::int64_t seq = 0;
  T what;
  std::int64_t number = 0;
};
using start_row = declared_row<started>;
using window_row = declared_row<window_record>;
using closing_row = declared_row<period_closed>;

/** One target's rows that may have to do with a period. */
struct target_rows {
  std::vector<availability::outage> outages;  ///< in order of began; target and holes empty
  std::vector<unknown_row> unknown;           ///< in order of beginning
  std::vector<wall_t> unconfirmed;            ///< first samples inside the period, one for each run
};

class tables {
 public:
  virtual ~tables() = default;

  // -- written by the fold, inside the caller's transaction
  virtual void clear() = 0;
  virtual void add_target(std::int64_t number, const std::string& id) = 0;
  virtual void put_state(const state_row& s) = 0;
  virtual void begin_outage(std::int64_t number, const availability::outage& o) = 0;
  virtual void end_outage(std::int64_t number, wall_t began, wall_t ended, bracket edge) = 0;
  virtual void explain_outage(std::int64_t number, wall_t began, cause found, const std::string& upstream) = 0;
  virtual void add_unknown(std::int64_t number,
                           const unknown_row& u) = 0;  ///< of equal beginnings the longer one stays
  virtual void add_unconfirmed(std::int64_t number, wall_t at) = 0;
  virtual void add_gap(const gap_row& g) = 0;
  virtual void add_version(std::int64_t number, const version_row& v) = 0;
  virtual void add_policy(const policy_row& p) = 0;
  virtual void add_start(const start_row& s) = 0;
  /** What people declare and has a table (declaration.h); `number` as in declared_row. */
  virtual void add_declared(std::int64_t seq, std::int64_t number, const record& what) = 0;
  /** Beginning of the earliest of the target's unknowns that touch `at` from before; `at` if none does. */
  [[nodiscard]] virtual wall_t unknown_before(std::int64_t number, wall_t at) const = 0;

  /** The target's newest inventory version; none if it has none. */
  [[nodiscard]] virtual std::optional<std::string> newest_version(std::int64_t number) const = 0;

  // -- read
  /** While it lives, what is read is one state of the books. */
  struct moment {
    virtual ~moment() = default;
  };
  [[nodiscard]] virtual std::unique_ptr<moment> hold() const = 0;
  [[nodiscard]] virtual wall_t heartbeat() const = 0;
  [[nodiscard]] virtual wall_t first_entry() const = 0;           ///< wall_max for an empty journal
  [[nodiscard]] virtual std::int64_t last_inventory() const = 0;  ///< sequence number of the newest version, 0 = none
  [[nodiscard]] virtual std::vector<std::pair<std::string, state_row>> states() const = 0;  ///< every target, by number
  [[nodiscard]] virtual std::vector<gap_row> gaps() const = 0;                              ///< in order of seq
  [[nodiscard]] virtual std::vector<policy_row> policies() const = 0;                       ///< in order of seq
  [[nodiscard]] virtual std::vector<start_row> starts() const = 0;                          ///< in order of seq
  /** Calls `each` for every declaration of a kind that is asked for, in order; `target` 0 = of any. */
  virtual void declared(
      std::string_view kind, const declared_query& q, std::int64_t target,
      const std::function<void(std::int64_t seq, std::int64_t number, record&& what)>& each) const = 0;
  template <class T>
  [[nodiscard]] std::vector<declared_row<T>> rows(const declared_query& q = {}, std::int64_t target = 0) const {
    std::vector<declared_row<T>> all;
    declared(description<T>::kind, q, target, [&](std::int64_t seq, std::int64_t number, record&& what) {
      all.push_back({seq, std::get<T>(std::move(what)), number});
    });
    return all;
  }
  /** Calls `each` for every version of every target, by number, then by seq. */
  virtual void versions(
      const std::function<void(std::int64_t number, const std::string& id, const version_row&)>& each) const = 0;
  /** Every outage and unknown that touches `p`, brackets included, and those just before it: more than asked for does
   * no harm. Fastest when asked in ascending order of `number`. */
  virtual void read(std::int64_t number, period p, target_rows& into) const = 0;
  /** (number, began) of outages that touch `p`, latest first; `number` 0 = any target. */
  [[nodiscard]] virtual std::vector<std::pair<std::int64_t, wall_t>> outages_touching(period p, std::int64_t number,
                                                                                      std::size_t limit) const = 0;
};

}  // namespace changtong::ledger
