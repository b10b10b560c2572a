#include "daemon/ledger/projections.h"

#include <fmt/format.h>

#include <algorithm>

namespace changtong::ledger {

gap open_gap_of(const stopped& s) { return {s.at, wall_max, cause::monitor_stopped, "clean stop"}; }

void projections::load() {
  targets_.clear();
  open_gaps_.clear();
  closed_gaps_.clear();
  unknown_in_outage_.clear();
  policy_.reset();
  for (auto& [id, s] : tables_.states()) targets_.emplace(std::move(id), s);
  for (gap_row& g : tables_.gaps()) {
    if (g.when.to == wall_max)
      open_gaps_.push_back(std::move(g));
    else
      closed_gaps_.push_back(g.when);
  }
  if (auto all = tables_.policies(); !all.empty()) policy_ = std::move(all.back());
  const auto starts = tables_.starts();
  rules_ = starts.empty() ? 1 : starts.back().what.rules;
}

void projections::clear() {
  tables_.clear();
  load();
}

void projections::apply(std::int64_t seq, const entry& e) {
  std::visit([&](const auto& what) { fold(seq, what); }, e);
}

bool projections::is_resumption(const transition& t) const {
  if (t.to != line_state::up || t.why != cause::none) return false;
  const auto it = targets_.find(t.target);
  return it == targets_.end() || !it->second.outage;
}

bool projections::follows(const transition& t) const {
  const auto it = targets_.find(t.target);
  return it == targets_.end() || !it->second.known || t.at >= it->second.since;
}

bool projections::is_current(const inventory_version& v) const {
  const auto it = targets_.find(v.target);
  if (it == targets_.end()) return v.json.empty();
  return tables_.newest_version(it->second.number).value_or("") == v.json;
}

bool projections::is_current(const policy_version& p) const {
  return policy_ && policy_->zone == p.zone && policy_->policy == p.policy;
}

state_row& projections::state_of(const std::string& id) {
  const auto [it, fresh] = targets_.try_emplace(id);
  if (fresh) {
    it->second.number = static_cast<std::int64_t>(targets_.size());
    tables_.add_target(it->second.number, id);
  }
  return it->second;
}

void projections::change(std::int64_t seq, const transition& t) {
  state_row& s = state_of(t.target);
  if (s.known && t.at < s.since)
    throw refusal(both("线路 {} 在 {} 的状态变化早于已入账的上一次 {}（程序错误）",
                       "a transition of {} at {} is earlier than its last at {}", t.target, ms_of(t.at),
                       ms_of(s.since)));
  if (s.known) close_unknown(s, t.at);
  if (s.outage && (t.to == line_state::up || (t.to == line_state::down && !t.same_outage))) end_outage(s, t);
  if (t.to == line_state::down && !s.outage) {
    availability::outage o;
    o.began = t.at;
    o.confirmed = t.confirmed;
    o.began_edge = t.edge;
    o.why = t.why;
    o.decided_by = t.decided_by;
    o.after_own_uplink = t.after_own_uplink;
    o.rules = rules_;
    tables_.begin_outage(s.number, o);
    s.outage = t.at;
    unknown_in_outage_[s.number].clear();
  }
  if (!s.known) s.first = t.at;
  s.known = true;
  s.state = t.to;
  s.since = t.at;
  s.why = t.why;
  s.seq = covered_from(s, t.at).value_or(seq + 1) - 1;
  tables_.put_state(s);
}

/** The first open gap, if any, that begins later than a transition written after it: a run that was pending when the
 * monitor stopped is decided long afterwards, and the gap then still lies over the target. */
std::optional<std::int64_t> projections::covered_from(const state_row& s, wall_t at) const {
  std::optional<std::int64_t> first;
  for (auto g = open_gaps_.rbegin(); g != open_gaps_.rend() && g->seq > s.seq; ++g)
    if (g->when.from > at) first = g->seq;
  return first;
}

/** A target's own unknown belief and the open gaps written since its last transition end with this one. */
void projections::close_unknown(const state_row& s, wall_t till) {
  wall_t from = wall_max;
  cause why = cause::none;
  if (s.state == line_state::unknown) from = s.since, why = s.why;
  for (auto g = open_gaps_.rbegin(); g != open_gaps_.rend() && g->seq > s.seq; ++g)
    if (g->when.from < from) from = g->when.from, why = g->why;
  if (from < till) add_unknown(s, {{from, till}, why});
}

void projections::add_unknown(const state_row& s, const unknown_row& u) {
  tables_.add_unknown(s.number, u);
  if (const auto mine = unknown_in_outage_.find(s.number); s.outage && mine != unknown_in_outage_.end())
    mine->second.push_back(u.when);
}

/** Rule 9: where unknown lies directly before the good sample, the outage's time ends where that unknown begins. */
void projections::end_outage(state_row& s, const transition& t) {
  const wall_t ended = std::max(*s.outage, unknown_before(s.number, t.at));
  // A belief said again after lost records knows no edge of its own: then the whole unknown is the bracket.
  const bracket edge{std::min(t.edge.after, ended), t.edge.until};
  tables_.end_outage(s.number, *s.outage, ended, t.to == line_state::up ? edge : bracket{ended, t.at});
  s.outage.reset();
  unknown_in_outage_.erase(s.number);
}

/** As far back as it matters to the target's open outage. What became unknown before that began ended by then. */
wall_t projections::unknown_before(std::int64_t target, wall_t at) const {
  const auto known = unknown_in_outage_.find(target);
  for (wall_t from = at;;) {
    const wall_t was = from;
    const auto reach_back = [&](const std::vector<period>& unknown) {
      for (const period& u : unknown)
        if (u.from < from && u.to >= from) from = u.from;
    };
    if (known != unknown_in_outage_.end())
      reach_back(known->second);
    else
      from = tables_.unknown_before(target, from);
    reach_back(closed_gaps_);
    if (from == was) return from;
  }
}

void projections::fold(std::int64_t seq, const resumed& r) {
  for (const transition& t : r.lines) change(seq, t);
}

void projections::fold(std::int64_t, const unconfirmed_runs& u) {
  for (const unconfirmed_run& r : u.runs) tables_.add_unconfirmed(state_of(r.target).number, r.at);
}

void projections::fold(std::int64_t, const cause_found& c) {
  tables_.explain_outage(state_of(c.target).number, c.began, c.why, c.upstream);
}

void projections::fold(std::int64_t seq, const gap& g) {
  gap_row row{seq, {g.from, g.to}, g.why, g.text};
  tables_.add_gap(row);
  if (g.to == wall_max)
    open_gaps_.push_back(std::move(row));
  else
    closed_gaps_.push_back(row.when);
}

void projections::fold(std::int64_t seq, const started& s) {
  rules_ = s.rules;
  tables_.add_start({seq, s});
}

void projections::fold(std::int64_t seq, const stopped& s) { fold(seq, open_gap_of(s)); }

void projections::fold(std::int64_t seq, const policy_version& p) {
  policy_ = policy_row{seq, p.at, p.zone, p.policy};
  tables_.add_policy(*policy_);
}

void projections::fold(std::int64_t seq, const inventory_version& v) {
  tables_.add_version(state_of(v.target).number, {seq, v.at, v.json, v.author});
}

}  // namespace changtong::ledger
