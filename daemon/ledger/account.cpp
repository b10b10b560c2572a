#include "daemon/ledger/account.h"

#include <algorithm>

#include "daemon/availability/intervals.h"
#include "daemon/ledger/plain_tables.h"

namespace changtong::ledger {
namespace {

using availability::outage;
using availability::target_history;

/** All the time the outage may have to do with, brackets included. */
period reach_of(const outage& o) {
  const wall_t from = o.began_edge.after == wall_min ? o.began : std::min(o.began, o.began_edge.after);
  return {from, o.ended == wall_max ? wall_max : std::max(o.ended, o.ended_edge.until)};
}

}  // namespace

std::vector<governed> governed_parts(period p, const std::vector<closing_row>& closings) {
  std::vector<wall_t> edges{p.from, p.to};
  for (const closing_row& c : closings)
    for (const wall_t edge : {c.what.when.from, c.what.when.to})
      if (p.from < edge && edge < p.to) edges.push_back(edge);
  std::ranges::sort(edges);
  std::vector<governed> parts;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    governed part{{edges[i], edges[i + 1]}, as_of_now};
    if (part.when.empty()) continue;
    for (const closing_row& c : closings)
      if (c.what.when.holds(part.when.from)) part.as_of = c.seq;
    if (!parts.empty() && parts.back().as_of == part.as_of)
      parts.back().when.to = part.when.to;
    else
      parts.push_back(part);
  }
  return parts;
}

account::account(const tables& t, const frame& f)
    : tables_(t), frame_(f), heartbeat_(t.heartbeat()), first_(t.first_entry()), gaps_(t.gaps()) {
  for (const auto& [id, s] : t.states()) {
    const std::size_t number = place_of_target(s.number);
    if (states_.size() <= number) states_.resize(number + 1);
    states_[number] = s;
  }
  for (const window_row& w : t.rows<window_record>()) {
    auto& all = windows_[w.what.target == every_target ? 0 : w.number];
    auto it = std::ranges::find(all, w.what.id, &window_steps::id);
    if (it == all.end()) it = all.insert(all.end(), {w.what.id, {}});
    it->steps.push_back({w.seq, step_of(w.what)});
  }
  for (const policy_row& p : t.policies()) policies_.push_back({p.seq, p.at, window_rules_in(p.policy)});
  parts_ = governed_parts(f.when, f.frozen ? t.rows<period_closed>() : std::vector<closing_row>{});
}

/** What is unknown, from the target's own rows and the gaps that lie over every target. */
belief account::believed(const catalogued& c, target_rows& rows) const {
  belief b;
  const auto place = static_cast<std::size_t>(c.number);
  if (place >= states_.size() || !states_[place].known) return b;
  const state_row& now = states_[place];
  b.known = true;
  b.first = now.first;
  for (const unknown_row& u : rows.unknown) b.unknown.push_back({u.when, line_state::unknown, u.why});
  if (now.state == line_state::unknown) b.unknown.push_back({{now.since, wall_max}, line_state::unknown, now.why});
  for (const gap_row& g : gaps_)
    if (g.when.to != wall_max || g.seq > now.seq) b.unknown.push_back({g.when, line_state::unknown, g.why});
  return b;
}

void account::lay_scope(const catalogued& c, target_history& h) const {
  if (parts_.size() <= 1) {
    h.scope = scope_of(c, first_, frame_.now, parts_.empty() ? as_of_now : parts_.front().as_of);
    return;
  }
  std::vector<period> inside;
  for (const governed& part : parts_)
    if (const period s = intersect(scope_of(c, first_, frame_.now, part.as_of), part.when); !s.empty())
      inside.push_back(s);
  if (inside.empty()) return;
  inside = availability::united(std::move(inside));
  h.scope = {inside.front().from, inside.back().to};
  h.outside = availability::without({h.scope}, inside);
}

/** As policy_at() has it, among the versions up to entry `as_of`. */
window_rules account::rules_at(wall_t at, std::int64_t as_of) const {
  window_rules rules = policies_.empty() ? window_rules{} : policies_.front().rules;
  for (const late_policy& p : policies_)
    if (p.seq <= as_of && p.at <= at) rules = p.rules;
  return rules;
}

void account::lay_windows(const catalogued& c, target_history& h) const {
  for (const std::int64_t number : {std::int64_t{0}, c.number}) lay_windows_of(number, h);
  h.excluded = availability::united(std::move(h.excluded));
}

void account::lay_windows_of(std::int64_t number, target_history& h) const {
  const auto it = windows_.find(number);
  if (it == windows_.end()) return;
  for (const governed& part : parts_)
    for (const window_steps& w : it->second) {
      std::vector<window_step> steps;
      for (const auto& [seq, step] : w.steps)
        if (seq <= part.as_of) steps.push_back(step);
      const period p = steps.empty() ? period{} : excluded_by(steps, rules_at(steps.back().when.from, part.as_of));
      if (const period cut = parts_.size() == 1 ? p : intersect(p, part.when); !cut.empty()) h.excluded.push_back(cut);
    }
}

target_history account::history(const catalogued& c) {
  target_history h;
  h.target = c.what.id;
  lay_scope(c, h);
  if (intersect(h.scope, frame_.when).empty()) return h;
  target_rows rows;
  tables_.read(c.number, frame_.when, rows);
  period hull = frame_.when;  // holes are wanted for the whole of an outage
  for (outage& o : rows.outages) {
    if (intersect(reach_of(o), frame_.when).empty()) continue;
    o.target = h.target;
    hull = {std::min(hull.from, o.began), std::max(hull.to, o.ended)};
    h.outages.push_back(std::move(o));
  }
  if (hull != frame_.when) {
    rows = {};
    tables_.read(c.number, hull, rows);
    std::erase_if(rows.unconfirmed, [&](wall_t at) { return !frame_.when.holds(at); });
  }
  const auto unknown = unknown_time(believed(c, rows), heartbeat_);
  cut_holes(h.outages, unknown);
  h.spans = spans_of(h.outages, unknown, frame_.when);
  h.unconfirmed = std::move(rows.unconfirmed);
  lay_windows(c, h);
  return h;
}

outage account::one_outage(const catalogued& c, wall_t began) {
  std::vector<outage> one(1);
  target_rows rows;
  tables_.read(c.number, {began, began + milliseconds{1}}, rows);
  for (const outage& o : rows.outages)
    if (o.began == began) one[0] = o;
  one[0].target = c.what.id;
  target_rows whole;
  tables_.read(c.number, {one[0].began, one[0].ended}, whole);
  cut_holes(one, unknown_time(believed(c, whole), heartbeat_));
  return one[0];
}

}  // namespace changtong::ledger
