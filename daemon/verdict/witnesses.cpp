#include "daemon/verdict/witnesses.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace changtong::verdict {

witnesses::run* witnesses::last_run(std::uint32_t check) {
  asked_for* all = runs_.kept();
  if (all == nullptr) return nullptr;
  for (run& r : std::views::reverse(all_[check].leads ? all->doubts : all->others))
    if (r.check == check) return &r;
  return nullptr;
}

void witnesses::run_began(std::uint32_t check, wall_t at, bool leads) {
  all_[check].leads = leads;
  (leads ? runs_.own().doubts : runs_.own().others)
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
  all_[check].silent = false;
  auto& seen_of = all_[check].samples;
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
  for (seen& s : std::views::reverse(all_[check].samples)) {
    if (!s.open) break;
    s.open = false;
  }
}

void witnesses::restore(std::uint32_t check, wall_t run_first, bool outage, bool leads) {
  run_began(check, run_first, leads);
  runs& of = leads ? runs_.own().doubts : runs_.own().others;
  of.back().outage = outage;
  of.back().settled = true;
  std::ranges::sort(of, {}, &run::from);  // checks come in their own order
}

const witnesses::seen* witnesses::first_from(std::uint32_t check, wall_t at) const {
  const auto it = std::ranges::lower_bound(all_[check].samples, at, {}, &seen::at);
  return it == all_[check].samples.end() ? nullptr : &*it;
}

/** A sample at or after `since` that has not come. */
bool witnesses::will_not_come(std::uint32_t check, wall_t since, const asking& q) const {
  if (ended_ || all_[check].gone) return true;
  return q.patience != for_ever && (all_[check].unmeasured >= since || q.now - since > q.patience);
}

/** Sentence (a): does the word that `check` gave before the doubt stand past its beginning? */
witnesses::answer witnesses::stands(std::uint32_t check, const run& doubt, const asking& q) const {
  if (all_[check].since > doubt.from) return answer::no;  // it has no word from before
  const seen* next = first_from(check, doubt.from);
  if (next == nullptr) return will_not_come(check, doubt.from, q) ? answer::no : answer::open;
  if (!next->good) return answer::no;
  if (!doubt.outage || next->at < doubt.to) {
    const bool known = !doubt.outage || doubt.to != wall_max || ended_ || all_[doubt.check].gone ||
                       q.decided[doubt.check] > next->at;  // else a good run that ends it may be pending
    return known ? answer::yes : answer::open;
  }
  return answer::no;
}

bool witnesses::doubted(std::uint32_t check, wall_t at) const {
  for (const run& r : runs_->doubts) {
    if (r.from > at) break;
    if (r.check != check && at < r.to) return true;
  }
  return false;
}

/** Of the outage that began at `began`; wall_max: it has not ended, or is not known. */
wall_t witnesses::end_of(std::uint32_t check, wall_t began) const {
  wall_t end = wall_max;
  for (const runs* of : {&runs_->doubts, &runs_->others})
    for (const run& r : std::ranges::equal_range(*of, began, {}, &run::from))
      if (r.check == check && r.outage) end = r.to;
  return end;
}

witnesses::answer witnesses::refuted(std::uint32_t check, wall_t began, const asking& q) const {
  const wall_t to = end_of(check, began);
  answer said = answer::no;
  for (std::uint32_t k = 0; k < all_.size(); ++k) {
    if (k == check || all_[k].since > began) continue;
    const seen* first = first_from(k, began);
    if (first == nullptr) {
      if (to == wall_max && !will_not_come(k, began, q)) said = answer::open;
      continue;
    }
    if (!first->good || first->at >= to) continue;
    const bool known = to != wall_max || ended_ || all_[check].gone || q.decided[check] > first->at;
    if (!known || first->open)
      said = answer::open;
    else if (!first->down)
      return answer::yes;
  }
  return said;
}

wall_t witnesses::next_edge(wall_t at, std::uint64_t& looked_at) const {
  wall_t next = wall_max;
  for (const run& r : runs_->doubts) {
    ++looked_at;
    if (r.from > at) return std::min(next, r.from);
    if (r.to > at) next = std::min(next, r.to);
  }
  return next;
}

/** What began by `at` and is over stands before all that is to come. */
void witnesses::take_out(wall_t at, wall_t ended) {
  asked_for* all = runs_.kept();
  if (all == nullptr) return;
  for (runs* of : {&all->doubts, &all->others}) {
    const auto later = std::ranges::find_if(*of, [&](const run& r) { return r.from > at; });
    const auto over = [&](const run& r) { return r.to <= ended && (r.settled || of == &all->others); };
    const auto kept = std::remove_if(std::make_reverse_iterator(later), std::make_reverse_iterator(of->begin()), over);
    of->pop_front(static_cast<std::size_t>(kept.base() - of->begin()));
  }
  if (calm()) runs_.take();
}

void witnesses::pass(wall_t at) { take_out(at, at - milliseconds{1}); }

void witnesses::forget(wall_t at) {
  take_out(at, at);  // one instant long, perhaps
  if (!several()) return;
  for (auto& seen_of : std::views::transform(all_, &witness::samples))
    while (!seen_of.empty() && seen_of.front().at < at && !seen_of.front().open) seen_of.pop_front();
}

void witnesses::revoice(std::span<const std::optional<std::uint32_t>> was, wall_t start) {
  witnesses old = std::exchange(*this, witnesses(static_cast<std::uint32_t>(was.size())));
  ended_ = old.ended_;
  std::vector<std::optional<std::uint32_t>> is(old.all_.size());
  for (std::uint32_t k = 0; k < was.size(); ++k) {
    all_[k].since = start;
    if (!was[k]) continue;
    is[*was[k]] = k;
    all_[k] = std::move(old.all_[*was[k]]);
  }
  const asked_for* before = old.runs_.kept();
  if (before == nullptr) return;
  asked_for& after = runs_.own();
  for (const auto& [to, from] : {std::pair{&after.doubts, &before->doubts}, {&after.others, &before->others}})
    for (run r : *from) {
      if (!is[r.check]) continue;
      r.check = *is[r.check];
      to->push_back(r);
    }
}

void witnesses::forget_voice(std::uint32_t check) {
  all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(check));
  asked_for* all = runs_.kept();
  if (all == nullptr) return;
  for (runs* of : {&all->doubts, &all->others}) {
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
