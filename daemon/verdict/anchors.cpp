#include "daemon/verdict/anchors.h"

#include <algorithm>

namespace changtong::verdict {

void anchors::adopt(const inventory& inv, const inventory* old) {
  const auto anchors_before = std::move(anchors_);
  const auto good_before = std::move(last_good_);
  anchors_ = {};
  last_good_.assign(inv.targets.size(), wall_min);
  latest_ = wall_min;
  for (target_index i = 0; i < inv.targets.size(); ++i) {
    const auto was = old == nullptr ? inv.by_id.end() : old->by_id.find(inv.targets[i].id);
    const bool known = old != nullptr && was != old->by_id.end();
    if (inv.targets[i].kind == target_kind::anchor) {
      const auto it = known ? anchors_before.find(was->second) : anchors_before.end();
      anchors_[i] = it == anchors_before.end() ? seen{} : it->second;
    } else if (known && good_before[was->second] != wall_min) {
      witness(i, good_before[was->second]);
    }
  }
}

void anchors::anchor_sample(target_index anchor, wall_t at, bool good) {
  seen& s = anchors_[anchor];
  (good ? s.good : s.bad) = std::max(good ? s.good : s.bad, at);
}

void anchors::witness(target_index target, wall_t at) {
  last_good_[target] = std::max(last_good_[target], at);
  if (at >= latest_) {
    latest_ = at;
    latest_by_ = target;
  }
}

bool anchors::contradicted(const inventory& inv, target_index target, wall_t at, milliseconds interval) const {
  const auto recent = [&](wall_t seen) { return seen >= at - interval; };
  if (std::ranges::any_of(anchors_, [&](const auto& a) { return recent(a.second.good); })) return true;
  if (!recent(latest_)) return false;
  if (!in_subtree(inv, latest_by_, target)) return true;
  for (target_index i = 0; i < last_good_.size(); ++i)
    if (recent(last_good_[i]) && !in_subtree(inv, i, target)) return true;
  return false;
}

bool anchors::all_bad(wall_t at, milliseconds interval) const {
  return std::ranges::all_of(anchors_, [&](const auto& a) { return a.second.bad >= at - interval; });
}

}  // namespace changtong::verdict
