// From what waits to alerts: which burst is ripe, whether it belongs to an alert that is open, else which alerts it
// makes.
#include <algorithm>
#include <set>
#include <utility>

#include "daemon/publish/alerts/grouping_outages.h"
#include "daemon/publish/alerts/grouping_patience.h"

namespace changtong::alerts::fold {

void outages::forget_old(wall_t now) {
  std::erase_if(recent_, [&](int number) {
    const auto at = stories_.find(number);
    return at == stories_.end() || at->second.grown || at->second.members.empty() ||
           now > at->second.joined_until + settles;
  });
}

void outages::open_ripe(wall_t now, sheet& out) {
  if (waits_.empty()) return;
  if (now < rest_until_) return soon(rest_until_);
  forget_old(now);
  const std::vector<waiting> all = list_waiting(now);
  rest_until_ = now + milliseconds(all.size() / 256);
  for (const burst& b : bursts(land_, all)) {
    if (const wall_t at = ripe(b, all, limits_, alone_); at > now) {
      soon(at);
      continue;
    }
    behind_.clear();
    for (const std::size_t i : b.of) behind_[all[i].root].push_back(all[i].target);
    place(now, out);
  }
  std::erase_if(waits_, [&](target_index t) { return !of_[t].waits; });
}

std::vector<waiting> outages::list_waiting(wall_t now) {
  std::vector<waiting> all;
  for (const target_index t : waits_) {
    line& l = of_[t];
    if (!l.waits) continue;
    const wall_t seen = l.last->seen;
    if (!l.is_decided && seen + patience_for_cause <= now) l.is_decided = true;
    if (!l.is_decided) soon(seen + patience_for_cause);
    if (join_ancestor(t, no_index, now)) continue;
    const target_index root = top(t);
    all.push_back(
        {.target = t, .root = root == no_index ? t : root, .seen = seen, .bad = l.last->bad, .decided = l.is_decided});
  }
  return all;
}

void outages::place(wall_t now, sheet& out) {
  std::vector<unit> lines, sites;
  const company with = count_company();
  for (const auto& [root, of] : behind_)
    if (!take_children(root, now) && !join_recent(root, with, now))
      (land_.site(root) ? sites : lines).push_back({.root = root});
  place_together(std::move(lines), now, out);
  place_together(std::move(sites), now, out);
}

bool outages::joinable(const story& s, target_index root) const {
  return land_.site(root) == of_sites(s) && !s.grown &&
         std::chrono::abs(of_[root].last->began - s.window) <= limits_.within;
}

/** Within seconds of the others, or at a time when nobody looked: what was seen well after them has a cause of its own.
 */
bool outages::fell_with(const story& s, target_index root) const {
  const outage& o = *of_[root].last;
  return o.began <= s.latest + fell_together || (o.good != wall_min && o.good <= s.latest);
}

bool outages::below(const story& s, target_index root) const {
  return std::all_of(s.members.begin(), s.members.end(),
                     [&](target_index m) { return m != root && in_subtree(*land_.inv, m, root); });
}

/** Its children were confirmed, and told, before it was. */
bool outages::take_children(target_index root, wall_t now) {
  if (land_.below[root] == 0) return false;
  int host = none;
  for (const int number : std::vector<int>(recent_)) {
    story& s = stories_.at(number);
    if (s.grown || !below(s, root)) continue;
    if (host != none) {
      merge(number, host, now);
      continue;
    }
    host = number;
    s.subject = alert_subject::upstream;
    s.name = land_.id(root);
  }
  if (host == none) return false;
  add_all(host, root, now);
  return true;
}

bool outages::companion(const story& s, target_index root) const {
  const target& t = land_.inv->targets[root];
  if (s.subject == alert_subject::carrier) return t.carrier == s.name;
  if (s.subject == alert_subject::town) return t.town == s.name;
  return s.subject == alert_subject::many;
}

outages::company outages::count_company() const {
  company with;
  for (const int number : recent_) {
    const story& s = stories_.at(number);
    for (const auto& [root, of] : behind_)
      if (joinable(s, root) && companion(s, root)) ++with[number];
  }
  return with;
}

/** What fell alone a while after the others is not of them; several at once are. */
bool outages::join_recent(target_index root, const company& with, wall_t now) {
  for (const int number : recent_) {
    const story& s = stories_.at(number);
    if (!joinable(s, root) || !companion(s, root)) continue;
    const auto several = with.find(number);
    const bool alone = several == with.end() || several->second < limits_.lines;
    if (alone && !fell_with(s, root)) continue;
    add_all(number, root, now);
    stories_.at(number).latest = std::max(s.latest, of_[root].last->began);
    return true;
  }
  return false;
}

/** Alerts of one line each, told a moment ago, that have something in common with one of these. */
std::vector<unit> outages::told_alone(const std::vector<unit>& beside) const {
  std::vector<unit> out;
  for (const int number : recent_) {
    const story& s = stories_.at(number);
    if (s.members.size() != 1 || (s.subject != alert_subject::line && s.subject != alert_subject::site)) continue;
    const target_index m = s.members.front();
    const auto shares = [&](const unit& u) {
      const bool common = of_sites(s) || (land_.carrier[m] != 0 && land_.carrier[m] == land_.carrier[u.root]) ||
                          (land_.town[m] != 0 && land_.town[m] == land_.town[u.root]);
      return common && joinable(s, u.root) && fell_with(s, u.root);
    };
    if (std::any_of(beside.begin(), beside.end(), shares)) out.push_back({.root = m, .told = true});
  }
  return out;
}

std::size_t outages::opened_lately(bool sites, wall_t now) const {
  const auto lately = [&](int number) {
    const story& s = stories_.at(number);
    return of_sites(s) == sites && now - s.opened <= limits_.within;
  };
  return static_cast<std::size_t>(std::count_if(recent_.begin(), recent_.end(), lately));
}

/** The last alert of one line or site, or of many: what comes on top of too many alerts becomes part of it. */
int outages::storm_host(target_index root) const {
  for (auto at = recent_.rbegin(); at != recent_.rend(); ++at) {
    const story& s = stories_.at(*at);
    const bool alone = s.subject == alert_subject::line || s.subject == alert_subject::site;
    if ((alone || s.subject == alert_subject::many) && joinable(s, root)) return *at;
  }
  return none;
}

/** Never a storm: singles beyond the third alert in a while are told as one. */
void outages::spread_storm(std::vector<cluster>& all, const std::vector<unit>& units, wall_t now) {
  const auto single = [&](const cluster& c) { return c.of.size() == 1; };
  const auto fresh = [&](const cluster& c) {
    return std::none_of(c.of.begin(), c.of.end(), [&](std::size_t i) { return units[i].told; });
  };
  const auto more = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), fresh));
  if (more == 0 || opened_lately(land_.site(units.front().root), now) + more <= most_alerts) return;
  cluster many{.subject = alert_subject::many, .name = {}, .of = {}};
  std::erase_if(all, [&](const cluster& c) {
    if (!single(c)) return false;
    const target_index root = units[c.of.front()].root;
    if (const int host = storm_host(root); host != none) {
      story& s = stories_.at(host);
      s.subject = alert_subject::many;
      s.name.clear();
      add_all(host, root, now);
    } else {
      many.of.push_back(c.of.front());
    }
    return true;
  });
  if (many.of.size() == 1) many.subject = alert_subject::line;
  if (!many.of.empty()) all.push_back(std::move(many));
}

void outages::place_together(std::vector<unit> units, wall_t now, sheet& out) {
  if (units.empty()) return;
  const std::vector<unit> told = told_alone(units);
  units.insert(units.end(), told.begin(), told.end());
  std::vector<cluster> all = together(land_, units, std::max<std::size_t>(limits_.lines, 2));
  spread_storm(all, units, now);
  for (const cluster& c : all)
    if (!join_told(c, units, now)) open(c, units, now, out);
}

/** An alert of one line got company: it is the alert of them all, and others like it become part of it. */
bool outages::join_told(const cluster& c, const std::vector<unit>& units, wall_t now) {
  int host = none;
  for (const std::size_t i : c.of)
    if (units[i].told && (host == none || of_[units[i].root].story < host)) host = of_[units[i].root].story;
  if (host == none) return false;
  story& s = stories_.at(host);
  s.subject = c.subject;
  s.name = c.name;
  for (const std::size_t i : c.of) {
    s.latest = std::max(s.latest, of_[units[i].root].last->began);
    if (!units[i].told)
      add_all(host, units[i].root, now);
    else if (const int other = of_[units[i].root].story; other != host)
      merge(other, host, now);
  }
  return true;
}

void outages::open(const cluster& c, const std::vector<unit>& units, wall_t now, sheet& out) {
  const int number = next_story_++;
  story& s = stories_[number];
  s.id = out.ids.next(out.at);
  s.subject = c.subject;
  s.name = c.name;
  s.began = s.window = wall_max;
  s.latest = wall_min;
  s.opened = now;
  s.joined_until = now + limits_.within;
  std::size_t restless = 0;
  for (const std::size_t i : c.of) {
    const line& l = of_[units[i].root];
    restless += flapping(l, now) ? 1 : 0;
    const wall_t began = l.recalled ? out.at : l.last->began;
    s.window = std::min(s.window, began);
    s.latest = std::max(s.latest, began);
    add_all(number, units[i].root, now);
  }
  s.grows = false;  // `opened` tells them all
  s.held = restless * 2 > c.of.size();
  if (c.of.size() == 1) {
    const target_index root = units[c.of.front()].root;
    s.subject = land_.site(root) ? alert_subject::site : alert_subject::line;
    if (s.members.size() > 1) {
      s.subject = alert_subject::upstream;
      s.name = land_.id(root);
    }
    if (s.held) s.subject = alert_subject::flapping;
  }
  tell(s, alert_step::opened, s.members, out);
  recent_.push_back(number);
}

/** Its alert ends, without a word, when `into` has told that it is part of it. */
void outages::merge(int from, int into, wall_t now) {
  story old = std::move(stories_.at(from));
  stories_.erase(from);
  std::erase(recent_, from);
  for (const target_index m : old.members) add(into, m, now);
  story& s = stories_.at(into);
  s.swallowed.push_back({old.id, old.subject, old.name, old.began});
  s.swallowed.insert(s.swallowed.end(), old.swallowed.begin(), old.swallowed.end());
  soon(next(s));
}

void outages::add_all(int to, target_index root, wall_t now) {
  for (const target_index t : behind_.at(root)) {
    if (t != root) not_its_own(of_[t]);
    add(to, t, now);
  }
}

void outages::add(int to, target_index t, wall_t now) {
  story& s = stories_.at(to);
  line& l = of_[t];
  l.waits = false;
  l.story = to;
  s.members.push_back(t);
  s.began = std::min(s.began, l.last->began);
  if (l.down) {
    if (s.down++ == 0) s.down_since = now;
  } else {
    if (!std::exchange(s.any_well, true)) s.first_well = now;
    s.last_well = now;
  }
  const bool silent = s.held && s.subject == alert_subject::flapping;  // its growth is kept for: it stays down
  if (!s.grown && !silent) {
    if (!std::exchange(s.grows, true)) s.first_added = now;
    s.last_added = std::max({s.last_added, l.last->seen, now + limits_.quiet - settles});
  }
  soon(next(s));
}

}  // namespace changtong::alerts::fold
