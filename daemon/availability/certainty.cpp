#include "daemon/availability/certainty.h"

#include <algorithm>

namespace changtong::availability {
namespace {

constexpr milliseconds tick{10};

}  // namespace

certain_length certain_outage(const timing& t) {
  const milliseconds jitter = t.interval / 5 + milliseconds{t.interval.count() % 5 == 0 ? 0 : 1};
  const milliseconds ticks = tick * t.down_after;
  const milliseconds regular = t.interval * t.down_after + jitter + ticks;
  const milliseconds fast = t.interval + jitter + t.timeout + t.fast_interval * (t.down_after - 1) + ticks;
  return {std::min(regular, fast), regular};
}

}  // namespace changtong::availability
