#pragma once
/** What nodes said last, for a wall: in memory alone, bounded by the nodes that it is for and by what a sheet may have.
 * After a start it is empty until they speak. No clock of its own; any thread. */
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/live_text.h"
#include "daemon/core/civil.h"
#include "daemon/core/mutex.h"

namespace changtong::centre {

class live_view {
 public:
  explicit live_view(std::vector<std::string> nodes);

  /** Nothing is kept of a node that is not one of them, nor what is older than what it said before, nor what is of time
   * more than `most_ahead` after `now`. */
  void take(const std::string& node, const beat& b, wall_t now);
  void take(const std::string& node, live_sheet s, wall_t now);
  /** {"at":…,"nodes":[{"node":…,"heard":…,"heartbeat":…,"lag_ms":…,"entries":…,"sheet":…,"up":…,"down":…,"unknown":…,
   * "left_out":…,"lines":[{…,"state":…,"last_state":…}]}]}: in order of the settings; what was not heard is null, lines
   * are in order of `since`. Where no sheet came for `heard_lately` all are unknown, and `last_state` is what was
   * heard.
   */
  [[nodiscard]] std::string to_json(const civil_zone& zone, wall_t now) const;

 private:
  struct known {
    std::string node;
    std::optional<wall_t> heard;
    std::optional<beat> last_beat;
    std::optional<wall_t> sheet;  ///< when that came
    live_sheet counts;            ///< without its lines
    std::map<std::string, live_line> lines;
  };
  [[nodiscard]] known* find(const std::string& node) REQUIRES(mutex_);
  [[nodiscard]] static std::string to_json(const known& k, const civil_zone& zone, wall_t now);

  mutable mutex mutex_;
  std::vector<known> nodes_ GUARDED_BY(mutex_);
};

}  // namespace changtong::centre
