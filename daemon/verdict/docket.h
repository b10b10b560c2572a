#pragma once
/** What a judge keeps of a check and of a target. Internal to judge. */
#include <optional>
#include <span>

#include "daemon/core/wish.h"
#include "daemon/verdict/check_fold.h"
#include "daemon/verdict/target_fold.h"

namespace changtong::verdict {

struct check_state {
  check_fold fold;
  target_index target = no_index;  ///< no_index: not a reach check, never judged
  std::optional<pace> speed;       ///< as last wished
  std::uint8_t position = 0;       ///< among the target's reach checks, of which there are eight at most
  bool ours = false;               ///< its last sample was taken out by rule 10: asked fast until the next measured one
};
struct target_state {
  target_fold fold;
  std::span<const check_index> reach;  ///< its reach checks; of a list that the judge holds
  check_index lead = no_index;
  wall_t quiet_until = wall_max;
};
// 100,000 lines with two checks each have as many: what is rarely there stands behind a pointer (rare.h).
static_assert(sizeof(check_state) <= 88 && sizeof(target_state) <= 168);

}  // namespace changtong::verdict
