#include "daemon/publish/alerts/delivery_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "daemon/core/id_list.h"

namespace changtong::alerts {
namespace {

constexpr int minutes_of_a_day = 24 * 60;

int number_in(std::string_view text) {
  int n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

/** 0 is Monday. */
unsigned weekday_of(std::string_view day) {
  const std::chrono::year_month_day d{std::chrono::year{number_in(day.substr(0, 4))},
                                      std::chrono::month{static_cast<unsigned>(number_in(day.substr(5, 2)))},
                                      std::chrono::day{static_cast<unsigned>(number_in(day.substr(8, 2)))}};
  return std::chrono::weekday{std::chrono::sys_days{d}}.iso_encoding() - 1;
}

/** A minute that a change of the clocks skips or repeats is counted from midnight. */
wall_t instant(const civil_zone& zone, const period& day, int minute) {
  if (minute >= minutes_of_a_day) return day.to;
  const std::string text =
      fmt::format("{} {:02}:{:02}", zone.key(day.from, civil_zone::unit::day), minute / 60, minute % 60);
  const auto at = zone.parse_instant(text);
  return at ? *at : std::min(day.from + std::chrono::minutes{minute}, day.to);
}

template <class T>
bool fits(const std::vector<T>& list, const T& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

bool fits(const telling_rule& r, const inventory& inv, const alert_record& what) {
  if (!fits(r.subjects, what.subject)) return false;
  const bool any = r.categories.empty() && r.grades.empty() && r.carriers.empty();
  if (any && r.at_least <= 1) return true;
  std::size_t count = 0;
  for (const std::string& id : ids_in(what.targets)) {
    const target* t = inv.find(id);
    count += any || (t != nullptr && fits(r.categories, t->category) && fits(r.grades, t->grade.str()) &&
                     fits(r.carriers, t->carrier));
    if (count >= r.at_least) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> pieces(std::string_view text, std::string_view separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return out;
}

std::string joined(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, "、")); }

void add_new(std::vector<std::string>& into, std::string_view name) {
  if (std::ranges::find(into, name) == into.end()) into.emplace_back(name);
}

bool within(const civil_hours& h, const civil_zone& zone, wall_t at) {
  const std::string text = zone.format_short(at);
  const int minute =
      number_in(std::string_view(text).substr(11, 2)) * 60 + number_in(std::string_view(text).substr(14, 2));
  const unsigned day = weekday_of(text), before = (day + 6) % 7;
  const auto holds = [&](unsigned d) { return (h.days >> d & 1U) != 0; };
  if (h.from < h.to) return holds(day) && h.from <= minute && minute < h.to;
  return (holds(day) && minute >= h.from) || (holds(before) && minute < h.to);
}

wall_t next_edge(const std::vector<telling_rule>& rules, const civil_zone& zone, wall_t now) {
  wall_t first = wall_max;
  const period today = zone.around(now, civil_zone::unit::day);
  for (const period& day : {today, zone.around(today.to, civil_zone::unit::day)})
    for (const telling_rule& r : rules) {
      if (!r.hours) continue;
      for (const int minute : {r.hours->from, r.hours->to})
        if (const wall_t at = instant(zone, day, minute); at > now) first = std::min(first, at);
    }
  return first;
}

wall_t next_minute(int minute, const civil_zone& zone, wall_t now) {
  period day = zone.around(now, civil_zone::unit::day);
  for (int i = 0; i < 3; ++i, day = zone.around(day.to, civil_zone::unit::day))
    if (const wall_t at = instant(zone, day, minute); at > now) return at;
  return day.from;
}

const telling_rule* rule_for(const alert_settings& s, const inventory& inv, const civil_zone& zone,
                             const alert_record& what, wall_t at) {
  for (const telling_rule& r : s.rules)
    if ((!r.hours || within(*r.hours, zone, at)) && fits(r, inv, what)) return &r;
  return nullptr;
}

std::vector<std::string> carriers_of(const alert_settings& s, const inventory& inv, const alert_record& what) {
  std::vector<std::string> out;
  for (const std::string& id : ids_in(what.targets)) {
    const target* t = inv.find(id);
    if (t != nullptr && std::ranges::find(s.carriers, t->carrier, &carrier_contact::carrier) != s.carriers.end())
      add_new(out, t->carrier);
  }
  return out;
}

std::string step_name(milliseconds after) {
  const auto seconds = after.count() / 1000;
  return seconds % 60 == 0 ? fmt::format("{}m", seconds / 60) : fmt::format("{}s", seconds);
}

std::optional<milliseconds> step_named(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), n);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (bad != std::errc{} || n < 0 || n > 100'000'000 || (unit != "m" && unit != "s")) return std::nullopt;
  return std::chrono::seconds{unit == "m" ? n * 60 : n};
}

std::string chinese_duration(milliseconds d) {
  const auto seconds = d.count() / 1000;
  if (seconds % 3600 == 0) return fmt::format("{} 小时", seconds / 3600);
  return seconds % 60 == 0 ? fmt::format("{} 分钟", seconds / 60) : fmt::format("{} 秒", seconds);
}

std::string directory::way(std::string_view name, channel_kind k) const {
  if (const auto p = std::ranges::find(people_, name, &person::name); p != people_.end()) switch (k) {
      case channel_kind::wecom:
        return p->wecom;
      case channel_kind::dingtalk:
        return p->dingtalk;
      case channel_kind::feishu:
        return p->feishu;
      case channel_kind::mail:
        return p->mail;
      default:
        return p->phone;
    }
  const auto c = std::ranges::find(carriers_, name, &carrier_contact::carrier);
  if (c == carriers_.end()) return {};
  return k == channel_kind::mail ? c->mail : rings(k) ? c->phone : std::string();
}

bool directory::is_person(std::string_view name) const {
  return std::ranges::find(people_, name, &person::name) != people_.end();
}

}  // namespace changtong::alerts
