#include <algorithm>

#include "daemon/verdict/judge.h"

/** What only a replay asks of a judge: many good samples at once, and the end of the history. */
namespace changtong::verdict {

bool judge::take_good_runs(target_index i, std::span<const good_run> runs) {
  target_state& t = targets_[i];
  if (runs.empty() || t.reach.empty() || inv_->targets[i].kind == target_kind::anchor) return false;
  for (const check_index c : t.reach) land(c);
  wall_t end = wall_min;
  bool up = false;
  for (const good_run& r : runs) end = std::max(end, r.last);
  for (const good_run& r : runs) {
    const check_fold& fold = checks_[r.check].fold;
    const milliseconds spoken = inv_->checks[r.check].when.interval * 3 / 2;
    if (r.first <= barrier_ || r.first < fold.decided()) return false;
    up = up || (fold.speaks_until(r.first) && (r.first == r.last || r.every <= spoken) && end <= r.last + spoken);
  }
  up = up && t.fold.carries();
  for (const check_index c : t.reach) up = up && checks_[c].fold.steady();
  if (!up) return false;
  wall_t quiet = wall_max;
  for (const check_index c : t.reach) {
    check_fold& fold = checks_[c].fold;
    const good_run* last = nullptr;
    for (const good_run& r : runs)
      if (r.check == c && (last == nullptr || r.last >= last->last)) last = &r;
    if (last != nullptr) {
      t.fold.good_sample(checks_[c].position, last->last, width_of({.rtt = last->rtt}));
      fold.carry({.last = last->last,
                  .speaks_until = last->last + inv_->checks[c].when.interval * 3 / 2,
                  .width = width_of({.rtt = last->rtt})});
    }
    fold.advance(end, pieces_);
    quiet = std::min(quiet, fold.quiet_until());
  }
  pieces_.clear();  // all of it is up: nothing that the target did not know
  t.fold.glide(end);
  t.quiet_until = quiet;
  take_off(t.reach.front());
  return true;
}

bool judge::undoubted(target_index i) const {
  const target_state& t = targets_[i];
  const auto steady = [&](check_index c) { return checks_[c].fold.steady(); };
  const auto speaks = [&](check_index c) { return checks_[c].fold.speaks_until(checks_[c].fold.decided()); };
  return inv_->targets[i].kind != target_kind::anchor && t.fold.carries() && std::ranges::all_of(t.reach, steady) &&
         std::ranges::any_of(t.reach, speaks);
}

wall_t judge::quiet_until(target_index i) const {
  const target_state& t = targets_[i];
  if (!t.reach.empty() && glides_[t.reach.front()].speaks_until != wall_min)
    return glides_[t.reach.front()].speaks_until;
  return t.quiet_until;
}

void judge::conclude(wall_t end, judgement& out) {
  land_all();
  for (target_index i = 0; i < targets_.size(); ++i) {
    for (const check_index c : targets_[i].reach) end_of(i, c, end);
    targets_[i].fold.end_of_history();
    settle(i, end, out);
  }
  settle_causes(wall_max, out);
}

}  // namespace changtong::verdict
