// What open alerts have to say: that they have grown, that some or all of it is well.
#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/grouping_outages.h"
#include "daemon/publish/alerts/grouping_patience.h"

namespace changtong::alerts::fold {

void outages::due(wall_t now, sheet& out) {
  if (now < until_) return;
  until_ = wall_max;
  open_ripe(now, out);
  for (auto at = stories_.begin(); at != stories_.end();) {
    story& s = at->second;
    if (s.sweep && !s.members.empty()) sweep(s);
    if (is_held(s) && now >= s.down_since + down_for_good) s.held = false;
    if (!s.removed.empty()) tell_removed(s, out);
    grow(s, now, out);
    resolve(s, now, out);
    if (s.members.empty()) {
      end_swallowed(s, out);
      at = stories_.erase(at);
    } else {
      soon(next(s));
      ++at;
    }
  }
}

/** A carrier or town that flaps, of which something has not been up since: what stays down is told apart after a while.
 */
bool outages::is_held(const story& s) { return s.held && s.subject != alert_subject::flapping && s.down > 0; }

wall_t outages::next(const story& s) const {
  if (s.members.empty()) return wall_min;
  wall_t at = std::min(growth(s), recovery(s));
  if (s.subject == alert_subject::flapping && s.held && !s.grown && s.down > 0)
    at = std::min(at, s.down_since + down_for_good);
  if (is_held(s)) at = std::min(at, s.down_since + down_for_good);
  return at;
}

/** Told when nothing more comes, and by a certain time: what hangs below a line may be added long after it was told. */
wall_t outages::growth(const story& s) const {
  if (!s.grows || s.grown || s.down == 0) return wall_max;
  const wall_t from = s.first_added > s.joined_until ? s.first_added + limits_.within : s.joined_until;
  return std::min(s.last_added, from) + settles;
}

wall_t outages::recovery(const story& s) const {
  if (!s.any_well) return wall_max;
  if (s.down == 0) return s.last_well + (s.held ? limits_.flap_window / 2 : limits_.quiet);
  if (s.held) return wall_max;
  return std::min(s.last_well + in_pieces, s.first_well + in_pieces_at_most);
}

bool outages::stays_down(const story& s, wall_t now) const {
  return s.subject == alert_subject::flapping && s.held && !s.grown && s.down > 0 &&
         now >= s.down_since + down_for_good;
}

void outages::grow(story& s, wall_t now, sheet& out) const {
  const bool for_good = stays_down(s, now);
  if (!for_good && growth(s) > now) return;
  if (for_good) {
    const target_index first = *std::min_element(s.members.begin(), s.members.end());
    s.subject = land_.site(first) ? alert_subject::site : alert_subject::line;
    for (const target_index m : s.members)  // the others hang below it
      if (s.members.size() > 1 && below_all(s, m)) {
        s.subject = alert_subject::upstream;
        s.name = land_.id(m);
      }
  }
  s.grown = true;
  s.grows = false;
  tell(s, alert_step::grown, s.members, out);
  end_swallowed(s, out);
}

/** It is the ancestor of all others. */
bool outages::below_all(const story& s, target_index root) const {
  return std::all_of(s.members.begin(), s.members.end(),
                     [&](target_index m) { return in_subtree(*land_.inv, m, root); });
}

/** What came along below a flapping line and is well has gone its own way: its next outage may be its own. */
void outages::sweep(story& s) {
  s.sweep = false;
  const int number = of_[s.members.front()].story;
  const auto along = [&](target_index t) {
    for (target_index a = land_.parent(t); a != no_index; a = land_.parent(a))
      if (of_[a].story == number) return true;
    return false;
  };
  std::vector<target_index> away;
  for (const target_index m : s.members)
    if (!of_[m].down && along(m)) away.push_back(m);
  for (const target_index m : away) of_[m].story = none;
  s.left.insert(s.left.end(), away.begin(), away.end());
  std::sort(s.left.begin(), s.left.end());
  s.left.erase(std::unique(s.left.begin(), s.left.end()), s.left.end());
  std::erase_if(s.members, [&](target_index m) { return of_[m].story != number; });
}

void outages::resolve(story& s, wall_t now, sheet& out) {
  if (s.members.empty()) {  // nobody is left who could be well
    if (!s.left.empty()) return end(s, {}, out);
    if (s.lost > 0) tell(s, alert_step::resolved, {}, out);
    return;
  }
  if (recovery(s) > now) return;
  std::vector<target_index> well;
  for (const target_index m : s.members)
    if (!of_[m].down) well.push_back(m);
  if (well.empty()) {
    s.any_well = false;
    return;
  }
  for (const target_index m : well) of_[m].story = none;
  std::erase_if(s.members, [&](target_index m) { return of_[m].story == none; });
  s.any_well = false;
  if (s.members.empty()) return end(s, std::move(well), out);
  if (s.partly < most_pieces) {
    ++s.partly;
    return tell(s, alert_step::resolved, well, out);
  }
  s.left.insert(s.left.end(), well.begin(), well.end());  // told with the end; a new outage of theirs is their own
  std::sort(s.left.begin(), s.left.end());
}

/** All that was told of it is well; whoever is not, but in another alert or nowhere, leaves it without a word. */
void outages::end(story& s, std::vector<target_index> well, sheet& out) const {
  std::sort(well.begin(), well.end());
  std::vector<target_index> left;
  std::set_difference(s.left.begin(), s.left.end(), well.begin(), well.end(), std::back_inserter(left));
  for (const target_index t : left) {
    if (of_[t].down || of_[t].story != none)
      ++s.lost;
    else
      well.push_back(t);
  }
  tell(s, alert_step::resolved, well, out);
  if (s.lost > 0) tell(s, alert_step::resolved, {}, out);
}

void outages::tell_removed(story& s, sheet& out) {
  out.tell(s.id, alert_step::resolved, s.subject, s.name, s.began, list_of_ids(s.removed));
  out.steps.back().of = removed_from_inventory;
  s.removed.clear();
}

void outages::end_swallowed(story& s, sheet& out) const {
  for (story::ended& e : s.swallowed) {
    story old;
    old.id = std::move(e.id);
    old.subject = e.subject;
    old.name = std::move(e.name);
    old.began = e.began;
    tell(old, alert_step::resolved, {}, out);
  }
  s.swallowed.clear();
}

void outages::tell(const story& s, alert_step step, const std::vector<target_index>& targets, sheet& out) const {
  out.tell(s.id, step, s.subject, s.name, s.began, names(land_, targets));
}

}  // namespace changtong::alerts::fold
