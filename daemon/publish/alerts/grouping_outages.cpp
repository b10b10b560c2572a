// What one target does: it goes down, its cause is found, it comes back, it goes away.
#include "daemon/publish/alerts/grouping_outages.h"

#include <algorithm>
#include <utility>

#include "daemon/publish/alerts/grouping_patience.h"

namespace changtong::alerts::fold {

void outages::count_outage(line& l, wall_t now) const {
  if (limits_.flaps == 0) return;
  std::vector<wall_t>& all = l.last.own().flapped;
  all.push_back(now);
  if (all.size() > limits_.flaps) all.erase(all.begin());
}

bool outages::flapping(const line& l, wall_t now) const {
  const std::vector<wall_t>& all = l.last->flapped;
  return limits_.flaps > 0 && all.size() >= limits_.flaps && now - all.front() <= limits_.flap_window;
}

/** Its last one is a part of another line's. */
void outages::not_its_own(line& l) {
  if (outage* last = l.last.kept(); last != nullptr && !last->flapped.empty()) last->flapped.pop_back();
}

target_index outages::top(target_index t) const {
  target_index found = no_index;
  for (target_index a = land_.parent(t); a != no_index; a = land_.parent(a))
    if (of_[a].waits || (of_[a].down && of_[a].story != none)) found = a;
  return found;
}

void outages::doubts(bool any, wall_t now) {
  if (alone_ == !any) return;
  alone_ = !any;
  if (alone_) soon(now);
}

void outages::took_down(target_index t, wall_t began, wall_t good, milliseconds age, wall_t now) {
  line& l = of_[t];
  if (l.down) return;
  l.down = true;
  outage& last = l.last.own();
  if (!l.waits) last.began = began, last.good = good;
  count_outage(l, now);
  if (l.story != none) return down_again(l, now);
  if (l.waits) return;  // again before it was told: one outage for whoever reads it
  l.waits = true;
  l.is_decided = l.recalled = false;
  last.seen = now;
  last.bad = now - std::max(age, milliseconds{0});
  waits_.push_back(t);
  if (!join_ancestor(t, no_index, now))
    soon(now + (alone_ ? nobody_in_doubt : std::min(limits_.quiet, patience_for_cause)));
}

void outages::down_again(line& l, wall_t now) {
  story& s = stories_.at(l.story);
  if (s.down++ == 0) s.down_since = now;
  if (s.held || s.members.size() > 1 || !flapping(l, now)) return soon(next(s));
  s.held = true;
  if (!s.grown) {  // said once, at once
    s.subject = alert_subject::flapping;
    s.name.clear();
    s.grows = true;
    s.first_added = s.last_added = now - settles;
  }
  soon(next(s));
}

void outages::came_up(target_index t, wall_t now) {
  line& l = of_[t];
  if (!l.down) return;
  l.down = false;
  if (l.story == none) return;
  story& s = stories_.at(l.story);
  --s.down;
  if (!std::exchange(s.any_well, true)) s.first_well = now;
  s.last_well = now;
  if (s.held && s.down == 0 && now - s.down_since >= limits_.flap_window / 2) {  // that was an outage, no flapping
    s.held = false;
    for (const target_index m : s.members)
      if (outage* last = of_[m].last.kept()) last->flapped.clear();
  }
  s.sweep = s.held;
  soon(s.sweep ? now + limits_.quiet : next(s));
}

void outages::decided(target_index t, target_index upstream, wall_t now) {
  line& l = of_[t];
  if (!l.waits) return;
  l.is_decided = true;
  if (!join_ancestor(t, upstream, now)) soon(alone_ ? now : std::max(now, l.last->seen + limits_.quiet));
}

/** What hangs below a line whose outage is told belongs to it, whenever it comes. */
bool outages::join_ancestor(target_index t, target_index upstream, wall_t now) {
  target_index root = top(t);
  if (root == no_index) root = upstream;  // up again, but its alert may be open
  if (root == no_index || of_[root].story == none) return false;
  const int to = of_[root].story;
  story& s = stories_.at(to);
  if (s.subject == alert_subject::line) {
    s.subject = alert_subject::upstream;
    s.name = land_.id(root);
  }
  not_its_own(of_[t]);
  add(to, t, now);
  return true;
}

void outages::leave(target_index t) {
  const int number = std::exchange(of_[t].story, none);
  if (number == none) return;
  story& s = stories_.at(number);
  std::erase(s.members, t);
  if (of_[t].down) --s.down;
  s.removed.push_back(land_.id(t));
  soon(wall_min);
}

void outages::gone(target_index t) {
  leave(t);
  of_[t] = line{};
}

}  // namespace changtong::alerts::fold
