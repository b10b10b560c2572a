#include "daemon/publish/alerts/grouping_conditions.h"

#include <algorithm>
#include <charconv>
#include <ranges>

#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/delivery_rules.h"
#include "daemon/publish/alerts/grouping_patience.h"

namespace changtong::alerts::fold {

namespace {

constexpr std::size_t stages = 3;

/** Of a certificate, by the days that are left: it ends, it ends within a week, it has ended. Each is told anew. */
std::size_t stage_of(std::string_view days_left) {
  int days = certificate_week + 1;
  std::from_chars(days_left.data(), days_left.data() + days_left.size(), days);
  return days < 0 ? 3 : days <= certificate_week ? 2 : 1;
}

}  // namespace

std::size_t conditions::number(alert_subject what, std::string_view name) {
  if (what == alert_subject::certificate) return stage_of(name);
  const auto at = std::ranges::find(names_, name);
  if (at == names_.end()) return names_.emplace_back(name), names_.size();
  return static_cast<std::size_t>(at - names_.begin()) + 1;
}

conditions::topic& conditions::about(alert_subject what) {
  topic& t = topics_[what];
  t.subject = what;
  return t;
}

wall_t conditions::ready(const topic& about, const fact& f) const {
  if (about.subject == alert_subject::degraded) return f.since + f.patience.holds;
  return std::max(f.since + limits_.quiet, f.told + certificate_again);
}

milliseconds conditions::away(const topic& about, const fact& f) const {
  return about.subject == alert_subject::degraded ? f.patience.away : limits_.quiet;
}

void conditions::take(const news& what, const condition_patience& patience, wall_t label, wall_t now) {
  topic& topic = about(what.about);
  const key k{what.target, number(what.about, what.name)};
  const auto known = topic.of.find(k);
  if (known == topic.of.end() && !what.wrong) return;
  fact& f = topic.of[k];
  if (f.wrong == what.wrong) return;
  f.wrong = what.wrong;
  if (what.wrong) {
    f.since = now;
    f.began = label;
    f.name = what.name;
    f.patience = patience;
  } else {
    f.ended = label;
  }
  if (f.alert != none) {
    alert& a = topic.open.at(f.alert);
    if (what.wrong) {
      --a.right;
      a.after = std::max(std::exchange(a.recalled, false) ? milliseconds{0} : a.after, away(topic, f));
    } else {
      ++a.right;
      a.last_right = now;
      soon(now + a.after);
    }
  } else if (what.wrong) {
    if (!std::exchange(f.waits, true)) topic.waits.push_back(k);
    soon(ready(topic, f));
  }
}

void conditions::came_up(target_index t, wall_t now) {
  for (auto& [subject, topic] : topics_)
    for (std::size_t n = 1; n <= std::max(names_.size(), stages); ++n) {
      const auto at = topic.of.find({t, n});
      if (at == topic.of.end()) continue;
      fact& f = at->second;
      if (f.waits) {
        f.since = now;
        soon(ready(topic, f));
      } else if (f.alert != none && !f.wrong) {
        alert& a = topic.open.at(f.alert);
        a.last_right = now;
        soon(now + a.after);
      }
    }
}

void conditions::due(wall_t now, const terrain& land, const is_down& down, sheet& out) {
  if (now < until_) return;
  until_ = wall_max;
  for (auto& [subject, topic] : topics_) {
    open_ripe(topic, land, down, now, out);
    for (auto at = topic.open.begin(); at != topic.open.end();) {
      alert& a = at->second;
      if (!a.removed.empty()) tell_removed(topic, a, out);
      grow(topic, a, now, land, out);
      const bool is_over = over(a, down, now);
      if (is_over && !a.members.empty()) end(topic, a, land, out);
      at = is_over ? topic.open.erase(at) : std::next(at);
    }
  }
}

/** What is to be told now: if one has waited long enough, all that would soon. */
std::vector<conditions::key> conditions::ripe(topic& about, const is_down& down, wall_t now) {
  wall_t first = wall_max;
  std::vector<key> soon_too;
  std::erase_if(about.waits, [&](const key& k) {
    fact& f = about.of.at(k);
    if (!f.wrong) return !(f.waits = false);
    if (down(k.first)) return false;
    const wall_t at = ready(about, f);
    first = std::min(first, at);
    if (at <= now + limits_.within) soon_too.push_back(k);
    return false;
  });
  if (first <= now) return soon_too;
  soon(first);
  return {};
}

namespace {

/** Those that hang below the same line, if they are enough, are together; the others by what they have in common. */
std::vector<std::vector<target_index>> sorted_out(const terrain& land, const std::vector<target_index>& all,
                                                  std::size_t enough) {
  std::map<target_index, std::vector<target_index>> by_parent;
  for (const target_index t : all) by_parent[land.parent(t)].push_back(t);
  std::vector<std::vector<target_index>> out;
  std::vector<unit> lines, sites;
  for (auto& [parent, of] : by_parent) {
    if (parent != no_index && of.size() >= enough) {
      out.push_back(std::move(of));
      continue;
    }
    for (const target_index t : of) (land.site(t) ? sites : lines).push_back({.root = t});
  }
  for (const auto* units : {&lines, &sites})
    for (const cluster& c : together(land, *units, enough)) {
      auto& of = out.emplace_back();
      for (const std::size_t i : c.of) of.push_back((*units)[i].root);
    }
  return out;
}

}  // namespace

void conditions::open_ripe(topic& about, const terrain& land, const is_down& down, wall_t now, sheet& out) {
  const std::vector<key> all = ripe(about, down, now);
  if (all.empty()) return;
  std::map<target_index, std::vector<key>> by_target;
  for (const key& k : all) by_target[k.first].push_back(k);
  std::vector<target_index> targets;
  for (const auto& [t, of] : by_target) targets.push_back(t);
  auto groups = sorted_out(land, targets, std::max<std::size_t>(limits_.lines, 2));
  const auto has_waited = [&](const key& k) { return ready(about, about.of.at(k)) <= now; };
  std::erase_if(groups, [&](const auto& group) {  // there another's patience has ended, not theirs
    return std::ranges::none_of(group,
                                [&](target_index t) { return std::ranges::any_of(by_target.at(t), has_waited); });
  });
  if (groups.size() > most_alerts) {
    for (auto& other : groups | std::views::drop(1))
      groups.front().insert(groups.front().end(), other.begin(), other.end());
    groups.resize(1);
  }
  for (auto& group : groups) {
    std::ranges::sort(group);
    std::vector<key> of;
    for (const target_index t : group) of.insert(of.end(), by_target.at(t).begin(), by_target.at(t).end());
    const std::string name = name_of(about, of);
    const int host = storm_host(about, name, now);
    if (host == none) {
      open(about, of, name, now, land, out);
      continue;
    }
    for (const key& k : of) add(about, host, k, now);
    about.open.at(host).grows = true;
  }
  std::erase_if(about.waits, [&](const key& k) { return !about.of.at(k).waits; });
  soon(now);  // who waits still
}

/** What is wrong, each once, in the order in which such things were first seen. */
std::string conditions::name_of(const topic& about, std::vector<key> of) const {
  if (about.subject == alert_subject::certificate) return about.of.at(of.front()).name;
  std::ranges::sort(of, {}, &key::second);
  const auto twice = std::ranges::unique(of, {}, &key::second);
  of.erase(twice.begin(), twice.end());
  std::string out;
  for (const key& k : of) out += (out.empty() ? "" : "、") + names_[k.second - 1];
  return out;
}

/** Three alerts of a name in a while are enough: what comes then is part of the last one. */
int conditions::storm_host(topic& about, std::string_view name, wall_t now) {
  std::size_t lately = 0;
  int host = none;
  for (const auto& [number, a] : about.open) {
    if (now - a.opened > degraded_storm || (about.subject == alert_subject::degraded && a.name != name)) continue;
    ++lately;
    if (!a.grown) host = number;
  }
  return lately >= most_alerts ? host : none;
}

void conditions::add(topic& about, int number, const key& k, wall_t now) const {
  fact& f = about.of.at(k);
  f.alert = number;
  f.waits = false;
  f.told = now;
  alert& a = about.open.at(number);
  a.members.push_back(k);
  a.began = std::min(a.began, f.began);
  a.after = std::max(a.after, away(about, f));
}

void conditions::open(topic& about, const std::vector<key>& of, const std::string& name, wall_t now,
                      const terrain& land, sheet& out) {
  const int number = next_++;
  alert& a = about.open[number];
  a.id = out.ids.next(out.at);
  a.name = name;
  a.opened = now;
  a.began = wall_max;
  for (const key& k : of) add(about, number, k, now);
  tell(about, a, alert_step::opened, land, out);
  if (about.subject == alert_subject::certificate) supersede(about, number, out);
}

/** What was told of the same certificates before goes on as this alert, and ends without a word. */
void conditions::supersede(topic& about, int by, sheet& out) {
  for (const key& k : about.open.at(by).members)
    for (std::size_t stage = 1; stage < k.second; ++stage) {
      const auto before = about.of.find({k.first, stage});
      if (before == about.of.end() || before->second.alert == none) continue;
      alert& old = about.open.at(std::exchange(before->second.alert, none));
      std::erase(old.members, key{k.first, stage});
      if (!before->second.wrong) --old.right;
      old.lost = true;
      before->second.waits = false;
    }
  std::erase_if(about.open, [&](const auto& one) {
    const alert& old = one.second;
    if (!old.lost || !old.members.empty()) return false;
    out.tell(old.id, alert_step::resolved, about.subject, old.name, old.began, {});
    return true;
  });
}

void conditions::grow(topic& about, alert& a, wall_t now, const terrain& land, sheet& out) {
  if (!a.grows || a.grown) return;
  if (now < a.opened + degraded_storm) return soon(a.opened + degraded_storm);
  a.grown = true;
  a.grows = false;
  tell(about, a, alert_step::grown, land, out);
}

bool conditions::over(const alert& a, const is_down& down, wall_t now) {
  if (a.members.empty()) return true;
  if (a.right < a.members.size()) return false;
  if (std::ranges::any_of(a.members, [&](const key& k) { return down(k.first); })) return false;  // asked when it is up
  if (a.last_right + a.after <= now) return true;
  soon(a.last_right + a.after);
  return false;
}

void conditions::end(topic& about, const alert& a, const terrain& land, sheet& out) {
  alert_course course;
  for (const key& k : a.members) course.ended = std::max(course.ended.value_or(wall_min), about.of.at(k).ended);
  out.courses.note(a.id, course);
  tell(about, a, alert_step::resolved, land, out);
  if (a.lost) out.tell(a.id, alert_step::resolved, about.subject, a.name, a.began, {});
  for (const key& k : a.members) about.of.at(k).alert = none;
}

void conditions::tell(const topic& about, const alert& a, alert_step step, const terrain& land, sheet& out) {
  std::vector<target_index> targets;
  for (const key& k : a.members) targets.push_back(k.first);
  std::ranges::sort(targets);
  const auto twice = std::ranges::unique(targets);
  targets.erase(twice.begin(), twice.end());
  out.tell(a.id, step, about.subject, a.name, a.began, names(land, std::move(targets)));
}

void conditions::tell_removed(const topic& about, alert& a, sheet& out) {
  out.tell(a.id, alert_step::resolved, about.subject, a.name, a.began, list_of_ids(a.removed));
  out.steps.back().of = removed_from_inventory;
  a.removed.clear();
}

void conditions::recall(const alert_record& r, const terrain& land) {
  topic& topic = about(r.subject);
  const auto at =
      std::find_if(topic.open.begin(), topic.open.end(), [&](const auto& one) { return one.second.id == r.alert; });
  if (r.step == alert_step::resolved && at != topic.open.end()) {
    std::vector<key>& members = at->second.members;
    const auto away = indices(land, r.targets);
    const auto leaves = [&](const key& k) {
      const bool stays = r.of == removed_from_inventory && std::ranges::find(away, k.first) == away.end();
      if (!stays) topic.of[k].alert = none;
      return !stays;
    };
    std::erase_if(members, leaves);
    if (members.empty()) topic.open.erase(at);
    return;
  }
  if (r.step != alert_step::opened && (r.step != alert_step::grown || at == topic.open.end())) return;
  const int number = at == topic.open.end() ? next_++ : at->first;
  alert& a = topic.open[number];
  a.id = r.alert;
  a.name = r.name;
  a.began = r.began;
  if (r.step == alert_step::opened) a.opened = r.at;
  a.grown = r.step == alert_step::grown;
  for (const key& k : a.members) topic.of[k].alert = none;
  a.members.clear();
  // What of it was wrong with whom is not written: all that the name says may have been.
  for (const std::string& name : pieces(r.name, "、"))
    for (const target_index t : indices(land, r.targets)) a.members.emplace_back(t, this->number(r.subject, name));
  for (const key& k : a.members) {
    fact& f = topic.of[k];
    f.alert = number;
    f.told = r.at;
  }
}

void conditions::recall(std::span<const alert_record> steps, const terrain& land, wall_t now) {
  for (const alert_record& r : steps)
    if (r.subject == alert_subject::degraded || r.subject == alert_subject::certificate) recall(r, land);
  for (auto& [key, topic] : topics_)
    for (auto& [number, a] : topic.open) {
      a.right = a.members.size();
      a.last_right = now;
      a.after = measured_again;
      a.recalled = true;
      for (const auto& k : a.members) topic.of.at(k).ended = now;  // unless it is measured to be wrong still
      soon(now + a.after);
    }
}

void conditions::adopt(const together_limits& limits, const terrain& before,
                       const std::function<target_index(target_index)>& place) {
  limits_ = limits;
  move(before, place);
}

void conditions::move(const terrain& before, const std::function<target_index(target_index)>& place) {
  const auto move_all = [&](std::vector<key>& all) {
    for (key& k : all) k.first = place(k.first);
    std::erase_if(all, [](const key& k) { return k.first == no_index; });
  };
  for (auto& [subject, topic] : topics_) {
    std::unordered_map<key, fact, hash> of;
    for (auto& [k, f] : topic.of)
      if (const target_index is = place(k.first); is != no_index) of.emplace(key{is, k.second}, std::move(f));
    topic.of = std::move(of);
    move_all(topic.waits);
    for (auto& [number, a] : topic.open) {
      for (const key& k : a.members)
        if (place(k.first) == no_index && std::ranges::find(a.removed, before.id(k.first)) == a.removed.end())
          a.removed.push_back(before.id(k.first));
      move_all(a.members);
      a.right = static_cast<std::size_t>(
          std::ranges::count_if(a.members, [&](const key& k) { return !topic.of.at(k).wrong; }));
    }
  }
  soon(wall_min);
}

}  // namespace changtong::alerts::fold
