#include "daemon/verdict/witnesses.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace changtong::verdict {

witnesses::run* witnesses::last_run(std::uint32_t check) {
  for (run& r : std::views::reverse(leads_[check] ? doubts_ : others_))
    if (r.check == check) return &r;
  return nullptr;
}

void witnesses::run_began(std::uint32_t check, wall_t at, bool leads) {
  leads_[check] = leads;
  (leads ? doubts_ : others_)
      .push_back({.check = check, .from = at, .to = wall_max, .outage = false, .settled = false});
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
    for (seen& s : std::views::reverse(seen_of)) {
      if (!s.open) break;
      s.open = s.down = false;
    }
  if (what == run_event::goes_on) recovery_failed(check);
  const bool recovering = what == run_event::recovering;
  seen_of.push_back({.at = at, .good = good, .down = recovering || what == run_event::goes_on, .open = recovering});
}

void witnesses::recovery_failed(std::uint32_t check) {
  for (seen& s : std::views::reverse(samples_[check])) {
    if (!s.open) break;
    s.open = false;
  }
}

void witnesses::restore(std::uint32_t check, wall_t run_first, bool outage, bool leads) {
  run_began(check, run_first, leads);
  runs& of = leads ? doubts_ : others_;
  of.back().outage = outage;
  of.back().settled = true;
  std::ranges::sort(of, {}, &run::from);  // checks come in their own order
}

const witnesses::seen* witnesses::first_from(std::uint32_t check, wall_t at) const {
  const auto it = std::ranges::lower_bound(samples_[check], at, {}, &seen::at);
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
  for (const run& r : doubts_) {
    if (r.from > at) break;
    if (r.check != check && at < r.to) return true;
  }
  return false;
}

/** Of the outage that began at `began`; wall_max: it has not ended, or is not known. */
wall_t witnesses::end_of(std::uint32_t check, wall_t began) const {
  wall_t end = wall_max;
  for (const runs* of : {&doubts_, &others_})
    for (const run& r : std::ranges::equal_range(*of, began, {}, &run::from))
      if (r.check == check && r.outage) end = r.to;
  return end;
}

witnesses::answer witnesses::refuted(std::uint32_t check, wall_t began, const asking& q) const {
  const wall_t to = end_of(check, began);
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

wall_t witnesses::next_edge(wall_t at, std::uint64_t& looked_at) const {
  wall_t next = wall_max;
  for (const run& r : doubts_) {
    ++looked_at;
    if (r.from > at) return std::min(next, r.from);
    if (r.to > at) next = std::min(next, r.to);
  }
  return next;
}

/** What began by `at` and is over stands before all that is to come. */
void witnesses::take_out(runs& of, wall_t at, wall_t ended) {
  const auto later = std::ranges::find_if(of, [&](const run& r) { return r.from > at; });
  const auto over = [&](const run& r) { return r.to <= ended && (r.settled || &of == &others_); };
  const auto kept = std::remove_if(std::make_reverse_iterator(later), std::make_reverse_iterator(of.begin()), over);
  of.pop_front(static_cast<std::size_t>(kept.base() - of.begin()));
}

void witnesses::pass(wall_t at) {
  for (runs* of : {&doubts_, &others_}) take_out(*of, at, at - milliseconds{1});
}

void witnesses::forget(wall_t at) {
  for (runs* of : {&doubts_, &others_}) take_out(*of, at, at);  // one instant long, perhaps
  if (!several()) return;
  for (auto& seen_of : samples_)
    while (!seen_of.empty() && seen_of.front().at < at && !seen_of.front().open) seen_of.pop_front();
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
    leads_[k] = old.leads_[*was[k]];
  }
  for (const auto& [to, from] : {std::pair{&doubts_, &old.doubts_}, {&others_, &old.others_}})
    for (run r : *from) {
      if (!is[r.check]) continue;
      r.check = *is[r.check];
      to->push_back(r);
    }
}

void witnesses::forget_voice(std::uint32_t check) {
  const auto at = static_cast<std::ptrdiff_t>(check);
  samples_.erase(samples_.begin() + at);
  unmeasured_.erase(unmeasured_.begin() + at);
  since_.erase(since_.begin() + at);
  gone_.erase(gone_.begin() + at);
  silent_.erase(silent_.begin() + at);
  leads_.erase(leads_.begin() + at);
  for (runs* of : {&doubts_, &others_}) {
    std::vector<run> kept;
    for (run r : *of) {
      if (r.check == check) continue;
      if (r.check > check) --r.check;
      kept.push_back(r);
    }
    of->assign(std::move(kept));
  }
}

}  // namespace changtong::verdict
