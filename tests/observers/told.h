#pragma once
/** What observers say in these tests: instants are seconds from a beginning, a history is written as its pieces. */
#include <memory>
#include <string>
#include <vector>

#include "daemon/observers/merge.h"

namespace changtong::observers {

inline wall_t at(std::int64_t second) { return wall_from_ms(1'773'417'600'000 + second * 1000); }
inline period during(std::int64_t from, std::int64_t to) { return {at(from), at(to)}; }

struct said_piece {
  std::int64_t from, to;
  line_state state;
};
inline constexpr line_state up = line_state::up, down = line_state::down;

/** An outage with plain brackets: a second before each edge. `to` 0: open. */
inline availability::outage outage_of(std::int64_t from, std::int64_t to, const std::string& check = "L1/icmp") {
  availability::outage o;
  o.target = "L1";
  o.began = at(from);
  o.confirmed = at(from + 2);
  o.began_edge = {at(from - 1), at(from)};
  o.why = cause::timeout;
  o.decided_by = check;
  if (to == 0) return o;
  o.ended = at(to);
  o.ended_edge = {at(to - 1), at(to)};
  return o;
}

inline availability::target_history history_of(const std::vector<said_piece>& pieces,
                                               std::vector<availability::outage> outages = {}) {
  availability::target_history h;
  h.target = "L1";
  h.scope = during(0, 1000);
  for (const said_piece& p : pieces) h.spans.push_back({during(p.from, p.to), p.state, cause::none});
  h.outages = std::move(outages);
  return h;
}

}  // namespace changtong::observers
