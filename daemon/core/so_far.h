#pragma once
/** Where a running period ends for those who read its books. */
#include <chrono>

#include "daemon/core/instant.h"

namespace changtong {

/** At the heartbeat while it is fresh, so that the second under way is not called unknown; else now, so that the time
 * nobody judged shows. */
[[nodiscard]] inline wall_t cut_of(wall_t now, wall_t heartbeat) {
  const bool fresh = heartbeat <= now && now - heartbeat <= milliseconds{5'000};
  return fresh ? heartbeat : now;
}

}  // namespace changtong
