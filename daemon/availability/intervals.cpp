#include "daemon/availability/intervals.h"

#include <algorithm>

namespace changtong::availability {

std::vector<period> united(std::vector<period> periods) {
  std::erase_if(periods, [](const period& p) { return p.empty(); });
  if (!std::ranges::is_sorted(periods)) std::ranges::sort(periods);
  std::size_t last = 0;
  for (std::size_t i = 1; i < periods.size(); ++i) {
    if (periods[i].from <= periods[last].to)
      periods[last].to = std::max(periods[last].to, periods[i].to);
    else
      periods[++last] = periods[i];
  }
  if (!periods.empty()) periods.resize(last + 1);
  return periods;
}

std::vector<period> without(const std::vector<period>& from, const std::vector<period>& holes) {
  std::vector<period> left;
  auto hole = holes.begin();
  for (period p : from) {
    while (hole != holes.end() && hole->to <= p.from) ++hole;
    for (auto h = hole; h != holes.end() && h->from < p.to; ++h) {
      if (h->from > p.from) left.push_back({p.from, h->from});
      p.from = h->to;
    }
    if (!p.empty()) left.push_back(p);
  }
  return left;
}

std::vector<period> clipped(const std::vector<period>& periods, period frame) {
  std::vector<period> inside;
  for (const period& p : periods)
    if (const period cut = intersect(p, frame); !cut.empty()) inside.push_back(cut);
  return inside;
}

milliseconds total(const std::vector<period>& periods) {
  milliseconds sum{0};
  for (const period& p : periods) sum += p.length();
  return sum;
}

}  // namespace changtong::availability
