// A restart, and another inventory.
#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "daemon/core/cause_words.h"
#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/grouping_outages.h"
#include "daemon/publish/alerts/grouping_patience.h"

namespace changtong::alerts::fold {

namespace {

bool of_outages(alert_subject s) {
  return s != alert_subject::own && s != alert_subject::degraded && s != alert_subject::certificate;
}

/** Steps of alerts, folded: what is open at their end. */
class recalled_stories {
 public:
  explicit recalled_stories(const terrain& land) : land_(land) {}

  void take(const alert_record& r) {
    if (!of_outages(r.subject) || r.of == another_cause) return;
    if (r.step == alert_step::opened && place_.try_emplace(r.alert, next_).second) ++next_;
    const auto at = place_.find(r.alert);
    if (at == place_.end()) return;
    story& s = open_[at->second];
    if (r.step == alert_step::opened || r.step == alert_step::grown) told(r, s);
    if (r.step == alert_step::resolved) ended(r, s);
    if (r.step != alert_step::resolved || !s.members.empty() || !s.removed.empty()) return;
    open_.erase(at->second);
    place_.erase(at);
  }
  /** In the order in which they were opened. */
  [[nodiscard]] std::map<std::size_t, story>& open() { return open_; }

 private:
  void told(const alert_record& r, story& s) const {
    s.id = r.alert;
    s.subject = r.subject;
    s.name = r.name;
    s.began = s.window = r.began;
    s.latest = r.at;
    const std::vector<target_index> before = std::exchange(s.members, indices(land_, r.targets));
    s.lost = 0;
    s.removed = r.targets.empty() ? std::vector<std::string>{} : unknown(r.targets);
    std::sort(s.members.begin(), s.members.end());
    for (const target_index t : before) s.lost += std::binary_search(s.members.begin(), s.members.end(), t) ? 0 : 1;
    s.grown = r.step == alert_step::grown;
    s.held = s.held || r.subject == alert_subject::flapping;
    if (r.step == alert_step::opened) s.opened = r.at;
  }
  void ended(const alert_record& r, story& s) const {
    auto well = indices(land_, r.targets);
    if (r.targets.empty()) return s.members.clear(), s.removed.clear();
    if (r.of != removed_from_inventory) ++s.partly;
    take_out(s.removed, unknown(r.targets));
    std::sort(well.begin(), well.end());
    std::erase_if(s.members, [&](target_index t) { return std::binary_search(well.begin(), well.end(), t); });
  }

  /** Of these ids those that no inventory has. */
  [[nodiscard]] std::vector<std::string> unknown(std::string_view targets) const {
    std::vector<std::string> ids = ids_in(targets);
    std::erase_if(ids, [&](const std::string& id) { return land_.index(id) != no_index; });
    return ids;
  }

  const terrain& land_;
  std::map<std::size_t, story> open_;
  std::unordered_map<std::string, std::size_t> place_;  ///< by id
  std::size_t next_ = 0;
};

}  // namespace

/** An alert that is open goes on; it can be joined as if it had been told now, by what began when it did. */
void outages::take_over(story s, wall_t now) {
  const int number = next_story_++;
  s.joined_until = now + limits_.within;
  s.any_well = true;
  s.sweep = s.held;
  std::erase_if(s.members, [&](target_index m) {
    if (land_.closed(m, now)) s.removed.push_back(land_.id(m));
    return land_.closed(m, now);
  });
  s.first_well = s.last_well = s.down_since = now;
  std::erase_if(s.members, [&](target_index m) {  // it died between telling the whole and ending its part
    const int before = of_[m].story;
    if (before != none && stories_.at(before).grown) return ++s.lost > 0;
    if (before != none) {
      std::erase(stories_.at(before).members, m);
      ++stories_.at(before).lost;
    }
    of_[m].story = number;
    return false;
  });
  stories_.emplace(number, std::move(s));
  recent_.push_back(number);
}

void outages::recall(std::span<const alert_record> steps, std::span<const transition> open, wall_t now) {
  recalled_stories told(land_);
  for (const alert_record& r : steps) {
    told.take(r);
    if (r.step == alert_step::opened && of_outages(r.subject) && now - r.at <= limits_.flap_window)
      for (const target_index t : indices(land_, r.subject == alert_subject::upstream ? r.name : r.targets))
        count_outage(of_[t], r.at);
  }
  for (auto& [number, s] : told.open()) take_over(std::move(s), now);
  for (const transition& t : open)
    if (const target_index i = land_.index(t.target); i != no_index && !land_.closed(i, now)) found_down(i, t.at, now);
  for (const target_index t : std::vector<target_index>(waits_)) join_ancestor(t, no_index, now);
  soon(now);
}

/** An outage that began before the restart. */
void outages::found_down(target_index t, wall_t began, wall_t now) {
  line& l = of_[t];
  if (std::exchange(l.down, true)) return;
  outage& last = l.last.own();
  last.began = began;
  if (l.story != none) {
    ++stories_.at(l.story).down;
    return;
  }
  l.waits = l.recalled = true;
  last.seen = now;
  last.bad = wall_min;
  waits_.push_back(t);
}

void outages::adopt(terrain land, const together_limits& limits, wall_t now) {
  const terrain before = std::exchange(land_, std::move(land));
  limits_ = limits;
  auto of_before = std::exchange(of_, {});
  resize();
  std::vector<target_index> place(of_before.size(), no_index);
  for (target_index t = 0; t < of_before.size(); ++t) {
    const target_index is = land_.index(before.id(t));
    if (is == no_index || land_.closed(is, now)) continue;
    place[t] = is;
    of_[is] = std::move(of_before[t]);
  }
  const auto move = [&](std::vector<target_index>& all) {
    for (target_index& t : all) t = place[t];
    std::erase(all, no_index);
  };
  move(waits_);
  for (auto& [number, s] : stories_) {
    for (const target_index m : s.members)
      if (place[m] == no_index) s.removed.push_back(before.id(m));
    move(s.members);
    move(s.left);
    std::sort(s.left.begin(), s.left.end());
    s.down = static_cast<std::size_t>(
        std::count_if(s.members.begin(), s.members.end(), [&](target_index m) { return of_[m].down; }));
  }
  soon(wall_min);
}

}  // namespace changtong::alerts::fold
