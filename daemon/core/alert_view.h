#pragma once
/** How telling goes, for metrics and pages. A value: whoever asks gets a copy. */
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong {

struct channel_view {
  std::string id, kind;
  bool well = true;  ///< it took the last message that it answered
  wall_t since{};    ///< of that
  std::uint64_t told = 0, failed = 0, waiting = 0;
  std::string last;  ///< what it said last, without secrets
};
struct alert_view {
  std::size_t open = 0;  ///< alerts that are not over
  bool nobody_reachable = false;
  std::vector<channel_view> channels;
};

}  // namespace changtong
