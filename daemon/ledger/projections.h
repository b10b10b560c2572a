#pragma once
/** The tables that only serve speed, as a fold over journal entries: the writer folds each entry as it appends it,
 * rebuild() folds them all again, and both must come to the same rows. Internal to daemon/ledger. Used inside the
 * caller's transaction; after a rollback call load() before the next apply(). */
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

class projections {
 public:
  explicit projections(store& s) : store_(s) {}

  /** Takes the current state of every target from the tables. */
  void load();
  /** Empties every projection, in the tables and here. */
  void clear();
  /** Throws a refusal where an entry contradicts those before it (a transition earlier than the last of its target). */
  void apply(std::int64_t seq, const entry& e);

  /** False if `t` is earlier than its target's last transition, which no judge may say. */
  [[nodiscard]] bool follows(const transition& t) const;
  /** True if `t` only says that its target goes on as up: such transitions are packed into one entry. */
  [[nodiscard]] bool is_resumption(const transition& t) const;
  /** True if the journal already says exactly this, so that no new version is needed. */
  [[nodiscard]] bool is_current(const inventory_version& v);
  [[nodiscard]] bool is_current(const policy_version& p);

 private:
  struct target_state {
    std::int64_t number = 0;
    bool known = false;  ///< has a transition; the rest has meaning only then
    line_state state = line_state::unknown;
    wall_t since{};
    cause why = cause::none;
    std::int64_t seq = 0;  ///< of its last transition: open gaps after it still lie over the target
    wall_t first{};
    std::optional<wall_t> outage;  ///< beginning of the open one
  };
  struct open_gap {
    std::int64_t seq;
    wall_t from;
    cause why;
  };

  target_state& state_of(const std::string& id);
  void change(std::int64_t seq, const transition& t);
  void close_unknown(const target_state& s, wall_t till);
  void end_outage(target_state& s, const transition& t);
  [[nodiscard]] wall_t unknown_before(std::int64_t target, wall_t at);
  void save(const target_state& s);

  void fold(std::int64_t seq, const transition& t) { change(seq, t); }
  void fold(std::int64_t seq, const resumed& r);
  void fold(std::int64_t seq, const unconfirmed_runs& u);
  void fold(std::int64_t seq, const cause_found& c);
  void fold(std::int64_t seq, const gap& g);
  void fold(std::int64_t, const started&) {}
  void fold(std::int64_t seq, const stopped& s);
  void fold(std::int64_t seq, const policy_version& p);
  void fold(std::int64_t seq, const inventory_version& v);
  void fold(std::int64_t seq, const window_record& w);
  void fold(std::int64_t seq, const annotation& a);
  void fold(std::int64_t seq, const duty_record& d);
  void fold(std::int64_t seq, const period_closed& c);

  store& store_;
  std::unordered_map<std::string, target_state> targets_;
  std::vector<open_gap> open_gaps_;  ///< in order of seq
  std::vector<period> closed_gaps_;
};

}  // namespace changtong::ledger
