#include "daemon/publish/alerts/second_voice.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "daemon/core/id_list.h"

namespace changtong::alerts {
namespace {

std::string joined(const std::vector<std::string>& people) {
  std::string all;
  for (const std::string& one : people) all += (all.empty() ? "" : "、") + one;
  return all;
}

/** Whether a step told there says what this message would. An alert that has grown there says it too. */
bool says_the_same(std::string_view told, message_kind kind) {
  if (kind == message_kind::resolved) return told == name_of(alert_step::resolved);
  return told == name_of(alert_step::opened) || told == name_of(alert_step::grown) ||
         told == name_of(alert_step::escalated);
}

/** Ids of the first one's alerts that are about some of the same lines, of the same time. */
std::set<std::string_view> same_alerts(const alert_record& ours, std::span<const alert_record> there) {
  const auto ids = ids_in(ours.targets);
  const std::unordered_set<std::string_view> lines(ids.begin(), ids.end());
  std::set<std::string_view> all;
  for (const alert_record& r : there) {
    if (r.targets.empty() || std::chrono::abs(r.began - ours.began) > second_voice::same_beginning) continue;
    const auto theirs = ids_in(r.targets);
    if (std::ranges::any_of(theirs, [&](const std::string& id) { return lines.contains(id); })) all.insert(r.alert);
  }
  return all;
}

bool was_told(const sending& s, const alert_record& about, std::span<const alert_record> there) {
  const auto alerts = same_alerts(about, there);
  const std::string people = joined(s.people);
  return std::ranges::any_of(there, [&](const alert_record& r) {
    return r.step == alert_step::told && r.channel == s.channel && r.person == people && alerts.contains(r.alert) &&
           says_the_same(r.of, s.kind);
  });
}

}  // namespace

bool second_voice::is_shared(const sending& s) {
  if (s.daily || s.about.empty()) return false;
  if (s.kind == message_kind::acknowledged || s.kind == message_kind::own) return false;
  return std::ranges::none_of(s.about, [](const alert_record& r) { return r.subject == alert_subject::own; });
}

second_voice::decision second_voice::due(wall_t now, const first_word& first) {
  decision d;
  std::erase_if(held_, [&](auto& one) {
    auto& [s, ordered] = one;
    if (std::ranges::all_of(s.about, [&](const alert_record& r) { return was_told(s, r, first.there); })) {
      d.told_there.push_back(s.number);
      return true;
    }
    if (first.heard && now - ordered < patience && now >= ordered) return false;
    d.send.push_back(std::move(s));
    return true;
  });
  return d;
}

}  // namespace changtong::alerts
