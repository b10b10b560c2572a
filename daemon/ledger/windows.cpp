#include "daemon/ledger/windows.h"

#include <algorithm>

namespace changtong::ledger {

period excluded_by(const std::vector<window_step>& steps) {
  const window_step* decides = nullptr;
  wall_t end{};
  const auto in_force = [&](wall_t at) {
    return decides != nullptr && decides->state == "approved" && decides->at < decides->when.from &&
           decides->when.from <= at;
  };
  for (const window_step& s : steps) {
    if (in_force(s.at)) {
      const wall_t wanted = s.state == "cancelled" ? s.at : std::max(s.when.to, s.at);
      end = std::min(end, wanted);
    } else {
      decides = &s;
      end = s.when.to;
    }
  }
  if (!in_force(wall_max)) return {};
  return {decides->when.from, end};
}

}  // namespace changtong::ledger
