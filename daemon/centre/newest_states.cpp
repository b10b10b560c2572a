#include "daemon/centre/newest_states.h"

#include <algorithm>
#include <unordered_map>

#include "daemon/centre/node_books.h"
#include "daemon/observers/merged_books.h"

namespace changtong::centre {
namespace {

using availability::state_span;
using availability::target_history;
using ledger::known_target;

/** In the last instant of what is known. */
newest_state state_at(const known_target& t, const target_history& h, period last) {
  newest_state s{.target = &t};
  const auto at = std::ranges::find_if(h.spans, [&](const state_span& span) { return span.when.holds(last.from); });
  if (at != h.spans.end()) s.state = at->state, s.why = at->why;
  s.excluded = std::ranges::any_of(h.excluded, [&](const period& p) { return p.holds(last.from); });
  return s;
}

/** Of a history up to the end of what is known. */
std::optional<wall_t> since_in(const target_history& h, line_state state) {
  if (state == line_state::down && !h.outages.empty()) return h.outages.back().began;
  std::optional<wall_t> since;
  for (auto s = h.spans.rbegin(); s != h.spans.rend() && s->state == state; ++s) since = s->when.from;
  return since == wall_min ? std::nullopt : since;
}

void states_of_node(database& db, const folded_head& of, const std::function<void(const newest_state&)>& each) {
  const auto opened = open_books(db, of);
  if (!opened) throw spoken_error(words_of(opened.error()));
  std::unordered_map<std::string, ledger::state_row> rows;
  for (auto& [id, s] : opened->rows->states()) rows.emplace(std::move(id), s);
  const period last{of.folded_to - milliseconds{1}, of.folded_to};
  opened->books->histories(last, of.folded_to, {}, [&](const known_target& t, const target_history& h) {
    if (intersect(h.scope, last).empty()) return;
    newest_state s = state_at(t, h, last);
    if (const auto row = rows.find(t.id); row != rows.end() && row->second.known && row->second.state == s.state)
      s.since = s.state == line_state::down ? row->second.outage : row->second.since;
    each(s);
  });
}

void states_of_pair(database& db, const asked_node& of, const std::function<void()>& step,
                    const std::function<void(const newest_state&)>& each) {
  const wall_t end = of.known_to();
  const period last{end - milliseconds{1}, end};
  books_of_pair(db, of, step)->histories({wall_min, end}, end, {}, [&](const known_target& t, const target_history& h) {
    if (intersect(h.scope, last).empty()) return;
    newest_state s = state_at(t, h, last);
    s.since = since_in(h, s.state);
    each(s);
  });
}

}  // namespace

void newest_states(database& db, const asked_node& of, const std::function<void()>& step,
                   const std::function<void(const newest_state&)>& each) {
  if (of.known_to() == wall_t{} || of.retired()) return;
  of.pair.empty() ? states_of_node(db, of.head, each) : states_of_pair(db, of, step, each);
}

std::array<std::int64_t, 3> newest_counts(database& db, const asked_node& of) {
  std::array<std::int64_t, 3> counts{};
  const auto count = [&counts](line_state s) { ++counts.at(s == line_state::up ? 0 : s == line_state::down ? 1 : 2); };
  if (of.pair.empty())
    newest_states(db, of, {}, [&](const newest_state& s) { count(s.state); });
  else if (const wall_t end = of.known_to(); end != wall_t{} && !of.retired())
    books_of_pair(db, of, {})->states_at(end - milliseconds{1}, [&](const known_target&, line_state s) { count(s); });
  return counts;
}

}  // namespace changtong::centre
