#pragma once
/** When what two nodes of a pair saw is one outage: each sees it begin at a moment of its own. */
#include <chrono>

#include "daemon/core/instant.h"

namespace changtong {

/** Of one outage: its beginnings, as two nodes see them, lie no further apart. */
inline constexpr milliseconds same_beginning{60'000};
/** How much earlier than its outage an alert may have been opened that it has joined. */
inline constexpr milliseconds alert_before_outage = std::chrono::hours{24};

[[nodiscard]] constexpr bool begin_together(wall_t one, wall_t other) {
  return (one < other ? other - one : one - other) <= same_beginning;
}

}  // namespace changtong
