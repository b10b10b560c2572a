#include "daemon/replay/supply.h"

#include <algorithm>

namespace changtong::replay {

supply::supply(const tape& t)
    : tape_(t),
      checks_(t.keys.size(), no_index),
      hints_(t.first.begin(), t.first.begin() + static_cast<std::ptrdiff_t>(t.keys.size())) {}

void supply::adopt(std::shared_ptr<const inventory> inv, std::int64_t from) {
  inv_ = std::move(inv);
  from_ = std::max(from_, from);
  by_id_.clear();
  by_name_.clear();
  for (check_index c = 0; c < inv_->checks.size(); ++c) {
    const std::string& id = inv_->checks[c].id;
    by_id_.emplace(id, c);
    by_name_[id.substr(inv_->targets[inv_->checks[c].target].id.size() + 1)].push_back(c);
  }
  keys_.assign(inv_->checks.size(), no_index);
  for (key_index k = 0; k < checks_.size(); ++k) {
    checks_[k] = check_named(tape_.keys[k].target, tape_.keys[k].check);
    if (checks_[k] != no_index) keys_[checks_[k]] = k;
  }
  rebuild();
}

check_index supply::check_named(const std::string& target, const std::string& check) const {
  const auto it = by_id_.find(target + '/' + check);
  return it == by_id_.end() ? no_index : it->second;
}

void supply::open(const trace_range& r) {
  ranges_.push_back({.from = ms_of(r.from),
                     .to = ms_of(r.to),
                     .every = r.every.count(),
                     .target = r.seen.target,
                     .check = r.seen.check,
                     .what = r.seen.what,
                     .why = r.seen.why,
                     .rtt = r.seen.rtt,
                     .took = r.seen.took});
  if (running_) add_streams(static_cast<std::uint32_t>(ranges_.size() - 1));
}

void supply::run(std::int64_t from, std::int64_t offset) {
  from_ = from;
  offset_ = offset;
  running_ = true;
  rebuild();
}

void supply::rest() {
  running_ = false;
  rebuild();
}

void supply::rebuild() {
  std::erase_if(ranges_, [&](const range& r) { return r.to <= from_; });
  streams_.assign(inv_ == nullptr ? 0 : inv_->targets.size(), {});
  if (!running_) return;
  for (std::uint32_t r = 0; r < ranges_.size(); ++r) add_streams(r);
}

void supply::add_streams(std::uint32_t r) {
  const range& of = ranges_[r];
  if (of.target != "*") {
    if (const check_index c = check_named(of.target, of.check); c != no_index) add_stream(r, c);
    return;
  }
  if (const auto all = by_name_.find(of.check); all != by_name_.end())
    for (const check_index c : all->second) add_stream(r, c);
}

void supply::add_stream(std::uint32_t r, check_index c) {
  stream s{.next = on_grid(ranges_[r], from_), .range = r, .check = c, .key = keys_[c]};
  settle(s);
  if (s.next < ranges_[r].to) streams_[inv_->checks[c].target].push_back(s);
}

/** The first label of the grid at or after `label`. */
std::int64_t supply::on_grid(const range& r, std::int64_t label) const {
  if (label <= r.from) return r.from;
  return r.from + (label - r.from + r.every - 1) / r.every * r.every;
}

/** The place in by_key of the first single of `k` at or after `mono`. Mostly the next of the last answer. */
std::uint32_t supply::single_after(key_index k, std::int64_t mono) {
  const std::uint32_t first = tape_.first[k], end = tape_.first[k + 1];
  const auto at = [&](std::uint32_t i) { return tape_.mono_of(tape_.singles[tape_.by_key[i]]); };
  std::uint32_t& hint = hints_[k];
  if (hint > first && at(hint - 1) >= mono) hint = first;
  std::uint32_t step = 1;  // doubling, since it may lie far ahead
  for (; hint + step <= end && at(hint + step - 1) < mono; step *= 2) hint += step;
  std::uint32_t high = std::min(end, hint + step);
  while (hint < high) {
    const std::uint32_t middle = hint + (high - hint) / 2;
    if (at(middle) < mono)
      hint = middle + 1;
    else
      high = middle;
  }
  return hint;
}

/** Moves on to the next label that really gives a sample. */
void supply::settle(stream& s) {
  if (s.key == no_index) return;
  const range& r = ranges_[s.range];
  const auto at = [&](std::uint32_t i) { return tape_.mono_of(tape_.singles[tape_.by_key[i]]); };
  while (s.next < r.to) {
    const std::int64_t mono = s.next - offset_;
    const std::uint32_t after = single_after(s.key, mono);
    if (after == tape_.first[s.key + 1]) return;
    if (at(after) != mono && (after == tape_.first[s.key] || at(after) - at(after - 1) > r.every)) return;
    s.next = at(after) == mono ? s.next + r.every : on_grid(r, at(after) + offset_);
  }
}

void supply::forget_ended(std::vector<stream>& streams) const {
  std::erase_if(streams, [&](const stream& s) { return s.next >= ranges_[s.range].to; });
}

std::int64_t supply::next(target_index t) const {
  std::int64_t first = never;
  for (const stream& s : streams_[t]) first = std::min(first, s.next);
  return first;
}

std::int64_t supply::disturbed(target_index t) const {
  std::int64_t first = never;
  for (const stream& s : streams_[t]) {
    const range& r = ranges_[s.range];
    const bool steady = r.what == outcome::good && r.every <= inv_->checks[s.check].when.interval.count() * 3 / 2;
    first = std::min(first, steady ? r.from + (r.to - 1 - r.from) / r.every * r.every : s.next);
  }
  return first;
}

sample supply::take(target_index t) {
  stream* s = &streams_[t].front();
  for (stream& other : streams_[t])
    if (other.next < s->next) s = &other;
  const range& r = ranges_[s->range];
  const sample made{
      .check = s->check,
      .what = r.what,
      .why = r.why,
      .sent = mono_t{milliseconds{s->next - offset_}},
      .at = wall_from_ms(s->next),
      .rtt = r.rtt,
      .took = r.what == outcome::bad ? r.took.value_or(inv_->checks[s->check].when.timeout) : milliseconds{0},
      .interval = inv_->checks[s->check].when.interval};
  s->next += r.every;
  settle(*s);
  ++given_;
  forget_ended(streams_[t]);
  return made;
}

const std::vector<verdict::good_run>& supply::good_runs(target_index t, std::int64_t until) {
  runs_.clear();
  run_streams_.clear();
  for (const stream& s : streams_[t]) {
    const range& r = ranges_[s.range];
    if (r.what != outcome::good) {
      until = std::min(until, s.next);
      continue;
    }
    until = std::min(until, r.to);
    if (s.key == no_index) continue;
    const std::uint32_t after = single_after(s.key, s.next - offset_);
    if (after != tape_.first[s.key + 1])
      until = std::min(until, tape_.mono_of(tape_.singles[tape_.by_key[after]]) + offset_);
  }
  for (std::size_t i = 0; i < streams_[t].size(); ++i) {
    const stream& s = streams_[t][i];
    const range& r = ranges_[s.range];
    if (r.what != outcome::good || s.next >= until) continue;
    runs_.push_back({.check = s.check,
                     .first = wall_from_ms(s.next),
                     .last = wall_from_ms(s.next + (until - 1 - s.next) / r.every * r.every),
                     .every = milliseconds{r.every},
                     .rtt = r.rtt});
    run_streams_.push_back(i);
  }
  return runs_;
}

void supply::taken(target_index t) {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    stream& s = streams_[t][run_streams_[i]];
    const std::int64_t every = ranges_[s.range].every;
    given_ += static_cast<std::uint64_t>((ms_of(runs_[i].last) - s.next) / every + 1);
    s.next = ms_of(runs_[i].last) + every;
    settle(s);
  }
  forget_ended(streams_[t]);
}

}  // namespace changtong::replay
