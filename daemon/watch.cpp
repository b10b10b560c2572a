#include "daemon/watch.h"

#include <sys/timex.h>

#include <algorithm>

#include "collectors/registry.h"
#include "collectors/snmp.h"
#include "daemon/core/log.h"

namespace changtong {

clocks system_clocks() {
  return {.mono = [] { return std::chrono::steady_clock::now(); },
          .wall = [] { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); },
          .synchronised =
              [] {
                timex t{};
                return kernel_trust(adjtimex(&t));
              }};
}

namespace {

nanoseconds apart(const clocks& c) { return c.wall().time_since_epoch() - c.mono().time_since_epoch(); }

verdict::condition_limits limits_of(const settings& s) {
  return {.samples = s.degrade.samples,
          .loss_ratio = s.degrade.loss_ratio,
          .rtt = s.degrade.rtt,
          .flap_changes = s.flap.changes,
          .flap_within = s.flap.within};
}

}  // namespace

watch::watch(const settings& s, const clocks& c, const ledger::restored& recalled, recorder& records,
             board_holder& boards, daemon_counters& counters, schedule::engine::make_collector make)
    : clocks_(c),
      clock_(c.mono(), c.wall()),
      recorder_(records),
      boards_(boards),
      counters_(counters),
      inv_(s.targets),
      limits_(limits_of(s)),
      judge_(inv_, clock_.label(c.mono()), patience),
      gate_(inv_),
      pass_([this](const sample& s) { pass_on(s); }),
      engine_(std::move(make), [this](mono_t t) { return clock_.label(t); }, *this, counters, c.mono(), apart(c),
              {.fast_budget = s.fast_budget}),
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
  make_board();
  engine_.adopt(inv_, clocks_.mono());
  fast_.assign(inv_->checks.size(), false);
  grant_wishes(clocks_.mono());
}

void watch::adopt(const settings& s) {
  const mono_t now = clocks_.mono();
  pending_.now = clock_.label(now);
  gate_.conclude(now, pass_);
  hand_over(now, true);
  inv_ = s.targets;
  limits_ = limits_of(s);
  if (s.zone.name() != zone_.name()) {
    zone_ = s.zone;
    day_end_ = zone_.around(heartbeat_, civil_zone::unit::day).to;
  }
  // Questions under way are dropped by the engine: what they would have said is not known, so time is judged only
  // up to the oldest of them.
  judge_.adopt(inv_, std::min(engine_.judged_until(now), clock_.label(now)), pending_);
  const auto before = board_;
  make_board();
  for (target_index i = 0; i < inv_->targets.size(); ++i) {
    const auto was = before->districts->by_id.find(inv_->targets[i].id);
    if (was == before->districts->by_id.end()) continue;
    const line_view& from = before->lines[was->second];
    line_view& to = board_->lines[i];
    to.state.store(from.state.load());
    to.why.store(from.why.load());
    to.since_ms.store(from.since_ms.load());
    to.rtt_seconds.store(from.rtt_seconds.load());
    to.last_sample_ms.store(from.last_sample_ms.load());
    to.outages.store(from.outages.load());
    carry_site(before->sites, was->second, i);
  }
  boards_.set(board_);
  gate_.adopt(inv_);
  engine_.adopt(inv_, now);
  fast_.assign(inv_->checks.size(), false);
  fast_count_ = 0;
  pace_anchors(now, pace::usual, false);
  hand_over(now, true);
}

/** A reload does not set a site's counters back. */
void watch::carry_site(const std::vector<site_view>& before, target_index was, target_index is) {
  const auto from = std::ranges::find(before, was, &site_view::target);
  if (from == before.end() || site_[is] == no_index) return;
  board_->sites[site_[is]].visits_good.store(from->visits_good.load());
  board_->sites[site_[is]].visits_failed.store(from->visits_failed.load());
}

void watch::make_board() {
  auto b = std::make_shared<board>(inv_);
  const auto snmp = kind_named("snmp");
  std::vector<std::pair<target_index, std::uint32_t>> interfaces;
  std::vector<target_index> sites;
  first_interface_.assign(inv_->targets.size(), no_index);
  site_.assign(inv_->targets.size(), no_index);
  leads_.assign(inv_->targets.size(), no_index);
  conditions_.assign(inv_->targets.size(), {});
  unwell_.assign(inv_->targets.size(), 0);
  failing_.clear();
  flaps_.clear();
  for (target_index i = 0; i < inv_->targets.size(); ++i) {
    const target& t = inv_->targets[i];
    leads_[i] = leading_check(*inv_, t);
    if (t.kind == target_kind::site) {
      site_[i] = static_cast<std::uint32_t>(sites.size());
      sites.push_back(i);
    }
    for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
      const check& what = inv_->checks[c];
      if (snmp && what.kind == *snmp)
        for (const std::uint32_t index : static_cast<const snmp_settings&>(*what.settings).request->interfaces) {
          if (first_interface_[i] == no_index) first_interface_[i] = static_cast<std::uint32_t>(interfaces.size());
          interfaces.emplace_back(i, index);
        }
    }
  }
  b->interfaces = std::vector<interface_view>(interfaces.size());
  for (std::size_t k = 0; k < interfaces.size(); ++k) {
    b->interfaces[k].target = interfaces[k].first;
    b->interfaces[k].if_index = interfaces[k].second;
  }
  b->sites = std::vector<site_view>(sites.size());
  for (std::size_t k = 0; k < sites.size(); ++k) b->sites[k].target = sites[k];
  visited_.assign(sites.size(), mono_t{});
  board_ = b;
  boards_.set(std::move(b));
}

// -- samples ---------------------------------------------------------------------------------------------------------

void watch::seen(const sample& s) {
  gate_.seen(s);
  const check& c = inv_->checks[s.check];
  line_view& view = board_->lines[c.target];
  if (inv_->targets[c.target].kind == target_kind::anchor && s.what != outcome::not_measured)
    view.answers.store(s.what == outcome::good ? 1 : 0, std::memory_order_relaxed);
  view.last_sample_ms.store(ms_of(s.at), std::memory_order_relaxed);
  if (site_[c.target] != no_index) visit(s, site_[c.target]);
  if (!s.facts.empty()) facts(s, c);
  if (c.role == check_role::health) return health_sample(s, c);
  if (leads_[c.target] != s.check) return;
  verdict::condition& health = conditions_[c.target];
  health.take(limits_, s.what, s.rtt);
  if (s.what == outcome::good)
    view.rtt_seconds.store(std::chrono::duration<float>(s.rtt).count(), std::memory_order_relaxed);
  view.loss_ratio.store(health.loss(), std::memory_order_relaxed);
  show_condition(c.target);
}

/** A health check colours an up line: degraded from as many bad samples in a row as would confirm an outage. */
void watch::health_sample(const sample& s, const check& c) {
  if (s.what == outcome::not_measured) return;
  std::uint16_t& run = failing_[s.check];
  if (s.what == outcome::bad && run < c.when.down_after && ++run == c.when.down_after) ++unwell_[c.target];
  if (s.what == outcome::good) {
    if (run >= c.when.down_after) --unwell_[c.target];
    run = 0;
  }
  show_condition(c.target);
}

void watch::show_condition(target_index t) {
  const bool degraded = conditions_[t].degraded() || unwell_[t] > 0 || !interfaces_well(t);
  board_->lines[t].degraded.store(degraded, std::memory_order_relaxed);
}

bool watch::interfaces_well(target_index t) const {
  constexpr std::int32_t up = 1;
  if (first_interface_[t] == no_index) return true;
  for (std::size_t k = first_interface_[t]; k < board_->interfaces.size() && board_->interfaces[k].target == t; ++k) {
    const std::int32_t oper = board_->interfaces[k].oper_status.load(std::memory_order_relaxed);
    if (oper != 0 && oper != up) return false;
  }
  return true;
}

/** Regular slots lie at least 0.8 intervals apart (the phase jitters by 10 %). */
void watch::visit(const sample& s, std::uint32_t place) {
  if (s.what == outcome::not_measured || s.sent - visited_[place] < s.interval * 8 / 10) return;
  visited_[place] = s.sent;
  site_view& site = board_->sites[place];
  (s.what == outcome::good ? site.visits_good : site.visits_failed).fetch_add(1, std::memory_order_relaxed);
}

void watch::site_facts(const sample& s, site_view& site) {
  if (s.what == outcome::good)
    site.open_seconds.store(std::chrono::duration<float>(s.rtt).count(), std::memory_order_relaxed);
  float resolve = -1, connect = -1, tls = -1, first_byte = -1;
  for (const fact& f : s.facts) {
    const float seconds = static_cast<float>(f.value) * 1e-9F;
    if (f.name == fact_name::resolve_nanoseconds) resolve = seconds;
    if (f.name == fact_name::connect_nanoseconds) connect = seconds;
    if (f.name == fact_name::tls_nanoseconds) tls = seconds;
    if (f.name == fact_name::first_byte_nanoseconds) first_byte = seconds;
    if (f.name == fact_name::http_status)
      site.http_status.store(static_cast<std::int32_t>(f.value), std::memory_order_relaxed);
    if (f.name == fact_name::certificate_expiry_seconds)
      site.certificate_expiry_s.store(f.value, std::memory_order_relaxed);
  }
  site.resolve_seconds.store(resolve, std::memory_order_relaxed);
  site.connect_seconds.store(connect, std::memory_order_relaxed);
  site.tls_seconds.store(tls, std::memory_order_relaxed);
  site.first_byte_seconds.store(first_byte, std::memory_order_relaxed);
}

void watch::facts(const sample& s, const check& c) {
  if (site_[c.target] != no_index) return site_facts(s, board_->sites[site_[c.target]]);
  if (first_interface_[c.target] == no_index) return;
  for (const fact& f : s.facts) {
    for (std::size_t k = first_interface_[c.target];
         k < board_->interfaces.size() && board_->interfaces[k].target == c.target; ++k) {
      interface_view& v = board_->interfaces[k];
      if (v.if_index != f.index) continue;
      switch (f.name) {
        case fact_name::interface_in_octets:
          v.in_octets.store(f.value, std::memory_order_relaxed);
          break;
        case fact_name::interface_out_octets:
          v.out_octets.store(f.value, std::memory_order_relaxed);
          break;
        case fact_name::interface_in_errors:
          v.in_errors.store(f.value, std::memory_order_relaxed);
          break;
        case fact_name::interface_out_errors:
          v.out_errors.store(f.value, std::memory_order_relaxed);
          break;
        case fact_name::interface_oper_status:
          v.oper_status.store(static_cast<std::int32_t>(f.value), std::memory_order_relaxed);
          break;
        default:
          break;
      }
    }
  }
}

void watch::judged(const sample& s) { gate_.take(s, pass_); }

/** Its fault is known (rule 10). */
void watch::pass_on(const sample& s) {
  const std::size_t before = pending_.records.size();
  pending_.now = clock_.label(clocks_.mono());
  judge_.take(s, pending_);
  for (std::size_t k = before; k < pending_.records.size(); ++k) follow(pending_.records[k]);
}

/** What a decided transition means for display; its state is shown only after the ledger has it. */
void watch::follow(const record& r) {
  const auto* t = std::get_if<transition>(&r);
  const bool resumed = t != nullptr && t->to == line_state::up && t->edge.after == t->edge.until;
  if (t == nullptr || t->to == line_state::unknown || t->same_outage || resumed) return;
  const auto it = inv_->by_id.find(t->target);
  if (it == inv_->by_id.end()) return;
  // An outage is no loss of an up line: what is degraded afterwards is judged from what comes afterwards.
  if (t->to == line_state::up) conditions_[it->second] = {};
  board_->lines[it->second].flapping.store(flaps_[it->second].changed(limits_, t->at), std::memory_order_relaxed);
}

void watch::refresh_flapping() {
  const wall_t now = clock_.label(clocks_.mono());
  for (auto it = flaps_.begin(); it != flaps_.end();) {
    board_->lines[it->first].flapping.store(it->second.settle(limits_, now), std::memory_order_relaxed);
    it = it->second.forgotten() ? flaps_.erase(it) : std::next(it);
  }
}

// -- ticks -----------------------------------------------------------------------------------------------------------

void watch::tick_done(mono_t now) {
  review_uplink(now);
  grant_wishes(now);
  if (now - last_heartbeat_ >= std::chrono::seconds{1}) {
    last_heartbeat_ = now;
    compare_clocks(now);
    counters_.anchors_contradicted.store(gate_.contradicted(now), std::memory_order_relaxed);
    if (recorder_.restatement_due()) judge_.say_again();
    refresh_flapping();
    hand_over(now, true);
  } else {
    hand_over(now, false);
  }
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
  for (const target_index t : gate_.changed())
    board_->lines[t].undecided.store(gate_.undecided(t), std::memory_order_relaxed);
  counters_.own_uplink_samples.store(gate_.taken_out(), std::memory_order_relaxed);
  const bool silent = gate_.silent();
  if (counters_.own_uplink_silent.exchange(silent, std::memory_order_relaxed) == silent) return;
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
  gate_.conclude(clocks_.mono(), pass_);
  hand_over(clocks_.mono(), true);
  return heartbeat_;
}

void watch::note(std::vector<record> records) {
  std::move(records.begin(), records.end(), std::back_inserter(pending_.records));
}

/** Rule 6. */
void watch::compare_clocks(mono_t now) {
  const wall_t wall = clocks_.wall();
  const clock_trust trust = clocks_.synchronised();
  const auto step = clock_.compare(now, wall, trust);
  counters_.clock_synchronised.store(static_cast<int>(trust), std::memory_order_relaxed);
  counters_.clock_offset_ms.store((wall - clock_.label(now)).count(), std::memory_order_relaxed);
  if (!step) return;
  counters_.clock_steps.fetch_add(1, std::memory_order_relaxed);
  const double seconds = static_cast<double>(step->by.count()) / 1000;
  if (!step->adopted) {
    log::error(
        "系统时钟跳变 {:+.3f} 秒，超过 5 分钟，等待时钟同步确认{} / the clock was stepped by more than five minutes; "
        "labels keep the old time until the clock has been synchronised for ten minutes{}",
        seconds, trust == clock_trust::not_known ? "（内核没有回答是否已同步，不会自动采纳）" : "",
        trust == clock_trust::not_known ? " (the kernel does not say whether it is: not by itself)" : "");
    return;
  }
  log::warn("系统时钟跳变 {:+.3f} 秒，已记入账本 / the clock was stepped", seconds);
  gap g{.from = step->before,
        .to = step->before + step->by,
        .why = cause::clock_step,
        .text = fmt::format("clock stepped by {:+.3f} s", seconds)};
  gate_.conclude(now, pass_);  // what waits has a label from before the step
  if (step->by > milliseconds{0}) {
    judge_.gap_over_all({g.from, g.to}, cause::clock_step, pending_);
  } else {
    judge_.mute_until(step->before);
    gate_.mute_until(step->before);
    g.to = g.from;  // nothing is unknown yet: labels repeat, and samples under the barrier are muted
  }
  pending_.records.emplace_back(std::move(g));
}

}  // namespace changtong
