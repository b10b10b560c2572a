#include "daemon/run/board_keeper.h"

#include <algorithm>
#include <utility>

#include "daemon/core/life.h"
#include "daemon/core/warm.h"

namespace changtong {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

template <class T>
void copy(std::atomic<T>& to, const std::atomic<T>& from) {
  to.store(from.load(relaxed), relaxed);
}

}  // namespace

board_keeper::board_keeper(std::shared_ptr<const inventory> inv, const verdict::condition_limits& limits)
    : board_(std::make_shared<board>(std::move(inv))), limits_(limits), facts_(*board_), times_(board_->lines.size()) {
  board_->limits = {.samples = limits.samples, .loss_ratio = limits.loss_ratio, .rtt = limits.rtt};
  const inventory& all = *board_->districts;
  health_.leads.reserve(all.targets.size());
  for (const target& t : all.targets) {
    health_.leads.push_back(leading_check(all, t));
    for (const auto& edge : {t.accepted, t.closed})
      if (edge) edges_.push_back(*edge);
  }
  std::ranges::sort(edges_);
  health_.conditions.assign(all.targets.size(), {});
  health_.unwell.assign(all.targets.size(), 0);
  health_.dataless.assign(all.targets.size(), 0);
  std::unordered_map<const check_settings*, bool> devices;  // many checks share settings
  briefs_.reserve(all.checks.size());
  for (check_index i = 0; i < all.checks.size(); ++i) {
    const check& c = all.checks[i];
    const auto [device, fresh] = devices.try_emplace(c.settings.get());
    if (fresh) device->second = c.tells_up_time();
    briefs_.push_back({.target = c.target,
                       .health = c.role == check_role::health,
                       .leads = health_.leads[c.target] == i,
                       .anchor = all.targets[c.target].kind == target_kind::anchor,
                       .device = device->second});
  }
}

void board_keeper::recall(const std::vector<ledger::restored::state>& states) {
  for (const auto& s : states) {
    const auto it = board_->districts->index_of(s.target);
    if (it == no_index || s.believed != line_state::down) continue;
    line_view& v = board_->lines[it];
    v.outage_began_ms.store(ms_of(s.outage_began), relaxed);
    v.outage_why.store(s.why, relaxed);
    v.outage_open.store(true, relaxed);
  }
}

// -- a reload --------------------------------------------------------------------------------------------------------

void board_keeper::carry(const board_keeper& before) {
  for (target_index i = 0; i < board_->lines.size(); ++i) {
    const target_index was = before.board_->districts->index_of(board_->districts->targets[i].id);
    if (was == no_index) continue;
    carry_line(before, was, i);
    facts_.carry(before.facts_, was, i);
    carry_health(before, was, i);
  }
}

void board_keeper::carry_line(const board_keeper& before, target_index was, target_index is) {
  const line_view& from = before.board_->lines[was];
  line_view& to = board_->lines[is];
  copy(to.state, from.state);
  copy(to.why, from.why);
  copy(to.undecided, from.undecided);
  copy(to.outage_began_ms, from.outage_began_ms);
  copy(to.outage_why, from.outage_why);
  copy(to.outage_open, from.outage_open);
  copy(to.degraded, from.degraded);
  copy(to.flapping, from.flapping);
  copy(to.unrecorded, from.unrecorded);
  copy(to.since_ms, from.since_ms);
  copy(to.last_sample_ms, from.last_sample_ms);
  copy(to.outages, from.outages);
  copy(to.rtt_seconds, from.rtt_seconds);
  copy(to.loss_ratio, from.loss_ratio);
  copy(to.mean_rtt_seconds, from.mean_rtt_seconds);
  copy(to.unwell, from.unwell);
  copy(to.filtered, from.filtered);
  copy(to.dataless, from.dataless);
  copy(to.answers, from.answers);
  times_[is] = before.times_[was];
}

/** A line that was not well before a reload is not well after it: what its checks had seen is kept, by their ids. */
void board_keeper::carry_health(const board_keeper& before, target_index was, target_index is) {
  const health& old = before.health_;
  if (const auto f = old.flaps.find(was); f != old.flaps.end()) health_.flaps[is] = f->second;
  const inventory &all = *board_->districts, &earlier = *before.board_->districts;
  const target &then = earlier.targets[was], &now = all.targets[is];
  for (check_index c = now.first_check; c < now.first_check + now.check_count; ++c)
    for (check_index o = then.first_check; o < then.first_check + then.check_count; ++o)
      if (earlier.checks[o].id == all.checks[c].id) {
        board_->said.set(c, before.board_->said.of(o));
        carry_check(old, was, o, c);
      }
}

void board_keeper::carry_check(const health& old, target_index of, check_index was, check_index is) {
  const check& c = board_->districts->checks[is];
  if (health_.leads[c.target] == is && old.leads[of] == was) health_.conditions[c.target] = old.conditions[of];
  const auto carry = [&](const auto& from, auto& to, std::vector<std::uint16_t>& count) {
    const auto run = from.find(was);
    if (run == from.end()) return;
    to[is] = std::min<std::uint16_t>(run->second, c.when.down_after);
    if (run->second >= c.when.down_after) ++count[c.target];
  };
  carry(old.failing, health_.failing, health_.unwell);
  carry(old.without, health_.without, health_.dataless);
}

// -- samples ---------------------------------------------------------------------------------------------------------

void board_keeper::expect(std::span<const check_index> soon) const {
  for (const check_index c : soon) {
    warm(&briefs_[c]);
    facts_.expect(c);
  }
  for (const check_index c : soon) {
    const target_index t = briefs_[c].target;
    warm(&board_->lines[t]);
    warm(&times_[t]);
    warm(&health_.conditions[t]);
    facts_.expect_target(t);
  }
}

void board_keeper::seen(const sample& s) {
  const brief& c = briefs_[s.check];
  line(c.target).last_sample_ms.store(ms_of(s.at), relaxed);
  if (!line(c.target).in_scope()) return;  // an answer that was on its way when it was closed
  if (c.anchor && s.what != outcome::not_measured)
    line(c.target).answers.store(s.what == outcome::good ? 1 : 0, relaxed);
  facts_.take(s, c.target);
  if (s.what != outcome::not_measured || !s.detail.empty()) board_->said.set(s.check, s.detail);
  if (c.device) device_sample(s, board_->districts->checks[s.check]);
  if (c.health) {
    health_sample(s, board_->districts->checks[s.check]);
  } else if (c.leads) {
    health_.conditions[c.target].take(limits_, s.what, s.rtt);
    show_delay(s, c.target);
  }
  show_condition(c.target);
}

void board_keeper::show_delay(const sample& s, target_index t) {
  if (s.what == outcome::not_measured) return;
  line(t).loss_ratio.store(health_.conditions[t].loss(), relaxed);
  times_[t].loss = board_facts::lasts_until(s);
  if (s.what != outcome::good) return;
  line(t).rtt_seconds.store(std::chrono::duration<float>(s.rtt).count(), relaxed);
  line(t).mean_rtt_seconds.store(health_.conditions[t].mean_rtt(), relaxed);
  times_[t].rtt = board_facts::lasts_until(s);
}

namespace {

/** As many bad ones in a row as would confirm an outage count, until the first good one. */
void count_run(std::uint16_t& run, bool bad, const check& c, std::uint16_t& count) {
  if (bad && run < c.when.down_after && ++run == c.when.down_after) ++count;
  if (bad) return;
  if (run >= c.when.down_after) --count;
  run = 0;
}

}  // namespace

/** A health check colours an up line. */
void board_keeper::health_sample(const sample& s, const check& c) {
  if (s.what != outcome::not_measured)
    count_run(health_.failing[s.check], s.what == outcome::bad, c, health_.unwell[c.target]);
}

/** So does a device that gives no data: it refuses our password, or is silent while another check of its line is not. A
 * silent one whose check is of health alone is unwell already. */
void board_keeper::device_sample(const sample& s, const check& c) {
  if (s.what == outcome::not_measured || (s.what == outcome::bad && c.role == check_role::health)) return;
  if (!s.facts.empty() && !health_.without.contains(s.check)) return;  // most never were without
  count_run(health_.without[s.check], s.facts.empty(), c, health_.dataless[c.target]);
}

void board_keeper::show_condition(target_index t) {
  if (!line(t).in_scope()) return;
  const bool degraded = health_.conditions[t].degraded() || health_.unwell[t] > 0 || health_.dataless[t] > 0 ||
                        !facts_.interfaces_well(t) || line(t).filtered.load(relaxed);
  line(t).degraded.store(degraded, relaxed);
  line(t).unwell.store(health_.unwell[t] > 0, relaxed);
  line(t).dataless.store(health_.dataless[t] > 0, relaxed);
}

// -- records and time ------------------------------------------------------------------------------------------------

void board_keeper::follow(const record& r) {
  const auto* t = std::get_if<transition>(&r);
  const bool resumed = t != nullptr && t->to == line_state::up && t->edge.after == t->edge.until;
  if (t == nullptr || t->to == line_state::unknown || t->same_outage || resumed) return;
  const auto it = board_->districts->index_of(t->target);
  if (it == no_index) return;
  // An outage is no loss of an up line: what is degraded afterwards is judged from what comes afterwards.
  if (t->to == line_state::up) health_.conditions[it] = {};
  line(it).flapping.store(health_.flaps[it].changed(limits_, t->at), relaxed);
}

void board_keeper::show_filtered(target_index t, bool filtered) {
  line(t).filtered.store(filtered, relaxed);
  show_condition(t);
}

void board_keeper::show_undecided(target_index t, bool undecided) { line(t).undecided.store(undecided, relaxed); }

void board_keeper::look_at_scopes(wall_t label) {
  const std::ptrdiff_t passed = std::ranges::upper_bound(edges_, label) - edges_.begin();
  if (std::exchange(edges_passed_, passed) == passed) return;
  const std::vector<target>& all = board_->districts->targets;
  for (target_index i = 0; i < all.size(); ++i) {
    const life is = life_of(all[i], label);
    if (line(i).where.exchange(is, relaxed) == is || is == life::in_scope) continue;
    forget(i);
  }
}

/** The outage is not ours to forget: it is hidden, and there again where a person opens the line again. */
void board_keeper::forget(target_index t) {
  const target& of = board_->districts->targets[t];
  for (check_index c = of.first_check; c < of.first_check + of.check_count; ++c) {
    health_.failing.erase(c);
    health_.without.erase(c);
    board_->said.set(c, {});
  }
  health_.conditions[t] = {};
  health_.unwell[t] = health_.dataless[t] = 0;
  health_.flaps.erase(t);
  line(t).flapping.store(false, relaxed);
  line(t).filtered.store(false, relaxed);
  times_[t] = {};
  line(t).rtt_seconds.store(-1, relaxed);
  line(t).mean_rtt_seconds.store(-1, relaxed);
  line(t).loss_ratio.store(-1, relaxed);
  line(t).degraded.store(false, relaxed);
  line(t).unwell.store(false, relaxed);
  line(t).dataless.store(false, relaxed);
}

void board_keeper::retire(mono_t now, wall_t label) {
  look_at_scopes(label);
  for (target_index i = 0; i < times_.size(); ++i) {
    board_facts::retire_one(times_[i].rtt, now, [&] {
      line(i).rtt_seconds.store(-1, relaxed);
      line(i).mean_rtt_seconds.store(-1, relaxed);
    });
    board_facts::retire_one(times_[i].loss, now, [&] { line(i).loss_ratio.store(-1, relaxed); });
  }
  facts_.retire(now);
  for (auto it = health_.flaps.begin(); it != health_.flaps.end();) {
    line(it->first).flapping.store(it->second.settle(limits_, label), relaxed);
    it = it->second.forgotten() ? health_.flaps.erase(it) : std::next(it);
  }
}

}  // namespace changtong
