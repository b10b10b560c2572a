#pragma once
/** The monitor's own daily check (rules.md 4.5): where the policy takes it for a duty record, one a day is entered once
 * the day is over and its coverage was measured. A thread of its own, which sleeps. */
#include <functional>
#include <optional>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/host/background.h"
#include "daemon/run/recorder.h"

namespace changtong {

class daily_check {
 public:
  /** `now`: the label of now, none while the daemon stops. `records` outlives the check. Looks at once, then every
   * `pause`. */
  daily_check(std::string ledger, recorder& records, std::function<std::optional<wall_t>()> now,
              milliseconds pause = std::chrono::minutes{1});

 private:
  void look();

  std::string ledger_;
  recorder& records_;
  std::function<std::optional<wall_t>()> now_;
  host::background thread_;
};

}  // namespace changtong
