#include "collectors/net/path_search.h"

#include <algorithm>

namespace changtong::net {

path_search::path_search(unsigned expected, path_limits limits)
    : limits_(limits), expected_(std::min(expected, most_steps)) {}

/** The farthest step that is worth asking by now. */
unsigned path_search::end(mono_t now) const {
  if (arrived_ != 0) return arrived_;
  if (no_way_ != 0) return no_way_;
  const unsigned limit = std::min(last_heard() + limits_.most_silent, most_steps);
  unsigned reach = std::min(std::max(limits_.burst, expected_), most_steps);
  while (reach < limit) {  // another burst once all of the last one are known
    for (unsigned step = 1; step <= reach; ++step)
      if (!at(step).from && !silent(step, now)) return reach;
    reach = std::min(reach + limits_.burst, limit);
  }
  return reach;
}

unsigned path_search::tries_of(unsigned step) const {
  return step <= std::max(expected_, last_heard() + 1) ? limits_.tries : 1;
}

bool path_search::silent(unsigned step, mono_t now) const {
  const step_state& s = at(step);
  return !s.from && s.asked >= tries_of(step) && now - s.last >= limits_.timeout;
}

unsigned path_search::last_heard() const {
  for (unsigned step = most_steps; step > 0; --step)
    if (at(step).from) return step;
  return 0;
}

void path_search::due(mono_t now, std::size_t most, std::vector<std::uint8_t>& steps) {
  const unsigned until = end(now);
  for (unsigned step = 1; step <= until && steps.size() < most; ++step) {
    step_state& s = steps_[step - 1];
    if (s.from || s.asked >= tries_of(step)) continue;
    if (s.asked > 0 && now - s.last < limits_.timeout) continue;
    ++s.asked;
    s.last = now;
    steps.push_back(static_cast<std::uint8_t>(step));
  }
}

void path_search::heard(unsigned step, const ip_address& from, word what) {
  if (step == 0 || step > most_steps || at(step).asked == 0 || at(step).from) return;
  steps_[step - 1].from = from;
  if (what == word::arrived && (arrived_ == 0 || step < arrived_)) arrived_ = step;
  if (what == word::no_way && (no_way_ == 0 || step < no_way_)) no_way_ = step;
}

bool path_search::done(mono_t now) const {
  const unsigned until = end(now);
  for (unsigned step = 1; step <= until; ++step)
    if (!at(step).from && !silent(step, now)) return false;
  return true;
}

seen_path path_search::path() const {
  seen_path seen;
  seen.reached = arrived_ != 0 && (no_way_ == 0 || arrived_ <= no_way_);
  unsigned until = seen.reached ? arrived_ - 1 : no_way_ != 0 ? no_way_ : last_heard();
  if (!seen.reached)
    while (until > 0 && !at(until).from) --until;
  for (unsigned step = 1; step <= until; ++step) seen.hops.push_back(at(step).from);
  // The router that knows no way on has mostly answered for its own step already.
  if (!seen.reached && no_way_ != 0 && seen.hops.size() > 1) {
    const hop last = seen.hops.back();
    if (seen.hops[seen.hops.size() - 2] == last) seen.hops.pop_back();
  }
  return seen;
}

}  // namespace changtong::net
