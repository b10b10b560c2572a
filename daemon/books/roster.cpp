#include "daemon/books/roster.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace changtong::books {
namespace {

constexpr int looked_ahead = 14;  ///< days

std::chrono::sys_days day_of(std::string_view key) {
  const auto part = [&](std::size_t from, std::size_t length) {
    int n = 0;
    std::from_chars(key.data() + from, key.data() + from + length, n);
    return n;
  };
  return std::chrono::year{part(0, 4)} / part(5, 2) / part(8, 2);
}

std::string key_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day d{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                     static_cast<unsigned>(d.day()));
}

std::vector<std::string> of_day(std::span<const duty_record> records, const duty_turns& turns,
                                std::chrono::sys_days day, wall_t at) {
  std::vector<std::string> out;
  const std::string key = key_of(day);
  std::vector<std::pair<wall_t, const duty_record*>> known;  // records lie side by side: of one instant as entered
  for (const duty_record& r : records)
    if (r.day == key && r.source != "automatic" && r.at <= at) known.emplace_back(r.at, &r);
  std::ranges::sort(known);
  for (const auto& [entered, r] : known)
    if (r->source == withdrawn_duty)
      std::erase(out, r->person);
    else if (std::ranges::find(out, r->person) == out.end())
      out.push_back(r->person);
  if (out.empty() && !turns.staff.empty()) {
    const auto count = static_cast<std::int64_t>(turns.staff.size());
    const std::int64_t turn = day.time_since_epoch().count() % count;
    out.push_back(turns.staff[static_cast<std::size_t>((turn + count) % count)]);
  }
  return out;
}

}  // namespace

std::string duty_day(const civil_zone& zone, int handover, wall_t at) {
  const std::string text = zone.format_short(at), key = text.substr(0, 10);
  const std::string begins = fmt::format("{:02}:{:02}", handover / 60, handover % 60);
  return text.substr(11, 5) < begins ? key_of(day_of(key) - std::chrono::days{1}) : key;
}

duty_roster roster_at(std::span<const duty_record> records, const duty_turns& turns, wall_t at) {
  const std::chrono::sys_days today = day_of(duty_day(turns.zone, turns.handover, at));
  duty_roster out{.now = of_day(records, turns, today, at), .next = {}};
  for (int i = 1; i <= looked_ahead && out.next.empty(); ++i)
    for (std::string& name : of_day(records, turns, today + std::chrono::days{i}, at))
      if (std::ranges::find(out.now, name) == out.now.end()) out.next.push_back(std::move(name));
  return out;
}

}  // namespace changtong::books
