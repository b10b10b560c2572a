#include "daemon/ledger/rows.h"

#include <algorithm>
#include <map>

#include "daemon/availability/intervals.h"
#include "daemon/ledger/windows.h"

namespace changtong::ledger {
namespace {

using availability::outage;

constexpr const char* outage_columns_from =
    "SELECT began, ended, confirmed, began_after, began_until, ended_after, ended_until, why, found, upstream, "
    "decided_by "
    "FROM outages WHERE target=?1 AND began >= coalesce((SELECT began FROM outages WHERE target=?1 AND began <= ?2 "
    "ORDER BY began DESC LIMIT 1 OFFSET 1), ?3) ORDER BY began";

outage outage_from(statement& row, const std::string& id) {
  outage o;
  o.target = id;
  o.began = row.instant(0);
  o.confirmed = row.instant(2);
  o.began_edge = {row.instant(3), row.instant(4)};
  if (!row.is_null(1)) {
    o.ended = row.instant(1);
    o.ended_edge = {row.instant(5), row.instant(6)};
  }
  o.why = row.why(7);
  o.found = row.why(8);
  o.upstream = row.text(9);
  o.decided_by = row.text(10);
  return o;
}

/** All the time the outage may have to do with, brackets included. */
period reach_of(const outage& o) {
  const wall_t from = o.began_edge.after == wall_min ? o.began : std::min(o.began, o.began_edge.after);
  return {from, o.ended == wall_max ? wall_max : std::max(o.ended, o.ended_edge.until)};
}

}  // namespace

wall_t heartbeat_in(store& s) {
  statement& head = s.prepared("SELECT heartbeat FROM head");
  const wall_t at = head.rows().step() ? head.instant(0) : wall_t{};
  head.reset();
  return at;
}

wall_t first_in(store& s) {
  statement& first = s.prepared("SELECT at FROM journal ORDER BY seq LIMIT 1");
  const wall_t at = first.rows().step() ? first.instant(0) : wall_max;
  first.reset();
  return at;
}

rows::rows(store& s, std::int64_t only) : store_(s), heartbeat_(heartbeat_in(s)) {
  read_states(only);
  read_gaps();
  read_windows(only);
}

void rows::read_states(std::int64_t only) {
  statement& all =
      store_.prepared(only == 0 ? "SELECT target, state, since, why, seq, first FROM states"
                                : "SELECT target, state, since, why, seq, first FROM states WHERE target=?");
  if (only == 0)
    all.rows();
  else
    all.rows(only);
  while (all.step()) {
    const auto number = static_cast<std::size_t>(all.integer(0));
    if (states_.size() <= number) states_.resize(number + 1);
    const std::string_view name = all.text(1);
    states_[number] = {
        true,           name == "up" ? line_state::up : name == "down" ? line_state::down : line_state::unknown,
        all.why(3),     all.instant(2),
        all.instant(5), all.integer(4)};
  }
  all.reset();
}

void rows::read_gaps() {
  statement& all = store_.prepared("SELECT seq, at, till, why FROM gaps ORDER BY seq");
  for (all.rows(); all.step();)
    gaps_.push_back({all.integer(0), {all.instant(1), all.is_null(2) ? wall_max : all.instant(2)}, all.why(3)});
  all.reset();
}

void rows::read_windows(std::int64_t only) {
  std::map<std::pair<std::int64_t, std::string>, std::vector<window_step>> windows;
  statement& all = store_.prepared(
      "SELECT target, id, at, begins, ends, state FROM windows WHERE ?1 = 0 OR target = ?1 ORDER BY target, id, seq");
  for (all.rows(only); all.step();)
    windows[{all.integer(0), std::string(all.text(1))}].push_back(
        {all.instant(2), {all.instant(3), all.instant(4)}, std::string(all.text(5))});
  all.reset();
  for (const auto& [key, steps] : windows)
    if (const period p = excluded_by(steps); !p.empty()) excluded_[key.first].push_back(p);
  for (auto& [number, periods] : excluded_) periods = availability::united(std::move(periods));
}

std::vector<outage> rows::outages(std::int64_t number, const std::string& id, period p) {
  std::vector<outage> touching;
  statement& row = store_.prepared(outage_columns_from);
  for (row.rows(number, p.from, wall_min); row.step();) {
    const bool beyond = row.instant(0) >= p.to;  // the first one after the period may reach into it by its bracket
    outage o = outage_from(row, id);
    if (!intersect(reach_of(o), p).empty()) touching.push_back(std::move(o));
    if (beyond) break;
  }
  row.reset();
  return touching;
}

/** What is unknown inside `p`, from the target's own rows and the gaps that lie over every target. */
belief rows::believed(std::int64_t number, period p) {
  belief b;
  const auto place = static_cast<std::size_t>(number);
  if (place >= states_.size() || !states_[place].known) return b;
  const current& now = states_[place];
  b.known = true;
  b.first = now.first;
  statement& row = store_.prepared(
      "SELECT at, till, why FROM unknowns WHERE target=?1 AND at < ?3 AND at >= coalesce((SELECT at FROM unknowns "
      "WHERE target=?1 AND at <= ?2 ORDER BY at DESC LIMIT 1 OFFSET 2), ?4)");
  for (row.rows(number, p.from, p.to, wall_min); row.step();)
    b.unknown.push_back({{row.instant(0), row.instant(1)}, line_state::unknown, row.why(2)});
  row.reset();
  if (now.state == line_state::unknown) b.unknown.push_back({{now.since, wall_max}, line_state::unknown, now.why});
  for (const gap_row& g : gaps_)
    if (g.when.to != wall_max || g.seq > now.seq) b.unknown.push_back({g.when, line_state::unknown, g.why});
  return b;
}

std::vector<wall_t> rows::unconfirmed(std::int64_t number, period p) {
  std::vector<wall_t> firsts;
  statement& row = store_.prepared("SELECT at, runs FROM unconfirmed WHERE target=? AND at >= ? AND at < ?");
  for (row.rows(number, p.from, p.to); row.step();)
    firsts.insert(firsts.end(), static_cast<std::size_t>(row.integer(1)), row.instant(0));
  row.reset();
  return firsts;
}

availability::target_history rows::history(std::int64_t number, const std::string& id, period scope, period p) {
  availability::target_history h;
  h.target = id;
  h.scope = scope;
  if (intersect(scope, p).empty()) return h;
  h.outages = outages(number, id, p);
  period hull = p;  // holes are wanted for the whole of an outage
  for (const outage& o : h.outages) hull = {std::min(hull.from, o.began), std::max(hull.to, o.ended)};
  const auto unknown = unknown_time(believed(number, hull), heartbeat_);
  cut_holes(h.outages, unknown);
  h.spans = spans_of(h.outages, unknown, p);
  h.unconfirmed = unconfirmed(number, p);
  if (const auto it = excluded_.find(number); it != excluded_.end()) h.excluded = it->second;
  return h;
}

outage rows::one_outage(std::int64_t number, const std::string& id, wall_t began) {
  statement& row = store_.prepared(outage_columns_from);
  (void)row.rows(number, began, wall_min);
  std::vector<outage> one(1);
  while (row.step()) {
    if (row.instant(0) != began) continue;
    one[0] = outage_from(row, id);
    break;
  }
  row.reset();
  cut_holes(one, unknown_time(believed(number, {one[0].began, one[0].ended}), heartbeat_));
  return one[0];
}

}  // namespace changtong::ledger
