#pragma once
/** Rule 10: when is a bad sample our own uplink's fault? Pure.
 *
 * Only if every anchor was bad within one interval of it and nobody outside its own subtree was good. Where the last
 * good sample of the others is younger than that interval we keep the sample bad: in doubt it is not converted. */
#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/sample.h"
#include "daemon/core/target.h"

namespace changtong::verdict {

class anchors {
 public:
  void adopt(const inventory& inv);
  [[nodiscard]] bool any() const { return !rings_.empty(); }
  /** A measured sample of an anchor. */
  void anchor_sample(target_index anchor, wall_t at, bool good);
  /** A good sample of any other target. */
  void witness(target_index target, wall_t at) {
    last_good_[target] = at;
    if (at >= latest_) {
      latest_ = at;
      latest_by_ = target;
    }
  }
  /** Would a bad sample of `target` at `at` be ours? */
  [[nodiscard]] bool own_uplink(const inventory& inv, target_index target, wall_t at, milliseconds interval) const;

 private:
  static constexpr std::size_t ring_size = 32;
  struct ring {
    std::array<std::pair<wall_t, bool>, ring_size> seen{};
    std::size_t count = 0;
  };
  std::unordered_map<target_index, ring> rings_;
  std::vector<wall_t> last_good_;
  wall_t latest_ = wall_min;
  target_index latest_by_ = no_index;
};

}  // namespace changtong::verdict
