#pragma once
/** The latest label that a transition of the journal speaks of. A heartbeat says that everything is judged up to it, so
 * one that is clearly earlier is not the one that was committed with these entries. Pure; the auditor's pack uses it.
 */
#include <cstdint>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/ledger/entry.h"

namespace changtong::ledger {

/** How far behind a genuine heartbeat may be: another check's timeout (at most a minute), what waits for an anchor or
 * for a second check (10 s each), and time to spare. */
inline constexpr milliseconds heartbeat_behind = std::chrono::minutes{5};

class last_word {
 public:
  /** In order of the journal. A backward step of the clock (a gap without length) takes everything back: labels then
   * repeat, and the heartbeat need not reach those from before it. */
  void step(std::int64_t seq, const entry& e);
  /** What is wrong with this heartbeat, Chinese and English; empty: nothing. */
  [[nodiscard]] std::string objection(wall_t heartbeat) const;
  [[nodiscard]] std::int64_t seq() const { return seq_; }  ///< the entry that speaks; 0 = none

 private:
  void hear(std::int64_t seq, const transition& t);
  std::int64_t seq_ = 0;
  wall_t at_ = wall_min;
};

/** Whether this entry says that the clock was set back. */
[[nodiscard]] bool is_backward_step(const entry& e);

}  // namespace changtong::ledger
