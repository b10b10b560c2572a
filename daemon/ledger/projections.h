#pragma once
/** The tables that only serve speed, as a fold over journal entries: the writer folds each entry as it appends it,
 * rebuild() folds them all again, an auditor folds an extract into memory, and all come to the same rows. Pure but for
 * the tables it is given. Inside the caller's transaction; after a rollback call load() before the next apply(). */
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/refusal.h"
#include "daemon/ledger/tables.h"

namespace changtong::ledger {

/** A clean stop as the gap that it begins. */
[[nodiscard]] gap open_gap_of(const stopped& s);

class projections {
 public:
  explicit projections(tables& t) : tables_(t) {}

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
  [[nodiscard]] bool is_current(const inventory_version& v) const;
  [[nodiscard]] bool is_current(const policy_version& p) const;

 private:
  state_row& state_of(const std::string& id);
  void change(std::int64_t seq, const transition& t);
  [[nodiscard]] std::optional<std::int64_t> covered_from(const state_row& s, wall_t at) const;
  void close_unknown(const state_row& s, wall_t till);
  void end_outage(state_row& s, const transition& t);
  void add_unknown(const state_row& s, const unknown_row& u);
  [[nodiscard]] wall_t unknown_before(std::int64_t target, wall_t at) const;

  void fold(std::int64_t seq, const transition& t) { change(seq, t); }
  void fold(std::int64_t seq, const resumed& r);
  void fold(std::int64_t seq, const unconfirmed_runs& u);
  void fold(std::int64_t seq, const cause_found& c);
  void fold(std::int64_t seq, const gap& g);
  void fold(std::int64_t seq, const started& s);
  void fold(std::int64_t seq, const stopped& s);
  void fold(std::int64_t seq, const policy_version& p);
  void fold(std::int64_t seq, const inventory_version& v);
  template <class T>
  void fold(std::int64_t seq, const T& declared) {
    std::int64_t number = 0;
    if constexpr (requires { declared.target; }) number = state_of(declared.target).number;
    tables_.add_declared(seq, number, declared);
  }

  tables& tables_;
  std::unordered_map<std::string, state_row> targets_;
  std::optional<policy_row> policy_;  ///< newest
  std::int32_t rules_ = 1;            ///< of the last start
  std::vector<gap_row> open_gaps_;    ///< in order of seq
  std::vector<period> closed_gaps_;
  /** By target, of each open outage that began since load(): its unknowns. No earlier row reaches into it. */
  std::unordered_map<std::int64_t, std::vector<period>> unknown_in_outage_;
};

}  // namespace changtong::ledger
