#pragma once
/** The latest instant that the journal speaks of. A heartbeat says that everything is judged up to it, so one that is
 * clearly before a transition is not the one that was committed with these entries; nor is one that is before a clean
 * stop, or before the heartbeat by which a commit labelled a gap or a cause. Pure; the auditor's pack uses it. */
#include <cstdint>
#include <optional>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/ledger/entry.h"

namespace changtong::ledger {

/** How far behind a genuine heartbeat may be: another check's timeout (at most a minute), what waits for an anchor or
 * for a second check (10 s each), and time to spare. */
inline constexpr milliseconds heartbeat_behind = std::chrono::minutes{5};

class last_word {
 public:
  struct objection {
    std::int64_t seq = 0;  ///< the entry that speaks
    phrase text;           ///< what is wrong with the heartbeat
  };
  /** In order of the journal; `label`: the row's. A backward step of the clock (a gap without length) takes back what
   * transitions say: labels then repeat, and the heartbeat need not reach those from before it. */
  void step(std::int64_t seq, wall_t label, const entry& e);
  /** None: nothing is wrong with it. */
  [[nodiscard]] std::optional<objection> against(wall_t heartbeat) const;

 private:
  struct word {
    std::int64_t seq = 0;  ///< 0 = nobody has spoken
    wall_t at = wall_min;
    void hear(std::int64_t who, wall_t when);
  };
  word moved_;    ///< a transition, known only to about heartbeat_behind
  word written_;  ///< a heartbeat of then: that never goes back, whatever the clock does
};

/** Whether this entry says that the clock was set back. */
[[nodiscard]] bool is_backward_step(const entry& e);

}  // namespace changtong::ledger
