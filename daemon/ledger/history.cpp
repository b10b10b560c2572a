#include "daemon/ledger/history.h"

#include <algorithm>
#include <tuple>

namespace changtong::ledger {

using availability::outage;
using availability::state_span;

std::vector<state_span> unknown_time(const belief& b, wall_t heartbeat) {
  if (!b.known) return {{{wall_min, wall_max}, line_state::unknown, cause::not_started}};
  std::vector<state_span> all = b.unknown;
  all.push_back({{wall_min, b.first}, line_state::unknown, cause::not_started});
  all.push_back({{heartbeat, wall_max}, line_state::unknown, cause::monitor_stopped});
  std::ranges::sort(all, {}, [](const state_span& s) { return std::tuple(s.when.from, s.when.to, s.why); });
  std::vector<state_span> disjoint;
  disjoint.reserve(all.size());
  wall_t done = wall_min;
  for (state_span s : all) {
    s.when.from = std::max(s.when.from, done);
    if (s.when.empty()) continue;
    done = s.when.to;
    disjoint.push_back(s);
  }
  return disjoint;
}

void cut_holes(std::vector<outage>& outages, const std::vector<state_span>& unknown) {
  auto u = unknown.begin();
  for (outage& o : outages) {
    while (u != unknown.end() && u->when.to <= o.began) ++u;
    for (auto h = u; h != unknown.end() && h->when.from < o.ended; ++h) {
      const period hole = intersect(h->when, {o.began, o.ended});
      if (hole.empty()) continue;  // an outage that took no time
      if (!o.holes.empty() && o.holes.back().to == hole.from)
        o.holes.back().to = hole.to;
      else
        o.holes.push_back(hole);
    }
  }
}

std::vector<state_span> spans_of(const std::vector<outage>& outages, const std::vector<state_span>& unknown, period p) {
  std::vector<state_span> spans;
  auto o = outages.begin();
  const auto believed = [&](wall_t from, wall_t to) {  // up, but for the outages
    while (from < to) {
      while (o != outages.end() && o->ended <= from) ++o;
      const bool down = o != outages.end() && o->began <= from;
      const wall_t next = o == outages.end() ? to : std::min(to, down ? o->ended : o->began);
      spans.push_back({{from, next}, down ? line_state::down : line_state::up, down ? o->why : cause::none});
      from = next;
    }
  };
  wall_t at = p.from;
  for (const state_span& u : unknown) {
    const period cut = intersect(u.when, {at, p.to});
    if (cut.empty()) continue;
    believed(at, cut.from);
    spans.push_back({cut, u.state, u.why});
    at = cut.to;
  }
  if (!p.empty()) believed(at, p.to);
  return spans;
}

}  // namespace changtong::ledger
