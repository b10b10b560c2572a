#pragma once
/** What a judge keeps of a check, of a target, and of a cause that waits. Internal to judge. */
#include <optional>
#include <vector>

#include "daemon/core/wish.h"
#include "daemon/verdict/check_fold.h"
#include "daemon/verdict/target_fold.h"

namespace changtong::verdict {

/** Of a pending bad run; kept, like all of rule 10, only where anchors are configured. */
struct run_sample {
  wall_t at;
  milliseconds interval;
  cause why;
  bool stands;  ///< not our uplink's, whatever else comes
};
struct check_state {
  check_fold fold;
  target_index target = no_index;  ///< no_index: not a reach check, never judged
  std::uint32_t position = 0;      ///< among the target's reach checks
  std::optional<pace> speed;       ///< as last wished
  std::vector<run_sample> run;     ///< the pending bad run (rule 10) …
  std::optional<wall_t> due;       ///< … which was long enough then, and is to be decided
  std::vector<wall_t> asked;       ///< since the leader's pending run began
};
struct target_state {
  target_fold fold;
  std::vector<check_index> reach;
  check_index lead = no_index;
  wall_t quiet_until = wall_max;
  bool cause_open = false;  ///< in an outage whose cause is not written yet
};
struct waiting_cause {
  target_index target;
  wall_t began, deadline;
};

}  // namespace changtong::verdict
