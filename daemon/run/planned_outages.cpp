#include "daemon/run/planned_outages.h"

#include <algorithm>
#include <utility>

namespace changtong {

namespace {
constexpr std::size_t most_for_digest = 10'000;
}

void planned_outages::adopt(std::shared_ptr<const inventory> inv) {
  inv_ = std::move(inv);
  std::erase_if(held_, [&](const auto& one) { return inv_->index_of(one.first) == no_index; });
}

bool planned_outages::in_window(std::string_view target, wall_t began, wall_t now) const {
  for (const std::string_view whose : {target, every_target})
    if (const auto of = windows_.find(whose); of != windows_.end())
      if (std::ranges::any_of(of->second, [&](const period& p) { return p.holds(began) && p.holds(now); })) return true;
  return false;
}

std::string planned_outages::name_of(const std::string& target) const {
  const auto at = inv_->index_of(target);
  const bool named = at != no_index && !inv_->targets[at].name.empty();
  return named ? inv_->targets[at].name : target;
}

std::string planned_outages::window_over(const std::string& target, wall_t began, wall_t now) const {
  if (in_window(target, began, now)) return target;
  const auto at = inv_->index_of(target);
  if (at == no_index) return {};
  for (target_index up = inv_->targets[at].parent_index; up != no_index; up = inv_->targets[up].parent_index)
    if (in_window(inv_->targets[up].id, began, now)) return inv_->targets[up].id;
  return {};
}

bool planned_outages::still_planned(held& one, wall_t now) const {
  if (!in_window(one.under, one.down.at, now)) return false;
  one.with_it = one.with_it || held_.contains(one.under);
  return one.with_it || now < one.down.confirmed + waits_for_above;
}

bool planned_outages::take(const transition& t, wall_t now) {
  const auto known = held_.find(t.target);
  if (t.to == line_state::up && known != held_.end()) {
    held_.erase(known);
    return true;
  }
  if (t.to != line_state::down) return false;
  if (known != held_.end()) return true;
  if (t.same_outage) return false;  // it began before, and was told
  std::string under = windows_.empty() ? std::string() : window_over(t.target, t.at, now);
  if (under.empty()) return false;
  held_.emplace(t.target, held{.down = t, .why = {}, .nth = next_++, .under = std::move(under), .with_it = false});
  if (for_digest_.size() < most_for_digest) for_digest_.insert(name_of(t.target));
  return true;
}

bool planned_outages::take(const cause_found& c) {
  const auto known = held_.find(c.target);
  if (known == held_.end()) return false;
  known->second.why = c;
  return true;
}

std::vector<record> planned_outages::due(wall_t now) {
  std::vector<held> over;
  for (auto& [id, one] : held_)
    if (!still_planned(one, now)) over.push_back(one);
  std::ranges::sort(over, {}, &held::nth);
  std::vector<record> out;
  for (held& one : over) {
    held_.erase(one.down.target);
    for_digest_.erase(name_of(one.down.target));  // it is told now
    out.emplace_back(std::move(one.down));
    if (one.why) out.emplace_back(std::move(*one.why));
  }
  return out;
}

std::vector<std::string> planned_outages::take_for_digest() {
  const std::set<std::string> all = std::exchange(for_digest_, {});
  return {all.begin(), all.end()};
}

}  // namespace changtong
