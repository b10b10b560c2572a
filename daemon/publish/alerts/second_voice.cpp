#include "daemon/publish/alerts/second_voice.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "daemon/core/id_list.h"
#include "daemon/core/same_outage.h"

namespace changtong::alerts {
namespace {

std::string joined(const std::vector<std::string>& people) {
  std::string all;
  for (const std::string& one : people) all += (all.empty() ? "" : "、") + one;
  return all;
}

/** Whether a step told there says what this message would. An alert that has grown there says that it was opened; what
 * was opened says nothing of how it went on. */
bool says_the_same(std::string_view told, std::string_view ours) {
  if (ours == name_of(alert_step::opened))
    return told == ours || told == name_of(alert_step::grown) || told == name_of(alert_step::escalated);
  return told == ours;
}

/** Ids of the first one's alerts that are about some of the same lines, of the same time. */
std::set<std::string_view> same_alerts(const alert_record& ours, std::span<const alert_record> there) {
  const auto ids = ids_in(ours.targets);
  const std::unordered_set<std::string_view> lines(ids.begin(), ids.end());
  std::set<std::string_view> all;
  for (const alert_record& r : there) {
    if (r.targets.empty() || !begin_together(r.began, ours.began)) continue;
    const auto theirs = ids_in(r.targets);
    if (std::ranges::any_of(theirs, [&](const std::string& id) { return lines.contains(id); })) all.insert(r.alert);
  }
  return all;
}

bool was_told(const sending& s, const alert_record& about, const first_word& first, wall_t now) {
  const auto alerts = same_alerts(about, first.there);
  if (s.of == name_of(alert_step::escalated) &&
      std::ranges::any_of(alerts, [&](std::string_view id) { return first.acknowledged.contains(id); }))
    return true;  // somebody takes care of it there
  // Numbers of a channel's own are nobody's: which of them was told there, its journal does not say.
  const std::string people = joined(s.people);
  if (people.empty() && !s.phones.empty()) return false;
  return std::ranges::any_of(first.there, [&](const alert_record& r) {
    const bool since_then = r.at >= about.began - same_beginning && r.at <= now + second_voice::same_clock;
    return since_then && r.step == alert_step::told && r.channel == s.channel && r.person == people &&
           alerts.contains(r.alert) && says_the_same(r.of, s.of);
  });
}

/** From when on the first one may take its time: since the step itself, however long it waited for the channel. */
wall_t patient_from(const sending& s, wall_t ordered) {
  if (s.of == name_of(alert_step::escalated)) return ordered;  // its step is an old one
  wall_t at = wall_min;
  for (const alert_record& r : s.about) at = std::max(at, r.at);
  return std::min(at, ordered);
}

}  // namespace

bool second_voice::is_shared(const sending& s) {
  if (s.daily || s.about.empty()) return false;
  if (s.kind == message_kind::acknowledged || s.kind == message_kind::own) return false;
  return std::ranges::none_of(s.about, [](const alert_record& r) { return r.subject == alert_subject::own; });
}

wall_t second_voice::since() const {
  wall_t first = wall_max;
  for (const auto& [s, ordered] : held_)
    for (const alert_record& r : s.about) first = std::min(first, r.began);
  return first == wall_max ? first : first - alert_before_outage;
}

second_voice::decision second_voice::due(wall_t now, const first_word& first) {
  decision d;
  std::erase_if(held_, [&](auto& one) {
    auto& [s, ordered] = one;
    if (std::ranges::all_of(s.about, [&](const alert_record& r) { return was_told(s, r, first, now); })) {
      d.told_there.push_back(s.number);
      return true;
    }
    if (first.heard && now - patient_from(s, ordered) < patience && now >= ordered) return false;
    d.send.push_back(std::move(s));
    return true;
  });
  return d;
}

}  // namespace changtong::alerts
