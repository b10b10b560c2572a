#pragma once
/** Rule 10: what anchors and other targets have seen lately. Pure.
 *
 * A bad sample at `at` is our own uplink's fault if, among the questions within `interval` of it, every anchor was bad
 * and none good, and no target outside its own subtree was good. Only the last sample of each colour is kept, so the
 * two questions are for instants that are at most `interval` past: what is newer would hide what is asked for. */
#include <unordered_map>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/sample.h"
#include "daemon/core/target.h"

namespace changtong::verdict {

class anchors {
 public:
  /** What was seen of targets that are still there (by id) is kept; `old` may be null. */
  void adopt(const inventory& inv, const inventory* old);
  [[nodiscard]] bool any() const { return !anchors_.empty(); }
  /** A measured sample of an anchor. */
  void anchor_sample(target_index anchor, wall_t at, bool good);
  /** A good sample of any other target. */
  void witness(target_index target, wall_t at);
  /** Somebody was good: it is not our uplink, whatever else comes. */
  [[nodiscard]] bool contradicted(const inventory& inv, target_index target, wall_t at, milliseconds interval) const;
  /** Every anchor was bad. */
  [[nodiscard]] bool all_bad(wall_t at, milliseconds interval) const;

 private:
  struct seen {
    wall_t good = wall_min, bad = wall_min;
  };
  std::unordered_map<target_index, seen> anchors_;
  std::vector<wall_t> last_good_;  ///< by target
  wall_t latest_ = wall_min;       ///< of all, and whose it was
  target_index latest_by_ = no_index;
};

}  // namespace changtong::verdict
