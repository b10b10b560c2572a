#pragma once
#include <cstdint>
#include <optional>

#include "daemon/core/instant.h"

namespace changtong {

/** When an up target is shown as degraded (time inside up). Judged over the last `samples` measured samples of a check;
 * it is well again below half of the loss, four fifths of the rtt (verdict/condition.h). */
struct degrade_limits {
  std::uint16_t samples = 64;       ///< 8 .. 1024
  double loss_ratio = 0.05;         ///< bad / measured at or above which it is degraded, above 0 .. 1
  std::optional<milliseconds> rtt;  ///< mean round trip of the good ones at or above which it is; none = not judged
};

}  // namespace changtong
