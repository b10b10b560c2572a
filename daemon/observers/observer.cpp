#include "daemon/observers/observer.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace changtong::observers {
namespace {

constexpr std::size_t shown_of_a_branch = 8;
constexpr milliseconds at_once{5'000};

std::string node_of(const signature& s) {
  const std::string node = s.starts.empty() ? std::string() : s.starts.back().node;
  return node.empty() ? s.file : node;
}

std::string branch_of(const signature& s) { return s.starts.empty() ? std::string() : s.starts.back().branch; }

bool is_replayed(const signature& s) { return !s.starts.empty() && s.starts.front().text.starts_with("replay"); }

/** The last branch of `s` is there, and `s` was not heard of any more when the next one began. */
bool is_beginning(const signature& s, const signature& of) {
  const auto last = std::ranges::find(of.starts, branch_of(s), &started::branch);
  if (last == of.starts.end()) return false;
  const auto next = std::next(last);
  return next == of.starts.end() || s.heartbeat <= next->at;
}

}  // namespace

bool observer::merged() const { return !offset || std::chrono::abs(*offset) <= greatest_offset; }

milliseconds observer::width() const { return offset ? milliseconds(std::chrono::abs(*offset)) : greatest_offset; }

wall_t end_of(std::span<const wall_t> heartbeats) {
  if (heartbeats.empty()) return {};
  const wall_t newest = *std::ranges::max_element(heartbeats);
  wall_t end = newest;
  for (const wall_t own : heartbeats)
    if (newest - own <= at_once) end = std::min(end, own);
  return end;
}

std::vector<std::string> names_of(const std::vector<signature>& all) {
  std::vector<std::string> nodes(all.size());
  std::ranges::transform(all, nodes.begin(), node_of);
  std::vector<std::string> names = nodes;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (const std::string branch = branch_of(all[i]); !branch.empty() && std::ranges::count(nodes, nodes[i]) > 1)
      names[i] += "@" + branch.substr(0, shown_of_a_branch);
  std::vector<std::string> told = names;
  for (std::size_t i = 0; i < all.size(); ++i)  // replays of one trace, or files that say nothing of themselves
    if (std::ranges::count(names, names[i]) > 1) told[i] += "#" + std::to_string(i + 1);
  return told;
}

std::vector<std::optional<std::size_t>> beginnings(const std::vector<signature>& all) {
  std::vector<std::optional<std::size_t>> of(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string last = branch_of(all[i]);
    if (last.empty() || is_replayed(all[i])) continue;
    for (std::size_t other = 0; other < all.size() && !of[i]; ++other) {
      if (other == i || is_replayed(all[other]) || !is_beginning(all[i], all[other])) continue;
      const auto place = [&](std::size_t at) { return std::pair(all[at].heartbeat, -static_cast<std::ptrdiff_t>(at)); };
      if (branch_of(all[other]) != last || place(other) > place(i)) of[i] = other;
    }
  }
  return of;
}

}  // namespace changtong::observers
