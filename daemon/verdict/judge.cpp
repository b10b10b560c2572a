#include "daemon/verdict/judge.h"

#include <algorithm>
#include <limits>

namespace changtong::verdict {

judge::judge(std::shared_ptr<const inventory> inv, wall_t start) : inv_(std::move(inv)) {
  build(*inv_, start);
  anchors_.adopt(*inv_, nullptr);
}

void judge::build(const inventory& inv, wall_t start) {
  checks_.assign(inv.checks.size(), check_state{.fold = check_fold(start),
                                                .target = no_index,
                                                .position = 0,
                                                .speed = {},
                                                .run = {},
                                                .due = {},
                                                .asked = {}});
  glides_.assign(inv.checks.size(), {});
  targets_.clear();
  targets_.reserve(inv.targets.size());
  for (const target& t : inv.targets) {
    std::vector<check_index> reach;
    for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
      if (inv.checks[c].role != check_role::reach) continue;
      checks_[c].target = inv.checks[c].target;
      checks_[c].position = static_cast<std::uint32_t>(reach.size());
      reach.push_back(c);
    }
    const auto count = static_cast<std::uint32_t>(reach.size());
    targets_.push_back({.fold = target_fold(start, count), .reach = std::move(reach), .lead = leading_check(inv, t)});
  }
}

// -- one sample ------------------------------------------------------------------------------------------------------

void judge::take(const sample& s, judgement& out) {
  if (s.at <= barrier_) {
    ++muted_;
    return;
  }
  review(s.at, out);
  if (glide(s)) return;
  check_state& state = checks_[s.check];
  if (state.target == no_index) return;
  const check& c = inv_->checks[s.check];
  if (inv_->targets[c.target].kind == target_kind::anchor) {
    if (s.what != outcome::not_measured) anchors_.anchor_sample(c.target, s.at, s.what == outcome::good);
    return;
  }
  target_state& t = targets_[c.target];
  for (const check_index other : t.reach) {
    if (other == s.check) continue;
    checks_[other].fold.advance(s.at, pieces_);
    drain(c.target, other);
  }
  if (s.what == outcome::good && anchors_.any()) anchors_.witness(c.target, s.at);
  const run_event event = fold_in(s, out);
  react(s.check, event, s, out);
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
run_event judge::fold_in(const sample& s, judgement& out) {
  check_state& state = checks_[s.check];
  target_state& t = owner(s.check);
  timing rules = inv_->checks[s.check].when;
  const bool doubted = anchors_.any() && !state.fold.down();
  if (doubted) rules.down_after = std::numeric_limits<std::uint16_t>::max();  // doubt() confirms
  if (state.due && s.what != outcome::not_measured) decide(s.check, out);     // a second sample of that very instant
  check_fold::run before;
  if (state.fold.pending()) before = state.fold.pending_run();
  if (s.what == outcome::good && doubted && state.fold.pending()) cut_others(s.check);
  run_event event = state.fold.take(rules, s, pieces_);
  drain(state.target, s.check);
  if (event == run_event::muted) return event;
  note_asked(s.check, s.at);
  if (s.what == outcome::bad) t.fold.bad_sample(state.position, s.at);
  if (s.what == outcome::good) t.fold.good_sample(state.position, s.at, width_of(s));
  if (event == run_event::refuted) {
    run_short(s.check, before, s.at);
    state.run.clear();
  }
  if (doubted && (event == run_event::began || event == run_event::grew) && doubt(s.check, s, event)) {
    cut_others(s.check);
    state.fold.confirm(pieces_);
    drain(state.target, s.check);
    state.run.clear();
    event = run_event::confirmed;
  }
  return event;
}

bool judge::glide(const sample& s) {
  check_fold::steady_state& g = glides_[s.check];
  if (g.speaks_until == wall_min) return false;
  if (s.what != outcome::good || s.at < g.last || s.at > g.speaks_until) {
    land(s.check);
    return false;
  }
  g = {.last = s.at, .speaks_until = s.at + s.interval * 3 / 2, .width = width_of(s)};
  if (anchors_.any()) anchors_.witness(checks_[s.check].target, s.at);
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
  for (const check_index c : t.reach) {
    decided = std::min(decided, checks_[c].fold.decided());
    quiet = std::min(quiet, checks_[c].fold.quiet_until());
  }
  t.quiet_until = quiet;
  if (decided <= t.fold.judged_until()) return;
  names_.clear();
  for (const check_index c : t.reach) names_.push_back(inv_->checks[c].id);
  const std::size_t first = out.records.size();
  t.fold.merge(decided, inv_->targets[i].id, now, names_, out.records);
  for (std::size_t k = first; k < out.records.size(); ++k) {
    const auto* change = std::get_if<transition>(&out.records[k]);
    if (change == nullptr) continue;
    if (change->to == line_state::up) t.cause_open = false;
    if (change->to != line_state::down || change->same_outage) continue;
    t.cause_open = true;
    explain(i, change->at, now, out);
    explain_children(i, out);
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

void judge::run_began(check_index c, const sample& s, judgement& out) {
  target_state& t = owner(c);
  want(c, pace::fast, true, true, out);
  if (c == t.lead) {
    for (const check_index other : t.reach) {
      if (other == c) continue;
      if (!anchors_.any()) checks_[other].fold.cut(s.at);  // else once it is known whose fault it was
      want(other, pace::fast, true, true, out);
    }
  }
  const target_index parent = inv_->targets[inv_->checks[c].target].parent_index;
  if (parent == no_index || targets_[parent].fold.state() == line_state::down) return;
  for (const check_index p : targets_[parent].reach)
    out.wishes.push_back({.check = p, .speed = std::nullopt, .now = true, .urgent = true});
}

/** Back to the usual pace once no check of the target is in doubt. */
void judge::calm(target_state& t, judgement& out) {
  for (const check_index c : t.reach)
    if (!checks_[c].fold.steady()) return;
  for (const check_index c : t.reach)
    if (checks_[c].speed.value_or(pace::usual) != pace::usual) want(c, pace::usual, false, false, out);
}

void judge::react(check_index c, run_event event, const sample& s, judgement& out) {
  target_state& t = owner(c);
  switch (event) {
    case run_event::began:
      run_began(c, s, out);
      break;
    case run_event::confirmed:
      if (inv_->checks[c].when.down_after == 1) run_began(c, s, out);  // its first bad sample was its last
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
      if (t.fold.in_outage() && s.at - t.fold.outage_began() > fast_time) want(c, pace::outage, false, false, out);
      break;
    case run_event::none:
    case run_event::grew:
    case run_event::muted:
      break;
  }
}

// -- causes ----------------------------------------------------------------------------------------------------------

/** upstream if an ancestor is down, own_line once no parent is in doubt; else wait up to cause_time. */
void judge::explain(target_index i, wall_t began, wall_t now, judgement& out) {
  const target& t = inv_->targets[i];
  for (target_index p = t.parent_index; p != no_index; p = inv_->targets[p].parent_index) {
    if (targets_[p].fold.state() != line_state::down) continue;
    targets_[i].cause_open = false;
    out.records.emplace_back(
        cause_found{.target = t.id, .began = began, .why = cause::upstream, .upstream = inv_->targets[p].id});
    return;
  }
  if (t.parent_index == no_index || now == wall_max) {
    targets_[i].cause_open = false;
    out.records.emplace_back(cause_found{.target = t.id, .began = began, .why = cause::own_line, .upstream = {}});
    return;
  }
  causes_.push_back({.target = i, .began = began, .deadline = now + cause_time});
}

void judge::explain_children(target_index parent, judgement& out) {
  std::erase_if(causes_, [&](const waiting_cause& w) {
    if (w.target == parent || !in_subtree(*inv_, w.target, parent)) return false;
    if (!targets_[w.target].cause_open) return true;
    targets_[w.target].cause_open = false;
    out.records.emplace_back(cause_found{.target = inv_->targets[w.target].id,
                                         .began = w.began,
                                         .why = cause::upstream,
                                         .upstream = inv_->targets[parent].id});
    return true;
  });
}

void judge::settle_causes(wall_t now, judgement& out) {
  std::erase_if(causes_, [&](const waiting_cause& w) {
    if (w.deadline > now) return false;
    if (targets_[w.target].cause_open) {
      targets_[w.target].cause_open = false;
      out.records.emplace_back(
          cause_found{.target = inv_->targets[w.target].id, .began = w.began, .why = cause::own_line, .upstream = {}});
    }
    return true;
  });
}

// -- time without samples --------------------------------------------------------------------------------------------

void judge::advance(wall_t decided, judgement& out, const std::function<wall_t(target_index)>& site_decided) {
  review(decided, out);
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
  for (const waiting_cause& w : causes_) until = std::min(until, w.began);
  for (target_index i = 0; i < targets_.size(); ++i) {
    const target_state& t = targets_[i];
    if (site_decided && inv_->targets[i].kind == target_kind::site) until = std::min(until, site_decided(i));
    if (t.reach.size() == 1 && glides_[t.reach.front()].speaks_until != wall_min) continue;
    until = std::min(until, t.fold.first_short_run());
    for (const check_index c : t.reach)
      if (checks_[c].fold.pending()) until = std::min(until, checks_[c].fold.decided());
  }
  return until;
}

void judge::gap_over_all(period when, cause why, judgement& out) {
  land_all();
  for (target_index i = 0; i < targets_.size(); ++i) {
    for (const check_index c : targets_[i].reach) {
      if (when.to == wall_max) note_asked(c, when.from);
      checks_[c].fold.gap(when, why, pieces_);
      drain(i, c);
    }
    settle(i, when.from, out);
  }
}

}  // namespace changtong::verdict
