#include "daemon/centre/newest_states.h"

#include <algorithm>
#include <unordered_map>

namespace changtong::centre {

void newest_states(database& db, const folded_head& of, const std::function<void(const newest_state&)>& each) {
  if (of.folded_to == wall_t{} || of.retired) return;
  const auto opened = open_books(db, of);
  if (!opened) throw spoken_error(words_of(opened.error()));
  std::unordered_map<std::string, ledger::state_row> rows;
  for (auto& [id, s] : opened->rows->states()) rows.emplace(std::move(id), s);
  const period last{of.folded_to - milliseconds{1}, of.folded_to};
  opened->books->histories(
      last, of.folded_to, {}, [&](const ledger::known_target& t, const availability::target_history& h) {
        if (intersect(h.scope, last).empty()) return;
        newest_state s{.target = &t};
        const auto at = std::ranges::find_if(h.spans, [&](const auto& span) { return span.when.holds(last.from); });
        if (at != h.spans.end()) s.state = at->state, s.why = at->why;
        if (const auto row = rows.find(t.id); row != rows.end() && row->second.known && row->second.state == s.state)
          s.since = s.state == line_state::down ? row->second.outage : row->second.since;
        s.excluded = std::ranges::any_of(h.excluded, [&](const period& p) { return p.holds(last.from); });
        each(s);
      });
}

}  // namespace changtong::centre
