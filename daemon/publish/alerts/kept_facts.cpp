#include "daemon/publish/alerts/kept_facts.h"

#include "daemon/core/id_list.h"

namespace changtong::alerts {

bool kept_facts::take(const transition& t) {
  const auto [last, first] = latest_.try_emplace(t.target, t.at, t.to);
  if (!first && (t.at < last->second.first || last->second == std::pair(t.at, t.to))) return false;
  last->second = {t.at, t.to};
  if (t.to == line_state::down && !t.same_outage)
    outages_[t.target] = {
        .began = t.at, .ended = {}, .why = t.why, .upstream = {}, .after_own_uplink = t.after_own_uplink};
  else if (const auto o = outages_.find(t.target); t.to == line_state::up && o != outages_.end() && !o->second.ended)
    o->second.ended = t.at;
  return true;
}

bool kept_facts::take(const cause_found& c) {
  const auto o = outages_.find(c.target);
  if (o == outages_.end() || o->second.began != c.began) return false;
  o->second.upstream = c.upstream;
  return true;
}

void kept_facts::take(const alert_record& step) {
  if (step.step == alert_step::opened || step.step == alert_step::grown) {
    std::set<std::string>& of = open_[step.alert];  // of a fault of our own: empty
    for (std::string& id : ids_in(step.targets)) of.insert(std::move(id));
  } else if (step.step == alert_step::resolved) {
    const auto o = open_.find(step.alert);
    if (o == open_.end()) return;
    for (const std::string& id : ids_in(step.targets)) o->second.erase(id);
    if (step.targets.empty()) o->second.clear();  // nobody is left who could be well
    if (o->second.empty()) open_.erase(o);
  }
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
  w.service_phone = [&s](const target& t) {
    for (const carrier_contact& c : s.carriers)
      if (c.carrier == t.carrier) return c.phone;
    return std::string{};
  };
  w.left = [this](std::string_view alert) {
    const auto o = open_.find(alert);
    return o == open_.end() ? std::size_t{0} : o->second.size();
  };
  w.link = s.link;
  return w;
}

}  // namespace changtong::alerts
