#include "daemon/verdict/anchors.h"

#include <algorithm>

namespace changtong::verdict {

void anchors::adopt(const inventory& inv) {
  rings_.clear();
  last_good_.assign(inv.targets.size(), wall_min);
  latest_ = wall_min;
  latest_by_ = no_index;
  for (target_index i = 0; i < inv.targets.size(); ++i)
    if (inv.targets[i].kind == target_kind::anchor) rings_[i] = {};
}

void anchors::anchor_sample(target_index anchor, wall_t at, bool good) {
  ring& r = rings_[anchor];
  r.seen[r.count++ % ring_size] = {at, good};
}

bool anchors::own_uplink(const inventory& inv, target_index target, wall_t at, milliseconds interval) const {
  if (rings_.empty()) return false;
  for (const auto& [anchor, r] : rings_) {
    bool bad = false;
    for (std::size_t i = 0; i < std::min(r.count, ring_size); ++i) {
      const auto& [seen, good] = r.seen[i];
      if (seen < at - interval || seen > at + interval) continue;
      if (good) return false;
      bad = true;
    }
    if (!bad) return false;
  }
  if (latest_ < at - interval) return true;
  if (!in_subtree(inv, latest_by_, target)) return false;
  for (target_index i = 0; i < last_good_.size(); ++i)
    if (last_good_[i] >= at - interval && !in_subtree(inv, i, target)) return false;
  return true;
}

}  // namespace changtong::verdict
