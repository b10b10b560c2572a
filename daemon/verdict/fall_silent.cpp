#include "daemon/verdict/fall_silent.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace changtong::verdict {
namespace {

void add(std::vector<piece>& to, const piece& like, period part, bool up) {
  if (part.empty()) return;
  to.push_back(like);
  to.back().when = part;
  if (up) return;
  to.back().state = line_state::unknown;
  to.back().why = cause::silent;
}

}  // namespace

void fall_silent(passing<piece>& queue, std::span<const period> when, std::uint64_t& looked_at) {
  if (when.empty()) return;
  const auto first = std::ranges::upper_bound(queue, when.front().from, {}, [](const piece& p) { return p.when.to; });
  auto last = first;
  std::vector<piece> instead;
  for (; last != queue.end() && last->when.from < when.back().to; ++last) {
    const piece& p = *last;
    while (!when.empty() && when.front().to <= p.when.from) when = when.subspan(1);
    ++looked_at;
    if (p.state != line_state::up) {
      instead.push_back(p);
      continue;
    }
    wall_t from = p.when.from;
    for (std::size_t i = 0; i < when.size() && when[i].from < p.when.to; ++i, ++looked_at) {
      const period cut = intersect({from, p.when.to}, when[i]);
      if (cut.empty()) continue;
      add(instead, p, {from, cut.from}, true);
      add(instead, p, cut, false);
      from = cut.to;
    }
    add(instead, p, {from, p.when.to}, true);
  }
  queue.replace(first, last, std::move(instead));
}

}  // namespace changtong::verdict
