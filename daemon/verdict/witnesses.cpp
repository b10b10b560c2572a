#include "daemon/verdict/witnesses.h"

#include <algorithm>
#include <utility>

namespace changtong::verdict {

witnesses::run* witnesses::last_run(std::uint32_t check) {
  const auto it = std::find_if(runs_.rbegin(), runs_.rend(), [&](const run& r) { return r.check == check; });
  return it == runs_.rend() ? nullptr : &*it;
}

void witnesses::run_began(std::uint32_t check, wall_t at, bool leads) {
  runs_.push_back({.check = check, .from = at, .to = wall_max, .leads = leads, .outage = false, .settled = false});
}

void witnesses::run_short(std::uint32_t check, wall_t ended) {
  if (run* r = last_run(check); r != nullptr && !r->outage) r->to = std::min(r->to, ended);
}

void witnesses::run_confirmed(std::uint32_t check) {
  if (run* r = last_run(check)) r->outage = true;
}

void witnesses::outage_ended(std::uint32_t check, wall_t ended) {
  if (run* r = last_run(check); r != nullptr && r->outage) r->to = std::min(r->to, ended);
}

void witnesses::measured(std::uint32_t check, wall_t at, run_event what, bool good) {
  if (!several() || what == run_event::muted) return;
  silent_[check] = false;
  auto& seen_of = samples_[check];
  if (what == run_event::ended)
    for (auto it = seen_of.rbegin(); it != seen_of.rend() && it->open; ++it) it->open = it->down = false;
  if (what == run_event::goes_on) recovery_failed(check);
  const bool recovering = what == run_event::recovering;
  seen_of.push_back({.at = at, .good = good, .down = recovering || what == run_event::goes_on, .open = recovering});
}

void witnesses::recovery_failed(std::uint32_t check) {
  for (auto it = samples_[check].rbegin(); it != samples_[check].rend() && it->open; ++it) it->open = false;
}

void witnesses::restore(std::uint32_t check, wall_t run_first, bool outage, bool leads) {
  run_began(check, run_first, leads);
  runs_.back().outage = outage;
  runs_.back().settled = true;
}

const witnesses::seen* witnesses::first_from(std::uint32_t check, wall_t at) const {
  const auto it = std::ranges::find_if(samples_[check], [&](const seen& s) { return s.at >= at; });
  return it == samples_[check].end() ? nullptr : &*it;
}

/** A sample at or after `since` that has not come. */
bool witnesses::will_not_come(std::uint32_t check, wall_t since, const asking& q) const {
  if (ended_ || gone_[check]) return true;
  return q.patience != for_ever && (unmeasured_[check] >= since || q.now - since > q.patience);
}

/** Sentence (a): does the word that `check` gave before the doubt stand past its beginning? */
witnesses::answer witnesses::stands(std::uint32_t check, const run& doubt, const asking& q) const {
  if (since_[check] > doubt.from) return answer::no;  // it has no word from before
  const seen* next = first_from(check, doubt.from);
  if (next == nullptr) return will_not_come(check, doubt.from, q) ? answer::no : answer::open;
  if (!next->good) return answer::no;
  if (!doubt.outage || next->at < doubt.to) {
    const bool known = !doubt.outage || doubt.to != wall_max || ended_ || gone_[doubt.check] ||
                       q.decided[doubt.check] > next->at;  // else a good run that ends it may be pending
    return known ? answer::yes : answer::open;
  }
  return answer::no;
}

bool witnesses::doubted(std::uint32_t check, wall_t at) const {
  return std::ranges::any_of(runs_,
                             [&](const run& r) { return r.leads && r.check != check && r.from <= at && at < r.to; });
}

witnesses::answer witnesses::refuted(std::uint32_t check, wall_t began, const asking& q) const {
  const auto outage = std::find_if(runs_.rbegin(), runs_.rend(),
                                   [&](const run& r) { return r.check == check && r.outage && r.from == began; });
  const wall_t to = outage == runs_.rend() ? wall_max : outage->to;
  answer said = answer::no;
  for (std::uint32_t k = 0; k < samples_.size(); ++k) {
    if (k == check || since_[k] > began) continue;
    const seen* first = first_from(k, began);
    if (first == nullptr) {
      if (to == wall_max && !will_not_come(k, began, q)) said = answer::open;
      continue;
    }
    if (!first->good || first->at >= to) continue;
    const bool known = to != wall_max || ended_ || gone_[check] || q.decided[check] > first->at;
    if (!known || first->open)
      said = answer::open;
    else if (!first->down)
      return answer::yes;
  }
  return said;
}

wall_t witnesses::next_edge(wall_t at) const {
  wall_t next = wall_max;
  for (const run& r : runs_) {
    if (!r.leads) continue;
    if (r.from > at) next = std::min(next, r.from);
    if (r.to > at) next = std::min(next, r.to);
  }
  return next;
}

void witnesses::forget(wall_t at) {
  const auto over = [&](const run& r) { return r.to <= at && (r.settled || !r.leads); };  // one instant long, perhaps
  if (!runs_.empty()) std::erase_if(runs_, over);
  if (!several()) return;
  for (auto& seen_of : samples_) {
    const auto later = std::ranges::find_if(seen_of, [&](const seen& s) { return s.at >= at || s.open; });
    seen_of.erase(seen_of.begin(), later);
  }
}

void witnesses::revoice(std::span<const std::optional<std::uint32_t>> was, wall_t start) {
  witnesses old = std::exchange(*this, witnesses(static_cast<std::uint32_t>(was.size())));
  ended_ = old.ended_;
  std::vector<std::optional<std::uint32_t>> is(old.samples_.size());
  for (std::uint32_t k = 0; k < was.size(); ++k) {
    since_[k] = was[k] ? old.since_[*was[k]] : start;
    if (!was[k]) continue;
    is[*was[k]] = k;
    samples_[k] = std::move(old.samples_[*was[k]]);
    unmeasured_[k] = old.unmeasured_[*was[k]];
    gone_[k] = old.gone_[*was[k]];
    silent_[k] = old.silent_[*was[k]];
  }
  for (run r : old.runs_) {
    if (!is[r.check]) continue;
    r.check = *is[r.check];
    runs_.push_back(r);
  }
}

void witnesses::forget_voice(std::uint32_t check) {
  const auto at = static_cast<std::ptrdiff_t>(check);
  samples_.erase(samples_.begin() + at);
  unmeasured_.erase(unmeasured_.begin() + at);
  since_.erase(since_.begin() + at);
  gone_.erase(gone_.begin() + at);
  silent_.erase(silent_.begin() + at);
  std::erase_if(runs_, [&](const run& r) { return r.check == check; });
  for (run& r : runs_)
    if (r.check > check) --r.check;
}

}  // namespace changtong::verdict
