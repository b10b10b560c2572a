#include "daemon/verdict/judge.h"

#include <algorithm>
#include <utility>

namespace changtong::verdict {

judge::judge(std::shared_ptr<const inventory> inv, wall_t start, milliseconds patience)
    : inv_(std::move(inv)), causes_(inv_), patience_(patience) {
  build(*inv_, start);
}

void judge::build(const inventory& inv, wall_t start) {
  checks_.assign(inv.checks.size(),
                 check_state{.fold = check_fold(start), .target = no_index, .speed = {}, .position = 0});
  glides_.assign(inv.checks.size(), {});
  targets_.clear();
  targets_.reserve(inv.targets.size());
  reach_.clear();
  reach_.reserve(inv.checks.size());  // it stays where it is
  for (const target& t : inv.targets) {
    const std::size_t first = reach_.size();
    for (check_index c = t.first_check; t.kind != target_kind::anchor && c < t.first_check + t.check_count; ++c) {
      if (inv.checks[c].role != check_role::reach) continue;
      checks_[c].target = inv.checks[c].target;
      checks_[c].position = static_cast<std::uint8_t>(reach_.size() - first);
      reach_.push_back(c);
    }
    const std::span<const check_index> reach = std::span(reach_).subspan(first);
    targets_.push_back({.fold = target_fold(start, static_cast<std::uint32_t>(reach.size())),
                        .reach = reach,
                        .lead = leading_check(inv, t)});
  }
}

// -- one sample ------------------------------------------------------------------------------------------------------

void judge::take(const sample& s, judgement& out) {
  if (s.at <= barrier_) {
    ++muted_;
    return;
  }
  if (glide(s)) return;
  check_state& state = checks_[s.check];
  if (state.target == no_index) return;
  const check& c = inv_->checks[s.check];
  target_state& t = targets_[c.target];
  for (const check_index other : t.reach) {
    if (other == s.check) continue;
    checks_[other].fold.advance(s.at, pieces_);
    drain(c.target, other);
  }
  const run_event event = fold_in(s);
  react(s.check, event, s, out);
  stay_fast(s.check, s, out);
  settle(c.target, s.at, out);
  // A sample says nothing of its own instant's length: what it changed is written at the next advance() or sample.
  if (t.fold.state() == line_state::unknown || s.what == outcome::not_measured || event == run_event::ended ||
      event == run_event::confirmed || (event == run_event::refuted && t.fold.state() == line_state::down))
    t.quiet_until = std::min(t.quiet_until, s.at);
  take_off(s.check);
  if ((event != run_event::none && event != run_event::goes_on && event != run_event::muted) ||
      (s.what == outcome::not_measured && !state.fold.steady()))
    out.changed.push_back(s.check);
}

/** The sample into its check's fold, and what its target must know of it. */
run_event judge::fold_in(const sample& s) {
  check_state& state = checks_[s.check];
  target_state& t = owner(s.check);
  check_fold::run before;
  if (state.fold.pending()) before = state.fold.pending_run();
  sample seen = s;
  if (inv_->targets[state.target].kind != target_kind::site) seen.took = milliseconds{0};  // rule 9 asks only sites
  const run_event event = state.fold.take(inv_->checks[s.check].when, seen, pieces_);
  drain(state.target, s.check);
  if (event == run_event::muted) return event;
  if (s.what == outcome::bad)
    t.fold.bad_sample(
        state.position,
        {.at = s.at, .run = state.fold.down() ? state.fold.outage_began() : state.fold.pending_run().first});
  if (s.what == outcome::good) t.fold.good_sample(state.position, s.at, width_of(s));
  if (event == run_event::refuted) run_short(s.check, before, s.at);
  testify(s.check, s, event, before);
  return event;
}

/** What rule 7 must know of it. `before`: the check's pending run until then. */
void judge::testify(check_index c, const sample& s, run_event event, const check_fold::run& before) {
  target_state& t = owner(c);
  const std::uint32_t k = checks_[c].position;
  witnesses& w = t.fold.testimony();
  const bool at_once = event == run_event::confirmed && before.count == 0;
  if (event == run_event::began || at_once) w.run_began(k, s.at, c == t.lead);
  if (event == run_event::confirmed) w.run_confirmed(k);
  if (event == run_event::refuted) w.run_short(k, s.at);
  if (event == run_event::ended) w.outage_ended(k, before.count > 0 ? before.first : s.at);
  if (s.what == outcome::not_measured)
    w.unmeasured(k, s.at);
  else
    w.measured(k, s.at, event, s.what == outcome::good);
}

bool judge::glide(const sample& s) {
  check_fold::steady_state& g = glides_[s.check];
  if (g.speaks_until == wall_min) return false;
  if (s.what != outcome::good || s.at < g.last || s.at > g.speaks_until) {
    land(s.check);
    return false;
  }
  g = {.last = s.at, .speaks_until = s.at + s.interval * 3 / 2, .width = width_of(s)};
  return true;
}

void judge::take_off(check_index c) {
  target_state& t = owner(c);
  if (!t.fold.glides() || !checks_[c].fold.may_glide()) return;
  glides_[c] = checks_[c].fold.take_off();
  t.quiet_until = wall_max;
}

void judge::land(check_index c) {
  if (glides_[c].speaks_until == wall_min) return;
  checks_[c].fold.land(glides_[c]);
  owner(c).fold.glide(glides_[c].last);
  owner(c).fold.good_sample(checks_[c].position, glides_[c].last, glides_[c].width);
  owner(c).quiet_until = checks_[c].fold.quiet_until();
  glides_[c].speaks_until = wall_min;
}

void judge::land_all() {
  for (check_index c = 0; c < glides_.size(); ++c) land(c);
}

void judge::drain(target_index t, check_index c) {
  targets_[t].fold.push(checks_[c].position, pieces_);
  pieces_.clear();
}

/** Judges what all reach checks of the target have decided, and looks at what came of it. */
void judge::settle(target_index i, wall_t at, judgement& out) {
  target_state& t = targets_[i];
  if (t.reach.empty()) return;
  const wall_t now = std::max(at, out.now);
  wall_t decided = wall_max, quiet = wall_max;
  decided_.clear();
  for (const check_index c : t.reach) {
    decided_.push_back(checks_[c].fold.decided());
    decided = std::min(decided, decided_.back());
    quiet = std::min(quiet, checks_[c].fold.quiet_until());
  }
  t.quiet_until = quiet;
  if (decided <= t.fold.judged_until()) return;
  names_.clear();
  for (const check_index c : t.reach) names_.push_back(inv_->checks[c].id);
  std::vector<wall_t> began;  // records grow while causes are told
  const std::size_t first = out.records.size();
  t.fold.merge({inv_->targets[i].id, now, names_, decided_, patience_, out.looked_at}, out.records);
  if (t.fold.waits() && patience_ != witnesses::for_ever) t.quiet_until = wall_min;  // ask again with the time
  for (std::size_t k = first; k < out.records.size(); ++k) {
    const auto* change = std::get_if<transition>(&out.records[k]);
    if (change == nullptr) continue;
    if (change->to == line_state::up) causes_.over(i);
    if (change->to == line_state::down && !change->same_outage) began.push_back(change->at);
  }
  for (const wall_t first_bad : began) {
    causes_.explain(i, first_bad, now, states(), out.records, last_bad(i),
                    [this](target_index p, wall_t at) { return well_since(p, at); });
    causes_.explain_children(i, out.records);
  }
}

void judge::run_short(check_index c, const check_fold::run& run, wall_t at) {
  target_state& t = owner(c);
  t.fold.take_back(checks_[c].position, run.first);
  t.fold.push(short_run{.check = checks_[c].position,
                        .what = {.target = inv_->targets[inv_->checks[c].target].id,
                                 .check = inv_->checks[c].id,
                                 .at = run.first,
                                 .last = std::min(run.last, at),
                                 .samples = run.count,
                                 .why = run.why}});
}

// -- wishes ----------------------------------------------------------------------------------------------------------

void judge::want(check_index c, pace speed, bool now, bool urgent, judgement& out) {
  if (checks_[c].speed == speed && !now) return;
  checks_[c].speed = speed;
  out.wishes.push_back({.check = c, .speed = speed, .now = now, .urgent = urgent});
}

void judge::run_began(check_index c, judgement& out) {
  target_state& t = owner(c);
  want(c, pace::fast, true, true, out);
  if (c == t.lead) {
    for (const check_index other : t.reach) {
      if (other == c) continue;
      want(other, pace::fast, true, true, out);
    }
  }
  const target_index parent = inv_->targets[inv_->checks[c].target].parent_index;
  if (parent == no_index || targets_[parent].fold.state() == line_state::down) return;
  for (const check_index p : targets_[parent].reach)
    out.wishes.push_back({.check = p, .speed = std::nullopt, .now = true, .urgent = true});
}

/** Where the check has forgotten it over a restart, its target's. */
wall_t judge::outage_began(check_index c) {
  const wall_t own = checks_[c].fold.outage_began();
  const target_fold& t = owner(c).fold;
  return own == wall_min && t.in_outage() ? t.outage_began() : own;
}

/** Down beside a leader that is well, it keeps nobody else awake. */
bool judge::dead_agent(check_index c) {
  return c != owner(c).lead && checks_[c].fold.down() && !checks_[c].fold.pending();
}

/** Back to the usual pace once no check of the target is in doubt. */
void judge::calm(target_state& t, judgement& out) {
  for (const check_index c : t.reach)
    if (checks_[c].ours || (!checks_[c].fold.steady() && !dead_agent(c))) return;
  for (const check_index c : t.reach)
    if (checks_[c].fold.steady() && checks_[c].speed.value_or(pace::usual) != pace::usual)
      want(c, pace::usual, false, false, out);
}

/** Rule 10: a check whose sample was ours stays fast until its next measured one. The others are asked at once too: a
 * slow one's word must not speak through a time in which we could not see. */
void judge::stay_fast(check_index c, const sample& s, judgement& out) {
  bool& ours = checks_[c].ours;
  if (s.what == outcome::not_measured) {
    if (s.why != cause::own_uplink) return;
    want(c, pace::fast, false, true, out);
    if (!std::exchange(ours, true))
      for (const check_index other : owner(c).reach)
        if (other != c && !checks_[other].ours) want(other, pace::fast, true, true, out);
  } else if (ours) {
    ours = false;
    if (s.what == outcome::good) calm(owner(c), out);
  }
}

void judge::react(check_index c, run_event event, const sample& s, judgement& out) {
  target_state& t = owner(c);
  switch (event) {
    case run_event::began:
      run_began(c, out);
      break;
    case run_event::confirmed:
      if (inv_->checks[c].when.down_after == 1) run_began(c, out);  // its first bad sample was its last
      want(c, pace::fast, false, false, out);
      break;
    case run_event::refuted:
    case run_event::ended:
      calm(t, out);
      break;
    case run_event::recovering:
      want(c, pace::fast, false, true, out);
      break;
    case run_event::goes_on:
      if (s.at - outage_began(c) > fast_time) want(c, pace::outage, false, false, out);
      break;
    case run_event::none:
    case run_event::grew:
    case run_event::muted:
      break;
  }
}

wall_t judge::last_bad(target_index i) const {
  wall_t at = wall_min;
  for (const check_index c : targets_[i].reach) at = std::max(at, checks_[c].fold.last_bad());
  return at == wall_min ? wall_max : at;
}

bool judge::well_since(target_index i, wall_t at) const {
  const target_state& t = targets_[i];
  return std::ranges::any_of(t.reach, [&](check_index c) {
    const bool glides = glides_[c].speaks_until != wall_min;
    return (glides || checks_[c].fold.steady()) && (glides ? glides_[c].last : checks_[c].fold.last_good()) >= at;
  });
}

std::function<line_state(target_index)> judge::states() const {
  return [this](target_index t) { return targets_[t].fold.state(); };
}

// -- time without samples --------------------------------------------------------------------------------------------

void judge::advance(wall_t decided, judgement& out, const std::function<wall_t(target_index)>& site_decided) {
  settle_causes(decided, out);
  for (check_index c = 0; c < glides_.size(); ++c)
    if (glides_[c].speaks_until < decided) land(c);
  for (target_index i = 0; i < targets_.size(); ++i) {
    if (targets_[i].quiet_until >= decided) continue;
    const bool site = site_decided && inv_->targets[i].kind == target_kind::site;
    advance(i, site ? std::min(decided, site_decided(i)) : decided, out);
  }
}

void judge::advance(target_index i, wall_t decided, judgement& out) {
  target_state& t = targets_[i];
  for (const check_index c : t.reach)
    if (glides_[c].speaks_until < decided) land(c);
  if (t.quiet_until >= decided) return;
  for (const check_index c : t.reach) {
    checks_[c].fold.advance(decided, pieces_);
    drain(i, c);
  }
  settle(i, decided, out);
}

wall_t judge::settled_before(wall_t decided, const std::function<wall_t(target_index)>& site_decided) const {
  wall_t until = decided;
  until = std::min(until, causes_.earliest());
  for (target_index i = 0; i < targets_.size(); ++i) {
    const target_state& t = targets_[i];
    if (site_decided && inv_->targets[i].kind == target_kind::site) until = std::min(until, site_decided(i));
    if (t.reach.size() == 1 && glides_[t.reach.front()].speaks_until != wall_min) continue;
    until = std::min(until, t.fold.first_short_run());
    if (t.fold.waits()) until = std::min(until, t.fold.judged_until());
    for (const check_index c : t.reach)
      if (checks_[c].fold.pending()) until = std::min(until, checks_[c].fold.decided());
  }
  return until;
}

void judge::gap_over_all(period when, cause why, judgement& out) {
  land_all();
  for (target_index i = 0; i < targets_.size(); ++i) {
    for (const check_index c : targets_[i].reach) {
      checks_[c].fold.gap(when, why, pieces_);
      drain(i, c);
    }
    settle(i, when.from, out);
  }
}

}  // namespace changtong::verdict
