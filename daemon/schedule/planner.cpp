#include "daemon/schedule/planner.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "daemon/core/stable_hash.h"
#include "daemon/core/warm.h"

namespace changtong::schedule {
namespace {

std::uint64_t mix(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

constexpr nanoseconds outage_pace = std::chrono::seconds{10};

}  // namespace

planner::planner(mono_t now, nanoseconds wall_offset, std::uint32_t fast_budget)
    : zero_(now), offset_(wall_offset), configured_budget_(fast_budget), refilled_(now) {}

std::uint64_t planner::tick_of(mono_t at) const {
  return at <= zero_ ? 0 : static_cast<std::uint64_t>((at - zero_ + tick_length - nanoseconds{1}) / tick_length);
}

nanoseconds planner::interval_of(check_index c) const {
  const plan& p = plans_[c];
  return p.speed == pace::outage ? std::min<nanoseconds>(p.interval, outage_pace) : nanoseconds(p.interval);
}

mono_t planner::slot_time(check_index c, std::int64_t slot) const {
  const std::uint64_t h = plans_[c].hash;
  const std::int64_t interval = interval_of(c).count();
  const auto phase = static_cast<std::int64_t>(mix(h) % static_cast<std::uint64_t>(interval));
  // ±10 % in whole nanoseconds, drawn anew each slot: a periodic fault is neither always missed nor always hit.
  const std::int64_t reach = interval / 10;
  const auto jitter = static_cast<std::int64_t>(mix(h ^ mix(static_cast<std::uint64_t>(slot))) %
                                                static_cast<std::uint64_t>(2 * reach + 1)) -
                      reach;
  return mono_t{nanoseconds{phase + slot * interval + jitter}} - offset_;
}

/** Makes `regular` the first regular slot later than `after`. */
void planner::next_regular(check_index c, mono_t after) {
  plan& p = plans_[c];
  const std::int64_t interval = interval_of(c).count();
  p.slot = (after.time_since_epoch() + offset_).count() / interval - 2;
  do {
    p.regular = slot_time(c, ++p.slot);
  } while (p.regular <= after);
}

void planner::put(check_index c) {
  plan& p = plans_[c];
  wheel_.add(tick_of(p.due), c, ++p.serial);
}

void planner::adopt(std::shared_ptr<const inventory> inv, mono_t now) {
  inv_ = std::move(inv);
  plans_.assign(inv_->checks.size(), {});
  wheel_ = wheel(tick_of(now));
  regular_rate_ = 0;
  for (check_index c = 0; c < plans_.size(); ++c) {
    plan& p = plans_[c];
    p.hash = stable_hash(inv_->checks[c].id);
    p.interval = std::chrono::duration_cast<plan::brief>(inv_->checks[c].when.interval);
    p.anchor = inv_->targets[inv_->checks[c].target].kind == target_kind::anchor;
    p.fast_interval = std::chrono::duration_cast<plan::brief>(inv_->checks[c].when.fast_interval);
    regular_rate_ += 1000.0 / static_cast<double>(inv_->checks[c].when.interval.count());
    next_regular(c, now);
    p.due = p.regular;
    put(c);
  }
}

void planner::grant(const wish& w, mono_t now) {
  if (w.check >= plans_.size()) return;
  plan& p = plans_[w.check];
  if (w.speed && *w.speed != p.speed) {
    p.speed = *w.speed;
    next_regular(w.check, now);
    p.due = p.regular;
    if (p.speed == pace::fast) p.due = std::min(p.due, now + p.fast_interval);
  }
  if (w.speed) p.urgent = w.urgent;
  if (w.now) {
    p.extra = true;
    p.due = now;
    p.urgent = p.urgent || w.urgent;
  }
  put(w.check);
}

void planner::refill(mono_t now) {
  const double budget = configured_budget_ > 0 ? configured_budget_ : std::max(regular_rate_, 2000.0);
  tokens_ = std::min(budget, tokens_ + budget * std::chrono::duration<double>(now - refilled_).count());
  refilled_ = now;
}

const std::vector<due_slot>& planner::due(mono_t now) {
  refill(now);
  out_.clear();
  calm_.clear();
  const auto tick = static_cast<std::uint64_t>(std::max<std::int64_t>(0, (now - zero_) / tick_length));
  fired_.clear();
  wheel_.advance(tick, [&](std::uint32_t c, std::uint32_t serial) {
    if (c < plans_.size()) fired_.push_back({c, serial});
  });
  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < fired_.size(); ++i) {
    if (i + ahead < fired_.size()) warm(&plans_[fired_[i + ahead].check]);
    if (plans_[fired_[i].check].serial == fired_[i].serial) fire(fired_[i].check, now);
  }
  out_.insert(out_.end(), calm_.begin(), calm_.end());
  return out_;
}

void planner::fire(check_index c, mono_t now) {
  plan& p = plans_[c];
  if (p.due > now) {  // the tick rounded up past `now`; cannot be late by that
    put(c);
    return;
  }
  if (p.regular <= now)
    fire_regular(c, now);
  else
    fire_fast(c, now);
  p.extra = false;
  p.due = p.regular;
  if (p.speed == pace::fast) p.due = std::min(p.due, now + p.fast_interval);
  put(c);
}

void planner::fire_regular(check_index c, mono_t now) {
  plan& p = plans_[c];
  due_slot d{.check = c, .due = p.regular};
  next_regular(c, p.regular);
  if (p.regular <= now) {
    // Count what a stall has cost; a long one is jumped over instead of walked through.
    d.first_missed = d.due;
    const std::int64_t skipped = std::max<std::int64_t>(0, (now - p.regular) / interval_of(c) - 2);
    d.missed = static_cast<std::uint32_t>(skipped);
    p.slot += skipped;
    p.regular = slot_time(c, p.slot);
    while (p.regular <= now) {
      ++d.missed;
      d.due = p.regular;
      p.regular = slot_time(c, ++p.slot);
    }
  }
  (p.urgent ? out_ : calm_).push_back(d);
}

/** A question beyond the regular ones: only within the budget, half of which is kept for urgent ones. */
void planner::fire_fast(check_index c, mono_t) {
  plan& p = plans_[c];
  if (p.anchor) return out_.push_back({.check = c, .due = p.due});
  const double budget = configured_budget_ > 0 ? configured_budget_ : std::max(regular_rate_, 2000.0);
  if (tokens_ < (p.urgent ? 1.0 : budget / 2)) return;
  tokens_ -= 1;
  (p.urgent ? out_ : calm_).push_back({.check = c, .due = p.due});
}

}  // namespace changtong::schedule
