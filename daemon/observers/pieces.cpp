#include "daemon/observers/pieces.h"

#include <algorithm>

namespace changtong::observers {

using availability::state_span;

bool piece::any(line_state s) const {
  return std::ranges::any_of(said, [&](const state_span* span) { return span != nullptr && span->state == s; });
}

const state_span* said_at(const testimony& t, wall_t at) {
  const auto& spans = t.history->spans;
  const auto after = std::ranges::upper_bound(spans, at, {}, [](const state_span& s) { return s.when.from; });
  if (after == spans.begin()) return nullptr;
  const state_span& s = *std::prev(after);
  return s.when.holds(at) ? &s : nullptr;
}

bool says(const testimony& t, line_state s, wall_t at) {
  const state_span* said = said_at(t, at);
  return said != nullptr && said->state == s;
}

}  // namespace changtong::observers
