#pragma once
/** Time cut wherever an observer changes its mind, and who says what in each piece. Internal to daemon/observers. */
#include <algorithm>
#include <span>
#include <vector>

#include "daemon/observers/merge.h"

namespace changtong::observers {

struct piece {
  period when{};
  std::vector<const availability::state_span*> said;  ///< by rank; null: says nothing
  [[nodiscard]] bool any(line_state s) const;
};
/** Calls `each` with every piece in order, from the first word to the last. */
template <class F>
void in_pieces(std::span<const testimony> of, F each) {
  std::vector<wall_t> edges;
  for (const testimony& t : of)
    for (const availability::state_span& s : t.history->spans) edges.push_back(s.when.from), edges.push_back(s.when.to);
  std::ranges::sort(edges);
  const auto same = std::ranges::unique(edges);
  edges.erase(same.begin(), same.end());
  std::vector<std::size_t> next(of.size());
  piece p;
  for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
    p.when = {edges[e], edges[e + 1]};
    p.said.assign(of.size(), nullptr);
    for (std::size_t i = 0; i < of.size(); ++i) {
      const auto& spans = of[i].history->spans;
      while (next[i] < spans.size() && spans[next[i]].when.to <= p.when.from) ++next[i];
      if (next[i] < spans.size() && spans[next[i]].when.holds(p.when.from)) p.said[i] = &spans[next[i]];
    }
    each(p);
  }
}

/** What it says at an instant; null: nothing. */
[[nodiscard]] const availability::state_span* said_at(const testimony& t, wall_t at);
[[nodiscard]] bool says(const testimony& t, line_state s, wall_t at);

}  // namespace changtong::observers
