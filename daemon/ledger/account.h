#pragma once
/** One target's rows laid together into its history: belief, scope and windows, each as it stood when the part of the
 * period was closed (design.md 1, promise 6). Pure but for the tables it reads. Internal to daemon/ledger; used while
 * the caller holds one state of the books. */
#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/ledger/catalogue.h"
#include "daemon/ledger/entry_rules.h"
#include "daemon/ledger/history.h"
#include "daemon/ledger/tables.h"
#include "daemon/ledger/windows.h"

namespace changtong::ledger {

/** Entries that count: those with a sequence number up to this. */
inline constexpr std::int64_t as_of_now = std::numeric_limits<std::int64_t>::max();

/** A part of a period and the entries that decide it: all of them, or those up to its last closing. */
struct governed {
  period when;
  std::int64_t as_of = as_of_now;
};
/** `p` cut where closings begin and end, in order; of several closings of one instant the last one counts. */
[[nodiscard]] std::vector<governed> governed_parts(period p, const std::vector<closing_row>& closings);

class account {
 public:
  struct frame {
    period when;         ///< what will be asked for
    wall_t now{};        ///< scope is cut here
    bool frozen = true;  ///< false: as if nothing had been closed
  };
  account(const tables& t, const frame& f);

  /** `target` in the history is the id. Fastest in ascending order of number. */
  [[nodiscard]] availability::target_history history(const catalogued& c);
  /** The outage must be there. */
  [[nodiscard]] availability::outage one_outage(const catalogued& c, wall_t began);

 private:
  struct window_steps {
    std::string id;
    std::vector<std::pair<std::int64_t, window_step>> steps;  ///< with the entry's sequence number
  };

  struct late_policy {
    std::int64_t seq;
    wall_t at;
    window_rules rules;
  };

  [[nodiscard]] window_rules rules_at(wall_t at, std::int64_t as_of) const;
  [[nodiscard]] belief believed(const catalogued& c, target_rows& rows) const;
  void lay_scope(const catalogued& c, availability::target_history& h) const;
  void lay_windows(const catalogued& c, availability::target_history& h) const;
  void lay_windows_of(std::int64_t number, availability::target_history& h) const;

  const tables& tables_;
  frame frame_;
  wall_t heartbeat_, first_;
  std::vector<state_row> states_;  ///< by number
  std::vector<gap_row> gaps_;      ///< in order of seq
  /** By number; those of every_target under 0. */
  std::unordered_map<std::int64_t, std::vector<window_steps>> windows_;
  std::vector<late_policy> policies_;  ///< in order of seq
  std::vector<governed> parts_;
};

}  // namespace changtong::ledger
