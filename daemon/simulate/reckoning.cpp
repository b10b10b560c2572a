#include "daemon/simulate/reckoning.h"

#include <algorithm>

namespace changtong::simulate {

bool inside(const bracket& b, wall_t edge) {
  constexpr milliseconds rounding{1};
  return edge >= (b.after == wall_min ? wall_min : b.after - rounding) && edge <= b.until + rounding;
}

namespace {

void count_edge(reckoning& a, const bracket& b, wall_t edge) {
  ++a.edges;
  if (inside(b, edge)) ++a.edges_inside;
}

}  // namespace

void settle(reckoning& a, wall_t now, milliseconds patience) {
  a.seen = a.missed = a.pending = a.unended = a.edges = a.edges_inside = 0;
  std::vector<milliseconds> detections;
  for (const caused_outage& o : a.outages) {
    if (!o.seen) {
      ++(o.began + patience > now ? a.pending : a.missed);
      continue;
    }
    ++a.seen;
    detections.push_back(*o.seen - o.began);
    count_edge(a, o.down->edge, o.began);
    if (o.ended && o.up)
      count_edge(a, o.up->edge, *o.ended);
    else if (o.ended && *o.ended + patience <= now)
      ++a.unended;
  }
  if (detections.empty()) return;
  std::sort(detections.begin(), detections.end());
  const std::size_t middle = detections.size() / 2;
  a.median_detection =
      detections.size() % 2 == 1 ? detections[middle] : (detections[middle - 1] + detections[middle]) / 2;
  a.worst_detection = detections.back();
}

}  // namespace changtong::simulate
