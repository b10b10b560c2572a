#pragma once
/** The clocks of this machine, for those who hand the time on (core/instant.h). Any thread. */
#include <functional>

#include "daemon/core/instant.h"
#include "daemon/core/label_clock.h"

namespace changtong {

/** Both clocks as they are now. */
struct clocks {
  std::function<mono_t()> mono;
  std::function<wall_t()> wall;
  std::function<clock_trust()> synchronised;
};
[[nodiscard]] clocks system_clocks();

namespace host {
[[nodiscard]] mono_t mono_now();
[[nodiscard]] wall_t wall_now();
}  // namespace host

}  // namespace changtong
