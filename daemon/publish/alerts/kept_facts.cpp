#include "daemon/publish/alerts/kept_facts.h"

#include <algorithm>
#include <utility>

#include "daemon/core/cause_words.h"
#include "daemon/core/id_list.h"

namespace changtong::alerts {

namespace {

constexpr std::size_t most_traps = 8;             ///< of a target
constexpr milliseconds at_its_beginning{2'000};   ///< and when this one begins, that it loses its power
constexpr milliseconds still_of_the_last{5'000};  ///< after an outage its device says that it has started

/** How much it says of an outage; 0: nothing. */
int weight(trap_class c) {
  switch (c) {
    case trap_class::power:
      return 4;
    case trap_class::restart:
      return 3;
    case trap_class::link:
      return 2;
    case trap_class::hardware:
      return 1;
    default:
      return 0;
  }
}

/** 接口中断 GE0/0/1 */
std::string words_of(const trap_record& t) {
  const known_trap* known = find_trap(t.trap);
  if (t.what == trap_class::power && known != nullptr && known->what != t.what)
    return "断电（dying gasp）";  // an event of the link by its name; what it carries says more
  std::string out = known != nullptr ? std::string(known->cn) : t.trap;
  for (const std::string_view key : {"ifDescr=", "ifName="})
    if (const auto at = t.text.find(key); at != std::string::npos) {
      const std::string_view name = std::string_view(t.text).substr(at + key.size());
      return out + " " + std::string(name.substr(0, name.find(' ')));
    }
  return out;
}

/** How often a device is asked for its clock; none: never. */
std::optional<milliseconds> asked_every(const inventory& all, const target& t) {
  std::optional<milliseconds> least;
  for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c)
    if (all.checks[c].tells_up_time())
      least = std::min(least.value_or(milliseconds::max()), all.checks[c].when.interval);
  return least;
}

}  // namespace

bool kept_facts::take(const transition& t) {
  const auto last = latest_.find(t.target);
  const bool heard = last != latest_.end();
  if (heard && (t.at < last->second.first || last->second == std::pair(t.at, t.to))) return false;
  // of a line that is up and was never down there is nothing to confuse: nearly all are such, and keep no memory here
  if (heard || t.to != line_state::up || outages_.contains(t.target))
    latest_.insert_or_assign(t.target, std::pair(t.at, t.to));
  if (t.to == line_state::down && !t.same_outage) {
    outage_facts& of = outages_[t.target];
    const wall_t before = of.ended.value_or(wall_min);
    of = {.began = t.at, .ended = {}, .why = t.why, .upstream = {}, .after_own_uplink = t.after_own_uplink};
    of.previous_end = before;
    went_down(runs_[t.target], t.at);
  } else if (const auto o = outages_.find(t.target);
             t.to == line_state::up && o != outages_.end() && !o->second.ended) {
    o->second.ended = t.at;
    if (const auto r = runs_.find(t.target); r != runs_.end() && !r->second.last.empty())
      r->second.last.back().ended = t.at;
  }
  return true;
}

bool kept_facts::take(const cause_found& c) {
  const auto o = outages_.find(c.target);
  if (o == outages_.end() || o->second.began != c.began) return false;
  if (o->second.found != c.why) o->second.observed.clear();  // it spoke for the other one
  o->second.upstream = c.upstream;
  o->second.found = c.why;
  return true;
}

void kept_facts::take(const trace_record& t) {
  if (t.step != trace_step::begun && t.step != trace_step::cause) return;
  for (const std::string& id : ids_in(t.targets)) {
    const auto o = outages_.find(id);
    if (o == outages_.end() || o->second.began < t.began || o->second.began > t.began + trace_together) continue;
    if (t.step == trace_step::begun)
      o->second.last_hop = t.last, o->second.next_hop = t.next;
    else
      o->second.observed = t.observed;
  }
}

void kept_facts::saw(const std::string& site, std::string what) {
  if (const auto o = outages_.find(site); o != outages_.end() && !o->second.ended) o->second.visited = std::move(what);
}

void kept_facts::take(const trap_record& t) {
  if (weight(t.what) == 0) return;
  std::vector<heard_trap>& of = traps_[t.target];
  const auto same = [&](const heard_trap& h) { return h.about == t.about && h.what == t.what; };
  if (std::ranges::any_of(of, same)) return;  // what the ledger takes late is announced twice
  of.push_back({.about = t.about, .what = t.what, .words = words_of(t)});
  if (of.size() <= most_traps) return;
  const auto least = [](const heard_trap& h) { return std::pair(weight(h.what), h.about); };
  of.erase(std::ranges::min_element(of, {}, least));
}

wall_t kept_facts::cause_expected(const alert_record& end, const inventory& targets, wall_t now) const {
  constexpr milliseconds to_be_asked_and_entered{2'000};
  const std::vector<std::string> ids = ids_in(end.targets);
  const bool of_one = end.subject == alert_subject::upstream ? is_among(ids, end.name) : ids.size() == 1;
  if (!of_one) return now;
  const std::string& id = end.subject == alert_subject::upstream ? end.name : ids.front();
  const auto o = outages_.find(id);
  const target* t = targets.find(id);
  if (o == outages_.end() || !o->second.ended || t == nullptr) return now;
  const outage_facts& of = o->second;
  // That the device lost its power is its word alone, until its clock says the same or something else.
  if (has_devices_word(of.observed) || (explains(of.found) && of.found != cause::restart)) return now;
  const auto every = asked_every(targets, *t);
  if (!every || *every > longest_wait) return now;
  return now + std::min(longest_wait, *every + to_be_asked_and_entered);
}

void kept_facts::take(const alert_record& step) {
  if (step.of == another_cause) return;
  if (step.step == alert_step::opened || step.step == alert_step::grown) {
    std::set<std::string>& of = open_[step.alert];  // of a fault of our own: empty
    for (std::string& id : ids_in(step.targets)) {
      if (step.subject == alert_subject::flapping)
        if (target_run& r = runs_[id]; r.alert != step.alert)
          r.alert = step.alert, r.told = step.at, r.more = 0, r.more_last = milliseconds{0};
      of.insert(std::move(id));
    }
  } else if (step.step == alert_step::resolved) {
    const auto o = open_.find(step.alert);
    if (o == open_.end()) return;
    for (const std::string& id : ids_in(step.targets)) o->second.erase(id);
    if (step.targets.empty()) o->second.clear();  // nobody is left who could be well
    if (o->second.empty()) open_.erase(o);
  }
}

void kept_facts::forget_runs() {
  for (auto& [target, r] : runs_) r.alert.clear();
}

/** What an alert that is open counts is never forgotten: of what began after it was told, which it counts whatever the
 * limits are, the sum is enough. */
void kept_facts::went_down(target_run& r, wall_t at) const {
  if (!is_open(r.alert)) {
    const auto old = [&](const stretch& s) { return s.began < at - std::chrono::days{1}; };
    if (std::erase_if(r.last, old) > 0) r.alert.clear();
  } else if (r.last.size() + 1 >= most_of_a_run) {
    const auto first = std::ranges::find_if(r.last, [&](const stretch& s) { return s.began >= r.told; });
    if (first != r.last.end()) {
      ++r.more;
      r.more_last += first->ended.value_or(at) - first->began;
      r.last.erase(first);
    }
  }
  if (r.last.size() < most_of_a_run) r.last.push_back({.began = at});
}

/** From the first of the outages by which it was judged to flap. */
std::optional<alert_course> kept_facts::run(const alert_record& step, const together_limits& limits, wall_t now) const {
  const auto of = runs_.find(step.targets);
  if (of == runs_.end() || of->second.alert != step.alert || of->second.last.size() >= most_of_a_run)
    return std::nullopt;
  const target_run& r = of->second;
  alert_course out;
  out.times = r.more;
  out.lasted = r.more_last;
  for (const stretch& s : r.last) {
    if (s.began < r.told - limits.flap_window || s.began > now) continue;
    if (!out.began) out.began = s.began;
    ++out.times;
    out.lasted += s.ended.value_or(now) - s.began;
    out.ended = s.ended;
  }
  if (out.times < limits.flaps) return std::nullopt;  // some of them were before a restart
  return out;
}

std::vector<transition> kept_facts::open_outages() const {
  std::vector<transition> all;
  for (const auto& [id, o] : outages_) {
    if (o.ended) continue;
    transition& t = all.emplace_back();
    t.target = id;
    t.to = line_state::down;
    t.at = t.confirmed = o.began;
    t.why = o.why;
  }
  return all;
}

told_world kept_facts::world(const inventory& targets, const civil_zone& zone, const alert_settings& s,
                             wall_t now) const {
  told_world w;
  w.targets = &targets;
  w.zone = &zone;
  w.now = now;
  w.outage = [this](std::string_view id) {
    const auto o = outages_.find(id);
    return o == outages_.end() ? std::nullopt : std::optional{o->second};
  };
  w.was_down = [this](std::string_view id, wall_t from, wall_t to) {
    const auto o = outages_.find(id);
    return o != outages_.end() && o->second.began < to && (!o->second.ended || *o->second.ended > from);
  };
  w.traps = [this](std::string_view id, const outage_facts& near) {
    std::vector<heard_trap> out;
    const auto of = traps_.find(id);
    if (of == traps_.end()) return out;
    const wall_t to = near.ended ? *near.ended + trap_nearness : wall_max;
    const wall_t last = std::min(near.previous_end + still_of_the_last, near.began - at_its_beginning);
    const wall_t from = std::max(near.began - trap_nearness, last);
    for (const heard_trap& h : of->second)
      if (h.about >= from && h.about <= to) out.push_back(h);
    std::ranges::sort(out, {}, [](const heard_trap& h) { return std::pair(-weight(h.what), h.about); });
    return out;
  };
  w.service_phone = [&s](const target& t) {
    for (const carrier_contact& c : s.carriers)
      if (c.carrier == t.carrier) return c.phone;
    return std::string{};
  };
  w.left = [this](std::string_view alert) {
    const auto o = open_.find(alert);
    return o == open_.end() ? std::size_t{0} : o->second.size();
  };
  w.run = [this, &s, now](const alert_record& step) { return run(step, s.together, now); };
  w.link = s.link;
  return w;
}

}  // namespace changtong::alerts
