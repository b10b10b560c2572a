#include <algorithm>

#include "daemon/verdict/judge.h"

/** Rule 10: which bad samples are our own uplink's. Only where anchors are configured.
 *
 * A sample is open until somebody was good within its interval (then it stands for ever) or the interval is over. A run
 * that is long enough confirms at once if all of it stands; else once everything asked at that very instant has been
 * judged, by what is known then: samples that still look like ours are left out, and the rest must be long enough. */
namespace changtong::verdict {

bool judge::looks_ours(check_index c, const run_sample& s) const {
  return !s.stands && anchors_.all_bad(s.at, s.interval) &&
         !anchors_.contradicted(*inv_, inv_->checks[c].target, s.at, s.interval);
}

/** A bad sample of an up check has been taken: does it confirm the outage? */
bool judge::doubt(check_index c, const sample& s, run_event event) {
  check_state& state = checks_[c];
  if (event == run_event::began) state.run.clear();
  state.run.push_back({.at = s.at, .interval = s.interval, .why = s.why, .stands = false});
  for (run_sample& r : state.run)
    r.stands = r.stands || anchors_.contradicted(*inv_, inv_->checks[c].target, r.at, r.interval);
  const bool certain = std::ranges::all_of(state.run, &run_sample::stands);
  const bool enough = state.fold.pending_run().count >= inv_->checks[c].when.down_after;
  if (certain) return enough;
  if (enough) state.due = s.at;
  if (std::ranges::find(open_, c) == open_.end()) open_.push_back(c);
  plan_review();
  return false;
}

void judge::plan_review() {
  next_review_ = wall_max;
  std::erase_if(open_, [&](check_index c) {
    check_state& state = checks_[c];
    if (state.fold.down() || !state.fold.pending()) state.run.clear(), state.due.reset();
    wall_t first = state.due.value_or(wall_max);
    for (const run_sample& r : state.run)
      if (!r.stands) first = std::min(first, r.at + r.interval);
    next_review_ = std::min(next_review_, first);
    return first == wall_max;
  });
}

void judge::review(wall_t now, judgement& out) {
  if (now <= next_review_) return;
  const std::vector<check_index> open = open_;  // settling one may open no other, but plan_review() changes the list
  for (const check_index c : open) {
    if (checks_[c].due && *checks_[c].due < now) decide(c, out);
    finish_intervals(c, now, out);
  }
  plan_review();
}

/** The run is long enough: what looks like ours by now is left out, if the rest is still long enough. */
void judge::decide(check_index c, judgement& out) {
  check_state& state = checks_[c];
  const wall_t at = *state.due;
  state.due.reset();
  if (state.fold.down() || !state.fold.pending()) return;
  const auto doubtful = std::ranges::count_if(state.run, [&](const run_sample& r) { return looks_ours(c, r); });
  if (state.fold.pending_run().count < inv_->checks[c].when.down_after + static_cast<std::uint32_t>(doubtful)) return;
  leave_out(c, [&](const run_sample& r) { return looks_ours(c, r); });
  confirm(c, at, out);
}

/** Samples whose interval is over are ours or stand. */
void judge::finish_intervals(check_index c, wall_t now, judgement& out) {
  check_state& state = checks_[c];
  const bool pending = !state.fold.down() && state.fold.pending();
  if (!pending) return;
  const auto over = [&](const run_sample& r) { return !r.stands && r.at + r.interval < now; };
  const bool excused = leave_out(c, [&](const run_sample& r) { return over(r) && looks_ours(c, r); });
  for (run_sample& r : state.run) r.stands = r.stands || over(r);
  if (!excused) return;
  settle(state.target, state.fold.decided(), out);
  if (state.fold.steady()) calm(owner(c), out);
  out.changed.push_back(c);
}

template <class Ours>
bool judge::leave_out(check_index c, Ours ours) {
  check_state& state = checks_[c];
  bool any = false;
  for (std::size_t i = 0; i < state.run.size();) {
    const run_sample r = state.run[i];
    if (!ours(r)) {
      ++i;
      continue;
    }
    any = true;
    // Samples that were there before a restart are in the fold's run alone: the first of ours is then not its first.
    const bool first = i == 0 && state.fold.pending_run().count == state.run.size();
    const bool last = i + 1 == state.run.size();
    state.fold.leave_out(r.at, first,
                         last ? std::nullopt : std::optional(std::pair(state.run[i + 1].at, state.run[i + 1].why)),
                         i == 0 ? wall_min : state.run[i - 1].at, pieces_);
    owner(c).fold.take_back_one(state.position, r.at);
    state.run.erase(state.run.begin() + static_cast<std::ptrdiff_t>(i));
  }
  drain(state.target, c);
  return any;
}

void judge::confirm(check_index c, wall_t at, judgement& out) {
  check_state& state = checks_[c];
  cut_others(c);
  state.fold.confirm(pieces_);
  drain(state.target, c);
  state.run.clear();
  react(c, run_event::confirmed, {.check = c, .what = outcome::bad, .at = at}, out);
  settle(state.target, at, out);
  owner(c).quiet_until = std::min(owner(c).quiet_until, at);
  out.changed.push_back(c);
}

/** A good sample at `at` ends a run that was too short: what is certainly ours has been left out by review(). */
void judge::cut_others(check_index lead) {
  target_state& t = owner(lead);
  if (!anchors_.any() || lead != t.lead) return;
  const wall_t from = checks_[lead].fold.pending_run().first;
  for (const check_index other : t.reach) {
    if (other == lead) continue;
    const check_state& state = checks_[other];
    const auto asked = std::ranges::find_if(state.asked, [&](wall_t at) { return at >= from; });
    const wall_t until = asked == state.asked.end() ? wall_max : *asked;
    t.fold.silence(state.position, {from, until});
    checks_[other].fold.cut_back({from, until});
  }
}

/** Keeps what cut_others() may ask: when the check was asked since the leader's run began. */
void judge::note_asked(check_index c, wall_t at) {
  target_state& t = owner(c);
  if (!anchors_.any() || t.reach.size() < 2 || t.lead == no_index) return;
  auto& asked = checks_[c].asked;
  if (!checks_[t.lead].fold.pending()) std::erase_if(asked, [&](wall_t before) { return before < at; });
  asked.push_back(at);
}

}  // namespace changtong::verdict
