#pragma once
/** Round trips from two clocks: we stamp sending by the monotonic clock, the kernel stamps receiving by the wall clock.
 * The difference between the clocks is taken anew for every batch, so a step of the wall clock blurs one batch at
 * most. */
#include <ctime>

#include "daemon/core/instant.h"

namespace changtong::net {

[[nodiscard]] inline mono_t mono_now() {
  return std::chrono::time_point_cast<nanoseconds>(std::chrono::steady_clock::now());
}

/** What this thread has had of the processor. */
[[nodiscard]] inline nanoseconds time_of_thread() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::chrono::seconds{t.tv_sec} + nanoseconds{t.tv_nsec};
}

/** Wall minus monotonic clock, read just now. */
[[nodiscard]] inline nanoseconds wall_minus_mono() {
  timespec wall{};
  ::clock_gettime(CLOCK_REALTIME, &wall);
  return nanoseconds{wall.tv_sec * 1'000'000'000LL + wall.tv_nsec} - mono_now().time_since_epoch();
}

/** From `sent` to `arrived`; to now where a stepped clock put the arrival before the sending or into the future, or a
 * step backwards would read as an answer that came too late. Never negative. */
[[nodiscard]] inline nanoseconds round_trip(mono_t sent, mono_t arrived) {
  const mono_t now = mono_now();
  return (arrived < sent || arrived > now ? now : arrived) - sent;
}

}  // namespace changtong::net
