#include "daemon/verdict/paths.h"

#include <algorithm>
#include <utility>

namespace changtong::verdict {
namespace {

/** The farthest that answers; the path's length if nobody does. */
std::size_t last_of(const std::vector<hop>& hops) {
  for (std::size_t i = hops.size(); i > 0; --i)
    if (hops[i - 1]) return i - 1;
  return hops.size();
}

hop first_after(const std::vector<hop>& hops, std::size_t from) {
  for (std::size_t i = from; i < hops.size(); ++i)
    if (hops[i]) return hops[i];
  return std::nullopt;
}

std::int32_t hours_of(wall_t at) {
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::hours>(at.time_since_epoch()).count());
}

}  // namespace

path_end compare(const std::vector<hop>& usual, const seen_path& seen) {
  using where = path_end::where;
  if (seen.reached) return {.how = where::reached, .last = {}, .next = {}};
  const std::size_t known = last_of(usual), heard = last_of(seen.hops);
  if (known == usual.size()) return {.how = where::not_known, .last = {}, .next = {}};
  if (heard == seen.hops.size()) return {.how = where::nowhere, .last = {}, .next = first_after(usual, 0)};
  const hop last = seen.hops[heard];
  const auto place = std::ranges::find(usual, last);
  if (place == usual.end()) return {.how = where::elsewhere, .last = last, .next = {}};
  const auto at = static_cast<std::size_t>(place - usual.begin());
  if (at < known) return {.how = where::before, .last = last, .next = first_after(usual, at + 1)};
  return {.how = known + 1 == usual.size() ? where::at_last : where::unsure, .last = last, .next = {}};
}

usual_paths::usual_paths(std::shared_ptr<const inventory> inv)
    : inv_(std::move(inv)), number_(inv_->targets.size(), no_index), seen_(inv_->targets.size()) {}

void usual_paths::adopt(std::shared_ptr<const inventory> inv) {
  const auto before = std::exchange(inv_, std::move(inv));
  const auto numbers = std::exchange(number_, std::vector<std::uint32_t>(inv_->targets.size(), no_index));
  const auto seen = std::exchange(seen_, std::vector<std::int32_t>(inv_->targets.size()));
  for (auto& lines : shared_) lines.clear();
  for (target_index i = 0; i < inv_->targets.size(); ++i) {
    const auto was = before->index_of(inv_->targets[i].id);
    if (was == no_index || numbers[was] == no_index) continue;
    if (before->targets[was].addresses != inv_->targets[i].addresses) continue;
    number_[i] = numbers[was];
    seen_[i] = seen[was];
    shared_[number_[i]].push_back(i);
  }
}

bool usual_paths::learn(target_index t, const std::vector<hop>& hops, wall_t at) {
  seen_[t] = hours_of(at);
  std::vector<hop> path = hops;
  if (const std::vector<hop>* was = of(t); was != nullptr && was->size() == path.size()) {
    const auto agrees = [](const hop& a, const hop& b) { return !a || !b || a == b; };
    if (std::ranges::equal(*was, path, agrees))
      for (std::size_t i = 0; i < path.size(); ++i)
        if (!path[i]) path[i] = (*was)[i];
    if (*was == path) return false;
  }
  fill_holes(path);
  put(t, std::move(path));
  return true;
}

/** Behind the same last router, as far away, and nowhere contradicted: then who was silent this once is the same. */
void usual_paths::fill_holes(std::vector<hop>& path) const {
  if (path.empty() || !path.back() || std::ranges::find(path, hop{}) == path.end()) return;
  const auto through = through_.find(*path.back());
  if (through == through_.end()) return;
  for (const std::uint32_t number : through->second) {
    const std::vector<hop>& other = paths_[number];
    if (other.size() != path.size() || other.back() != path.back()) continue;
    if (!std::ranges::equal(path, other, [](const hop& a, const hop& b) { return !a || a == b; })) continue;
    path = other;
    return;
  }
}

void usual_paths::put(target_index t, std::vector<hop> hops) {
  const auto next = free_.empty() ? static_cast<std::uint32_t>(paths_.size()) : free_.back();
  const auto [known, fresh] = known_.try_emplace(std::move(hops), next);
  if (fresh) {
    if (free_.empty())
      paths_.emplace_back(), shared_.emplace_back();
    else
      free_.pop_back();
    paths_[next] = known->first;
    for (const hop& h : known->first)
      if (h && (through_[*h].empty() || through_[*h].back() != next)) through_[*h].push_back(next);
  }
  leave(t);
  number_[t] = known->second;
  shared_[known->second].push_back(t);
}

void usual_paths::leave(target_index t) {
  if (number_[t] != no_index) std::erase(shared_[number_[t]], t);
  number_[t] = no_index;
}

void usual_paths::forget(wall_t before) {
  const std::int32_t limit = hours_of(before);
  for (target_index t = 0; t < number_.size(); ++t)
    if (seen_[t] < limit) leave(t);
  std::erase_if(known_, [&](const auto& path) {
    if (!shared_[path.second].empty()) return false;
    for (const hop& h : path.first)
      if (const auto through = h ? through_.find(*h) : through_.end(); through != through_.end()) {
        std::erase(through->second, path.second);
        if (through->second.empty()) through_.erase(through);
      }
    paths_[path.second] = {};
    free_.push_back(path.second);
    return true;
  });
}

const std::vector<hop>* usual_paths::of(target_index t) const {
  return number_[t] == no_index ? nullptr : &paths_[number_[t]];
}

std::vector<target_index> usual_paths::behind(const ip_address& router) const {
  std::vector<target_index> all;
  const auto through = through_.find(router);
  if (through == through_.end()) return all;
  for (const std::uint32_t path : through->second)
    all.insert(all.end(), shared_[path].begin(), shared_[path].end());  // a line has one path
  return all;
}

}  // namespace changtong::verdict
