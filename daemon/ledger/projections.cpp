#include "daemon/ledger/projections.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/ledger/schema.h"

namespace changtong::ledger {

void projections::load() {
  targets_.clear();
  open_gaps_.clear();
  closed_gaps_.clear();
  statement& all = store_.prepared(
      "SELECT t.id, t.target, s.state, s.since, s.why, s.seq, s.first, s.outage FROM targets t LEFT JOIN states s "
      "USING(target)");
  for (all.rows(); all.step();) {
    target_state s;
    s.number = all.integer(1);
    s.known = !all.is_null(2);
    if (s.known) {
      const std::string_view name = all.text(2);
      s.state = name == "up" ? line_state::up : name == "down" ? line_state::down : line_state::unknown;
      s.since = all.instant(3);
      s.why = all.why(4);
      s.seq = all.integer(5);
      s.first = all.instant(6);
      if (!all.is_null(7)) s.outage = all.instant(7);
    }
    targets_.emplace(all.text(0), s);
  }
  all.reset();
  statement& gaps = store_.prepared("SELECT seq, at, till, why FROM gaps ORDER BY seq");
  for (gaps.rows(); gaps.step();) {
    if (gaps.is_null(2))
      open_gaps_.push_back({gaps.integer(0), gaps.instant(1), gaps.why(3)});
    else
      closed_gaps_.push_back({gaps.instant(1), gaps.instant(2)});
  }
  gaps.reset();
}

void projections::clear() {
  for (const char* name : projection_names) store_.execute(fmt::format("DELETE FROM {}", name).c_str());
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

bool projections::is_current(const inventory_version& v) {
  const auto it = targets_.find(v.target);
  if (it == targets_.end()) return v.json.empty();
  statement& last = store_.prepared("SELECT json FROM inventory WHERE target=? ORDER BY seq DESC LIMIT 1");
  const bool same = last.rows(it->second.number).step() ? last.text(0) == v.json : v.json.empty();
  last.reset();
  return same;
}

bool projections::is_current(const policy_version& p) {
  statement& last = store_.prepared("SELECT zone, policy FROM policies ORDER BY seq DESC LIMIT 1");
  const bool same = last.rows().step() && last.text(0) == p.zone && last.text(1) == p.policy;
  last.reset();
  return same;
}

projections::target_state& projections::state_of(const std::string& id) {
  const auto [it, fresh] = targets_.try_emplace(id);
  if (fresh) {
    it->second.number = static_cast<std::int64_t>(targets_.size());
    store_.prepared("INSERT INTO targets(target, id) VALUES(?, ?)").run(it->second.number, id);
  }
  return it->second;
}

void projections::save(const target_state& s) {
  statement& put = store_.prepared(
      "INSERT OR REPLACE INTO states(target, state, since, why, seq, first, outage) VALUES(?, ?, ?, ?, ?, ?, ?)");
  const std::string name(name_of(s.state));
  if (s.outage)
    put.run(s.number, name, s.since, s.why, s.seq, s.first, *s.outage);
  else
    put.run(s.number, name, s.since, s.why, s.seq, s.first, nullptr);
}

void projections::change(std::int64_t seq, const transition& t) {
  target_state& s = state_of(t.target);
  if (s.known && t.at < s.since)
    throw refusal(fmt::format(
        "线路 {} 的状态变化早于已入账的上一次（程序错误）/ a transition of {} at {} is earlier than its last at {}",
        t.target, t.target, ms_of(t.at), ms_of(s.since)));
  if (s.known) close_unknown(s, t.at);
  if (s.outage && (t.to == line_state::up || (t.to == line_state::down && !t.same_outage))) end_outage(s, t);
  if (t.to == line_state::down && !s.outage) {
    store_
        .prepared(
            "INSERT OR REPLACE INTO outages(target, began, confirmed, began_after, began_until, why, found, upstream, "
            "decided_by) VALUES(?, ?, ?, ?, ?, ?, 'none', '', ?)")
        .run(s.number, t.at, t.confirmed, t.edge.after, t.edge.until, t.why, t.decided_by);
    s.outage = t.at;
  }
  if (!s.known) s.first = t.at;
  s.known = true;
  s.state = t.to;
  s.since = t.at;
  s.why = t.why;
  s.seq = seq;
  save(s);
}

/** A target's own unknown belief and the open gaps written since its last transition end with this one. */
void projections::close_unknown(const target_state& s, wall_t till) {
  wall_t from = wall_max;
  cause why = cause::none;
  if (s.state == line_state::unknown) from = s.since, why = s.why;
  for (auto g = open_gaps_.rbegin(); g != open_gaps_.rend() && g->seq > s.seq; ++g)
    if (g->from < from) from = g->from, why = g->why;
  if (from >= till) return;
  store_
      .prepared(
          "INSERT INTO unknowns(target, at, till, why) VALUES(?, ?, ?, ?) "
          "ON CONFLICT(target, at) DO UPDATE SET till = max(till, excluded.till)")
      .run(s.number, from, till, why);
}

/** Rule 9: where unknown lies directly before the good sample, the outage's time ends where that unknown begins. */
void projections::end_outage(target_state& s, const transition& t) {
  const wall_t ended = std::max(*s.outage, unknown_before(s.number, t.at));
  const bracket edge = t.to == line_state::up ? t.edge : bracket{ended, t.at};
  store_.prepared("UPDATE outages SET ended=?, ended_after=?, ended_until=? WHERE target=? AND began=?")
      .run(ended, edge.after, edge.until, s.number, *s.outage);
  s.outage.reset();
}

wall_t projections::unknown_before(std::int64_t target, wall_t at) {
  statement& touching = store_.prepared("SELECT min(at) FROM unknowns WHERE target=? AND at < ? AND till >= ?");
  for (wall_t from = at;;) {
    const wall_t was = from;
    if (touching.rows(target, from, from).step() && !touching.is_null(0)) from = touching.instant(0);
    touching.reset();
    for (const period& g : closed_gaps_)
      if (g.from < from && g.to >= from) from = g.from;
    if (from == was) return from;
  }
}

void projections::fold(std::int64_t seq, const resumed& r) {
  for (const transition& t : r.lines) change(seq, t);
}

void projections::fold(std::int64_t, const unconfirmed_runs& u) {
  for (const unconfirmed_run& r : u.runs)
    store_
        .prepared(
            "INSERT INTO unconfirmed(target, at, runs) VALUES(?, ?, 1) ON CONFLICT(target, at) DO UPDATE SET runs = "
            "runs + 1")
        .run(state_of(r.target).number, r.at);
}

void projections::fold(std::int64_t, const cause_found& c) {
  store_.prepared("UPDATE outages SET found=?, upstream=? WHERE target=? AND began=?")
      .run(c.why, c.upstream, state_of(c.target).number, c.began);
}

void projections::fold(std::int64_t seq, const gap& g) {
  statement& put = store_.prepared("INSERT INTO gaps(seq, at, till, why, text) VALUES(?, ?, ?, ?, ?)");
  if (g.to == wall_max) {
    put.run(seq, g.from, nullptr, g.why, g.text);
    open_gaps_.push_back({seq, g.from, g.why});
  } else {
    put.run(seq, g.from, g.to, g.why, g.text);
    closed_gaps_.push_back({g.from, g.to});
  }
}

void projections::fold(std::int64_t seq, const stopped& s) {
  fold(seq, gap{s.at, wall_max, cause::monitor_stopped, "clean stop"});
}

void projections::fold(std::int64_t seq, const policy_version& p) {
  store_.prepared("INSERT INTO policies(seq, at, zone, policy) VALUES(?, ?, ?, ?)").run(seq, p.at, p.zone, p.policy);
}

void projections::fold(std::int64_t seq, const inventory_version& v) {
  store_.prepared("INSERT INTO inventory(target, seq, at, json, author) VALUES(?, ?, ?, ?, ?)")
      .run(state_of(v.target).number, seq, v.at, v.json, v.author);
}

void projections::fold(std::int64_t seq, const window_record& w) {
  store_.prepared("INSERT INTO windows(target, id, seq, at, begins, ends, state) VALUES(?, ?, ?, ?, ?, ?, ?)")
      .run(state_of(w.target).number, w.id, seq, w.at, w.from, w.to, w.state);
}

void projections::fold(std::int64_t seq, const annotation& a) {
  store_.prepared("INSERT INTO annotations(target, about, seq, at, author, text) VALUES(?, ?, ?, ?, ?, ?)")
      .run(state_of(a.target).number, a.about, seq, a.at, a.author, a.text);
}

void projections::fold(std::int64_t seq, const duty_record& d) {
  store_.prepared("INSERT INTO duties(day, seq, at, person, source, author, text) VALUES(?, ?, ?, ?, ?, ?, ?)")
      .run(d.day, seq, d.at, d.person, d.source, d.author, d.text);
}

void projections::fold(std::int64_t seq, const period_closed& c) {
  store_
      .prepared(
          "INSERT INTO closings(seq, at, begins, ends, version, author, reason, figures, sheet, changes) "
          "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(seq, c.at, c.when.from, c.when.to, c.version, c.author, c.reason, c.figures, c.sheet, c.changes);
}

}  // namespace changtong::ledger
