#pragma once
/** What a judge keeps of a check and of a target. Internal to judge. */
#include <optional>
#include <vector>

#include "daemon/core/wish.h"
#include "daemon/verdict/check_fold.h"
#include "daemon/verdict/target_fold.h"

namespace changtong::verdict {

struct check_state {
  check_fold fold;
  target_index target = no_index;  ///< no_index: not a reach check, never judged
  std::uint32_t position = 0;      ///< among the target's reach checks
  std::optional<pace> speed;       ///< as last wished
  bool ours = false;               ///< its last sample was taken out by rule 10: asked fast until the next measured one
};
struct target_state {
  target_fold fold;
  std::vector<check_index> reach;
  check_index lead = no_index;
  wall_t quiet_until = wall_max;
};

}  // namespace changtong::verdict
