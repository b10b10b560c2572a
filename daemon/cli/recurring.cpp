#include "daemon/cli/recurring.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace changtong {
namespace {

using std::chrono::year_month_day;

unsigned number_in(std::string_view digits) {
  unsigned n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

year_month_day moved(year_month_day day, repeated every, unsigned steps) {
  if (every != repeated::month) {
    const unsigned days = every == repeated::week ? 7 : 1;
    return std::chrono::sys_days{day} + std::chrono::days{steps * days};
  }
  const auto month = day.year() / day.month() + std::chrono::months{steps};
  const year_month_day there = month / day.day();
  return there.ok() ? there : year_month_day{month / std::chrono::last};
}

std::chrono::sys_days day_of(const civil_zone& zone, wall_t at) {
  const std::string text = zone.key(at, civil_zone::unit::day);  // 2026-03-14
  return std::chrono::year{static_cast<int>(number_in(text.substr(0, 4)))} /
         std::chrono::month{number_in(text.substr(5, 2))} / std::chrono::day{number_in(text.substr(8, 2))};
}

/** The hours of `at` on another civil day. */
result<wall_t> at_hours_of(const civil_zone& zone, wall_t at, year_month_day day) {
  return zone.parse_instant(fmt::format("{:04}-{:02}-{:02}{}", static_cast<int>(day.year()),
                                        static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                                        zone.format_short(at).substr(10)));
}

}  // namespace

result<std::vector<period>> occurrences(const civil_zone& zone, period first, repeated every, std::uint32_t times) {
  std::vector<period> out{first};
  const auto nights = day_of(zone, first.to) - day_of(zone, first.from);  // that a window lasts over
  for (std::uint32_t k = 1; k < times; ++k) {
    const auto day = moved(year_month_day{day_of(zone, first.from)}, every, k);
    const auto from = at_hours_of(zone, first.from, std::chrono::sys_days{day});
    if (!from) return from.error();
    const auto to = at_hours_of(zone, first.to, std::chrono::sys_days{day} + nights);
    if (!to) return to.error();
    out.push_back({*from, *to});
  }
  return out;
}

std::string numbered_id(const std::string& id, std::uint32_t nth, std::uint32_t times) {
  return fmt::format("{}-{:0{}}", id, nth, std::max<std::size_t>(2, std::to_string(times).size()));
}

}  // namespace changtong
