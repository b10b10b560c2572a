#include "daemon/run/watch.h"

#include <algorithm>
#include <utility>

#include "daemon/core/log.h"

namespace changtong {

namespace {

nanoseconds apart(const clocks& c) { return c.wall().time_since_epoch() - c.mono().time_since_epoch(); }

verdict::condition_limits limits_of(const settings& s) {
  return {.samples = s.degrade.samples,
          .loss_ratio = s.degrade.loss_ratio,
          .rtt = s.degrade.rtt,
          .flap_changes = s.flap.changes,
          .flap_within = s.flap.within};
}

std::size_t budget_of(const settings& s) { return std::size_t{s.recent.of(s.targets->targets.size())} << 20U; }

}  // namespace

watch::watch(const settings& s, const clocks& c, const ledger::restored& recalled, recorder& records,
             board_holder& boards, daemon_tallies& tallies, schedule::engine::make_collector make, path_doors paths)
    : clocks_(c),
      clock_(c.mono(), c.wall()),
      label_offset_(clock_.offset().count()),
      recorder_(records),
      boards_(boards),
      tallies_(tallies),
      inv_(s.targets),
      judge_(inv_, clock_.label(c.mono()), patience),
      gate_(inv_),
      pass_([this](const sample& s) { pass_on(s); }),
      engine_(std::move(make), [this](mono_t t) { return clock_.label(t); }, *this, tallies, c.mono(), apart(c),
              {.fast_budget = s.fast_budget}),
      keeper_(inv_, limits_of(s)),
      recent_(inv_, budget_of(s)),
      tracing_(inv_, s.zone, std::move(paths)),
      around_(inv_),
      filtered_(inv_),
      zone_(s.zone) {
  const wall_t begin = recalled.fresh ? clock_.label(c.mono()) : recalled.heartbeat;
  day_end_ = zone_.around(begin, civil_zone::unit::day).to;
  if (!recalled.fresh) {
    std::vector<verdict::remembered> known;
    for (const auto& r : recalled.states)
      known.push_back(
          {.target = r.target, .believed = r.believed, .outage_began = r.outage_began, .cause_known = r.cause_known});
    judge_.recall(known, recalled.memory, recalled.heartbeat, pending_);
    judge_.mute_until(recalled.heartbeat);  // a clock that stands before the heartbeat must not write over it
    gate_.mute_until(recalled.heartbeat);
  }
  keeper_.recall(recalled.states);
  keeper_.look_at_scopes(clock_.label(c.mono()));
  around_.recall(recalled.states);
  boards_.set(keeper_.shown());
  engine_.adopt(inv_, clocks_.mono());
  fast_.assign(inv_->checks.size(), false);
  down_.assign(inv_->targets.size(), false);
  grant_wishes(clocks_.mono());
}

void watch::adopt(const settings& s) {
  const mono_t now = clocks_.mono();
  pending_.now = clock_.label(now);
  review_uplink(now);
  gate_.forget();  // like the questions under way: whose fault it was will not be known
  hand_over(now, true);
  pending_.wishes.clear();  // they name checks of the old inventory
  inv_ = s.targets;
  if (s.zone.name() != zone_.name()) {
    zone_ = s.zone;
    day_end_ = zone_.around(heartbeat_, civil_zone::unit::day).to;
  }
  // Questions under way are dropped by the engine: what they would have said is not known, so time is judged only
  // up to the oldest of them.
  judge_.adopt(inv_, std::min(engine_.judged_until(now), clock_.label(now)), pending_);
  change_board(s);
  recent_.adopt(inv_, budget_of(s));
  tracing_.adopt(inv_, s.zone);
  around_.adopt(inv_);
  filtered_.adopt(inv_);
  gate_.adopt(inv_);
  engine_.adopt(inv_, now);
  fast_.assign(inv_->checks.size(), false);
  down_.assign(inv_->targets.size(), false);
  fast_count_ = 0;
  pace_anchors(now, pace::usual, false);
  hand_over(now, true);
}

/** Filled before anybody sees it, and nothing is announced between the two boards. */
void watch::change_board(const settings& s) {
  board_keeper next(s.targets, limits_of(s));
  const holding writing(boards_.writing());
  next.carry(keeper_);
  next.look_at_scopes(clock_.label(clocks_.mono()));
  keeper_ = std::move(next);
  boards_.set(keeper_.shown());
}

// -- samples ---------------------------------------------------------------------------------------------------------

void watch::seen(const sample& s) {
  gate_.seen(s);
  keeper_.seen(s);
  if (s.facts.empty()) return;
  tracing_.seen(s, inv_->checks[s.check].target);
  recent_.take_facts(s);
}

void watch::expect(std::span<const check_index> soon) {
  keeper_.expect(soon);
  judge_.expect(soon);
}

void watch::judged(const sample& s) { gate_.take(s, pass_); }

/** Its fault is known (rule 10). */
void watch::pass_on(const sample& s) {
  const std::size_t before = pending_.records.size();
  pending_.now = clock_.label(clocks_.mono());
  around_.seen(s);
  judge_.take(s, pending_);
  recent_.take(s);
  // Another check that is bad beside a leader that answers is no outage, however long.
  const target_index t = inv_->checks[s.check].target;
  if (s.what == outcome::bad && !down_[t] && s.check == leading_check(*inv_, inv_->targets[t]))
    tracing_.doubt(t, clocks_.mono());
  look_for_filter(s, t);
  for (std::size_t k = before; k < pending_.records.size(); ++k) follow(pending_.records[k]);
}

void watch::look_for_filter(const sample& s, target_index t) {
  for (const verdict::silent_kind& said : filtered_.take(s, [this](target_index of) { return judge_.state_of(of); }))
    tracing_.note(said);
  const bool holds = filtered_.holds(t);
  if (holds != keeper_.shown()->lines[t].filtered.load(std::memory_order_relaxed)) keeper_.show_filtered(t, holds);
}

// -- ticks -----------------------------------------------------------------------------------------------------------

void watch::tick_done(mono_t now) {
  review_uplink(now);
  grant_wishes(now);
  look_for_doubts(now);
  tracing_.tick(now, clock_.label(now), [this](target_index t) { return judge_.state_of(t); }, pending_.records);
  around_.tick(now, clock_.label(now), pending_.records);
  if (now - last_heartbeat_ >= std::chrono::seconds{1}) {
    if (last_heartbeat_ != mono_t{} && now - last_heartbeat_ >= standstill)
      stood_still(clock_.label(last_heartbeat_), clock_.label(now));
    last_heartbeat_ = now;
    compare_clocks(now);
    tallies_.anchors_contradicted.store(gate_.contradicted(now), std::memory_order_relaxed);
    if (recorder_.restatement_due()) judge_.say_again();
    keeper_.retire(now, clock_.label(now));
    end_closed_doubts(clock_.label(now));
    hand_over(now, true);
  } else {
    hand_over(now, false);
  }
}

/** We were suspended, or slept: nobody's fault but ours. */
void watch::stood_still(wall_t from, wall_t until) {
  tallies_.paused_from_ms.store(ms_of(from), std::memory_order_relaxed);
  tallies_.paused_until_ms.store(ms_of(until), std::memory_order_release);
}

/** Rule 10: what is known by now decides whose fault waiting samples are. */
void watch::review_uplink(mono_t now) {
  const auto anchor = [&](target_index a) { return engine_.anchor_known_until(a, now); };
  gate_.review(now, {.lines = engine_.lines_judged_until(now), .anchor = anchor}, pass_);
  show_uplink();
  if (now - anchors_asked_ < anchor_pause || !gate_.wants_anchors()) return;
  anchors_asked_ = now;
  pace_anchors(now, std::nullopt, true);
}

/** What waits, and what was ours, is shown as unknown at once; the ledger says so once it is decided. */
void watch::show_uplink() {
  for (const target_index t : gate_.changed()) keeper_.show_undecided(t, gate_.undecided(t));
  tallies_.own_uplink_samples.store(gate_.taken_out(), std::memory_order_relaxed);
  const bool silent = gate_.silent();
  if (tallies_.own_uplink_silent.exchange(silent, std::memory_order_relaxed) == silent) return;
  if (silent)
    log::error(
        "本机上联静默：全部锚点无应答，线路状态记为未观测 / our own uplink is silent: no anchor answers, lines are "
        "unknown");
  else
    log::warn("本机上联恢复 / our own uplink answers again");
}

/** Anchors are asked at the fast interval as long as any check is. */
void watch::grant_wishes(mono_t now) {
  const std::size_t before = fast_count_;
  for (const wish& w : pending_.wishes) {
    engine_.grant(w, now);
    if (!w.speed || fast_[w.check] == (*w.speed == pace::fast)) continue;
    fast_[w.check] = *w.speed == pace::fast;
    fast_[w.check] ? ++fast_count_ : --fast_count_;
  }
  pending_.wishes.clear();
  if ((before > 0) != (fast_count_ > 0)) pace_anchors(now, fast_count_ > 0 ? pace::fast : pace::usual, false);
}

void watch::follow(const record& r) {
  keeper_.follow(r);
  tracing_.follow(r, clocks_.mono());
  around_.follow(r, clocks_.mono());
  const auto* t = std::get_if<transition>(&r);
  if (t == nullptr || t->to == line_state::unknown) return;
  if (const auto at = inv_->index_of(t->target); at != no_index) down_[at] = t->to == line_state::down;
}

/** An outage is asked fast for a while too, and is no doubt. */
void watch::look_for_doubts(mono_t now) {
  if (now - doubts_looked_ < doubts_pause) return;
  doubts_looked_ = now;
  bool any = false;
  for (check_index c = 0; fast_count_ > 0 && !any && c < fast_.size(); ++c)
    any = fast_[c] && !down_[inv_->checks[c].target];
  in_doubt_.store(any, std::memory_order_relaxed);
}

/** A check whose target's scope is over is asked no more, so no good sample will ever end its doubt. */
void watch::end_closed_doubts(wall_t label) {
  if (fast_count_ == 0) return;
  for (check_index c = 0; c < fast_.size(); ++c) {
    const auto& closed = inv_->targets[inv_->checks[c].target].closed;
    if (fast_[c] && closed && *closed <= label) pending_.wishes.push_back({.check = c, .speed = pace::usual});
  }
}

void watch::pace_anchors(mono_t now, std::optional<pace> speed, bool at_once) {
  for (const check_index c : gate_.anchor_checks())
    engine_.grant({.check = c, .speed = speed, .now = at_once, .urgent = true}, now);
}

/** Every reach check of a line has been judged up to here. */
wall_t watch::lines_decided(mono_t now) { return std::min(engine_.judged_until(now), gate_.first_waiting()); }

wall_t watch::site_decided(target_index t, mono_t now) const {
  return std::min(engine_.judged_until(t, now), gate_.first_waiting(t));
}

/** Transitions are handed over at most 20 ms old (one commit then carries what fell together), all else once a second.
 */
void watch::hand_over(mono_t now, bool all) {
  if (!pending_.records.empty() && pending_since_ == mono_t{}) pending_since_ = now;
  const bool ripe = pending_since_ != mono_t{} && now - pending_since_ >= milliseconds{20};
  if (!all && !ripe) return;
  heartbeat_ = std::max(heartbeat_, lines_decided(now));
  pending_.now = clock_.label(now);
  const std::size_t before = pending_.records.size();
  judge_.advance(heartbeat_, pending_, [&](target_index t) { return site_decided(t, now); });
  for (std::size_t k = before; k < pending_.records.size(); ++k) follow(pending_.records[k]);
  ledger_batch batch{.heartbeat = heartbeat_, .records = std::move(pending_.records), .memory = {}};
  std::sort(pending_.changed.begin(), pending_.changed.end());
  pending_.changed.erase(std::unique(pending_.changed.begin(), pending_.changed.end()), pending_.changed.end());
  batch.memory.reserve(pending_.changed.size());
  for (const check_index c : pending_.changed) batch.memory.push_back(judge_.memory_of(c));
  if (all) batch.decided = settled_day(now);
  pending_.records.clear();
  pending_.changed.clear();
  pending_since_ = {};
  recorder_.give(std::move(batch));
}

/** Once a civil day is over: up to where nothing is undecided, as soon as that is the whole day. The ledger seals it
 * then, and after an hour without being told. */
wall_t watch::settled_day(mono_t now) {
  if (heartbeat_ < day_end_) return wall_min;
  const wall_t settled = judge_.settled_before(heartbeat_, [&](target_index t) { return site_decided(t, now); });
  if (settled < day_end_ && heartbeat_ - day_end_ < std::chrono::hours{1}) return wall_min;
  day_end_ = zone_.around(heartbeat_, civil_zone::unit::day).to;
  return settled;
}

wall_t watch::flush() {
  const mono_t now = clocks_.mono();
  gate_.conclude(now, pass_);
  around_.stop(now, clock_.label(now), pending_.records);
  hand_over(now, true);
  return heartbeat_;
}

void watch::note(std::vector<record> records) {
  std::move(records.begin(), records.end(), std::back_inserter(pending_.records));
}

void watch::ask_now(const std::vector<std::string>& targets) {
  const mono_t now = clocks_.mono();
  for (const std::string& id : targets) {
    const target* t = inv_->find(id);
    for (std::uint32_t k = 0; t != nullptr && k < t->check_count; ++k)
      engine_.grant({.check = t->first_check + k, .speed = {}, .now = true}, now);
  }
}

bool watch::confirm_clock(std::string_view by) {
  const holding lock(confirming_);
  if (step_waits_) confirmed_by_ = by;
  return step_waits_;
}

/** Rule 6. */
void watch::compare_clocks(mono_t now) {
  const wall_t wall = clocks_.wall();
  const clock_trust trust = clocks_.synchronised();
  holding confirming(confirming_);
  const std::string by = std::exchange(confirmed_by_, {});
  const auto step = clock_.compare(now, wall, by.empty() ? trust : clock_trust::confirmed);
  step_waits_ = clock_.waits();
  label_offset_.store(clock_.offset().count(), std::memory_order_relaxed);
  confirming.unlock();
  tallies_.clock_synchronised.store(static_cast<int>(trust), std::memory_order_relaxed);
  tallies_.clock_offset_ms.store((wall - clock_.label(now)).count(), std::memory_order_relaxed);
  if (!step) return;
  tallies_.clock_steps.fetch_add(1, std::memory_order_relaxed);
  const double seconds = static_cast<double>(step->by.count()) / 1000;
  if (!step->adopted) {
    log::error(
        "系统时钟跳变 {:+.3f} 秒，超过 5 分钟，等待时钟同步，或由人确认（changtong clock confirm）{} / the clock was "
        "stepped by more than five minutes; "
        "labels keep the old time until the clock has been synchronised for ten minutes, or somebody confirms it "
        "(changtong clock confirm){}",
        seconds, trust == clock_trust::not_known ? "（内核没有回答是否已同步，不会自动采纳）" : "",
        trust == clock_trust::not_known ? " (the kernel does not say whether it is: not by itself)" : "");
    return;
  }
  log::warn("系统时钟跳变 {:+.3f} 秒，已记入账本{} / the clock was stepped", seconds,
            by.empty() ? "" : "，由 " + by + " 确认");
  gap g{.from = step->before,
        .to = step->before + step->by,
        .why = cause::clock_step,
        .text = fmt::format("clock stepped by {:+.3f} s", seconds)};
  if (!by.empty()) g.text += ", confirmed by " + by;
  review_uplink(now);
  gate_.forget();  // what still waits has a label from before the step
  if (step->by > milliseconds{0}) {
    if (step->by >= standstill) stood_still(g.from, g.to);
    judge_.gap_over_all({g.from, g.to}, cause::clock_step, pending_);
  } else {
    judge_.mute_until(step->before);
    gate_.mute_until(step->before);
    g.to = g.from;  // nothing is unknown yet: labels repeat, and samples under the barrier are muted
  }
  pending_.records.emplace_back(std::move(g));
}

}  // namespace changtong
