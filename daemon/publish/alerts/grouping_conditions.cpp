#include "daemon/publish/alerts/grouping_conditions.h"

#include <algorithm>
#include <set>

#include "daemon/publish/alerts/grouping_patience.h"

namespace changtong::alerts::fold {

conditions::topic& conditions::about(alert_subject what, std::string_view name) {
  topic& t = topics_[{what, what == alert_subject::certificate ? std::string() : std::string(name)}];
  t.subject = what;
  return t;
}

wall_t conditions::ready(const topic& about, const fact& f) const {
  if (about.subject == alert_subject::degraded) return f.since + degraded_holds;
  return std::max(f.since + limits_.quiet, f.told + certificate_again);
}

milliseconds conditions::away(const topic& about) const {
  return about.subject == alert_subject::degraded ? degraded_away : limits_.quiet;
}

void conditions::take(alert_subject what, target_index t, std::string_view name, bool wrong, wall_t label, wall_t now) {
  topic& topic = about(what, name);
  const auto known = topic.of.find(t);
  if (known == topic.of.end() && !wrong) return;
  fact& f = topic.of[t];
  if (f.wrong == wrong) return;
  f.wrong = wrong;
  if (wrong) {
    f.since = now;
    f.began = label;
    f.name = name;
  }
  if (f.alert != none) {
    alert& a = topic.open.at(f.alert);
    if (wrong) {
      --a.right;
      a.after = away(topic);
    } else {
      ++a.right;
      a.last_right = now;
      soon(now + a.after);
    }
  } else if (wrong) {
    if (!std::exchange(f.waits, true)) topic.waits.push_back(t);
    soon(ready(topic, f));
  }
}

void conditions::came_up(target_index t, wall_t now) {
  for (auto& [key, topic] : topics_) {
    const auto at = topic.of.find(t);
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
  for (auto& [key, topic] : topics_) {
    open_ripe(topic, land, down, now, out);
    for (auto at = topic.open.begin(); at != topic.open.end();) {
      alert& a = at->second;
      grow(topic, a, now, land, out);
      const bool is_over = over(a, down, now);
      if (is_over) end(topic, a, land, out);
      at = is_over ? topic.open.erase(at) : std::next(at);
    }
  }
}

/** What is to be told now: if one has waited long enough, all that would soon. */
std::vector<target_index> conditions::ripe(topic& about, const is_down& down, wall_t now) {
  wall_t first = wall_max;
  std::vector<target_index> soon_too;
  std::erase_if(about.waits, [&](target_index t) {
    fact& f = about.of.at(t);
    if (!f.wrong) return !(f.waits = false);
    if (down(t)) return false;
    const wall_t at = ready(about, f);
    first = std::min(first, at);
    if (at <= now + limits_.within) soon_too.push_back(t);
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
  if (out.size() > most_alerts) return {all};
  return out;
}

}  // namespace

void conditions::open_ripe(topic& about, const terrain& land, const is_down& down, wall_t now, sheet& out) {
  const std::vector<target_index> all = ripe(about, down, now);
  if (all.empty()) return;
  for (const auto& of : sorted_out(land, all, std::max<std::size_t>(limits_.lines, 2))) {
    const int host = storm_host(about, now);
    if (host == none) {
      open(about, of, now, land, out);
      continue;
    }
    for (const target_index t : of) add(about, host, t, now);
    about.open.at(host).grows = true;
  }
  std::erase_if(about.waits, [&](target_index t) { return !about.of.at(t).waits; });
  soon(now);  // who waits still
}

/** Three alerts of a name in a while are enough: what comes then is part of the last one. */
int conditions::storm_host(topic& about, wall_t now) {
  std::size_t lately = 0;
  int host = none;
  for (const auto& [number, a] : about.open) {
    if (now - a.opened > degraded_storm) continue;
    ++lately;
    if (!a.grown) host = number;
  }
  return lately >= most_alerts ? host : none;
}

void conditions::add(topic& about, int number, target_index t, wall_t now) {
  fact& f = about.of.at(t);
  f.alert = number;
  f.waits = false;
  f.told = now;
  alert& a = about.open.at(number);
  if (a.members.empty()) a.name = f.name;
  a.members.push_back(t);
  a.began = std::min(a.began, f.began);
}

void conditions::open(topic& about, const std::vector<target_index>& of, wall_t now, const terrain& land, sheet& out) {
  const int number = next_++;
  alert& a = about.open[number];
  a.id = out.ids.next(out.at);
  a.opened = now;
  a.began = wall_max;
  a.after = away(about);
  for (const target_index t : of) add(about, number, t, now);
  tell(about, a, alert_step::opened, land, out);
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
  if (std::any_of(a.members.begin(), a.members.end(), down)) return false;  // asked again when it comes up
  if (a.last_right + a.after <= now) return true;
  soon(a.last_right + a.after);
  return false;
}

void conditions::end(topic& about, const alert& a, const terrain& land, sheet& out) const {
  tell(about, a, alert_step::resolved, land, out);
  for (const target_index t : a.members) about.of.at(t).alert = none;
}

void conditions::tell(const topic& about, const alert& a, alert_step step, const terrain& land, sheet& out) {
  out.tell(a.id, step, about.subject, a.name, a.began, names(land, a.members));
}

void conditions::recall(const alert_record& r, const terrain& land) {
  topic& topic = about(r.subject, r.name);
  const auto at =
      std::find_if(topic.open.begin(), topic.open.end(), [&](const auto& one) { return one.second.id == r.alert; });
  if (r.step == alert_step::resolved && at != topic.open.end()) {
    for (const target_index t : at->second.members) topic.of[t].alert = none;
    topic.open.erase(at);
  }
  if (r.step != alert_step::opened && (r.step != alert_step::grown || at == topic.open.end())) return;
  const int number = at == topic.open.end() ? next_++ : at->first;
  alert& a = topic.open[number];
  a.id = r.alert;
  a.name = r.name;
  a.began = r.began;
  if (r.step == alert_step::opened) a.opened = r.at;
  a.grown = r.step == alert_step::grown;
  a.members = indices(land, r.targets);
  for (const target_index t : a.members) {
    topic.of[t].alert = number;
    topic.of[t].told = r.at;
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
      soon(now + a.after);
    }
}

void conditions::adopt(const together_limits& limits, const std::function<target_index(target_index)>& place) {
  limits_ = limits;
  const auto move = [&](std::vector<target_index>& all) {
    for (target_index& t : all) t = place(t);
    std::erase(all, no_index);
  };
  for (auto& [key, topic] : topics_) {
    std::unordered_map<target_index, fact> of;
    for (auto& [t, f] : topic.of)
      if (const target_index is = place(t); is != no_index) of.emplace(is, f);
    topic.of = std::move(of);
    move(topic.waits);
    for (auto& [number, a] : topic.open) {
      move(a.members);
      a.right = static_cast<std::size_t>(
          std::count_if(a.members.begin(), a.members.end(), [&](target_index t) { return !topic.of.at(t).wrong; }));
    }
  }
  soon(wall_min);
}

}  // namespace changtong::alerts::fold
