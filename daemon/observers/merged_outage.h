#pragma once
/** One merged outage from those of its observers. Internal to daemon/observers; README.md, "Outages" to "Causes". */
#include <span>
#include <vector>

#include "daemon/observers/merge.h"

namespace changtong::observers {

/** A longest stretch of down time, with unknown inside it but no up. */
struct stretch {
  std::vector<period> down;    ///< never empty, in order, not adjoining
  wall_t up_again = wall_max;  ///< the first up after it; wall_max: it is open
  [[nodiscard]] wall_t begins() const { return down.front().from; }
  [[nodiscard]] wall_t ends() const { return down.back().to; }
};

[[nodiscard]] availability::outage merged_outage(std::span<const testimony> of, const stretch& s);

}  // namespace changtong::observers
