#include "daemon/core/civil.h"

#include <array>

#include <date/tz.h>

#include <algorithm>
#include <regex>

namespace changtong {
namespace {

using unit = civil_zone::unit;

const date::time_zone& as_zone(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

/** The first instant of a civil day; where midnight does not exist (a DST change), the first instant that does. */
wall_t midnight(const void* zone, date::year_month_day day) {
  return std::chrono::time_point_cast<milliseconds>(
      as_zone(zone).to_sys(date::local_days{day}, date::choose::earliest));
}

date::year_month_day floor_to(date::year_month_day d, unit u) {
  using namespace date;
  if (u == unit::day) return d;
  if (u == unit::month) return d.year() / d.month() / 1;
  return d.year() / 1 / 1;
}

date::year_month_day next(date::year_month_day d, unit u) {
  using namespace date;
  if (u == unit::day) return year_month_day{local_days{d} + days{1}};
  if (u == unit::month) return (d.year() / d.month() + months{1}) / 1;
  return (d.year() + years{1}) / 1 / 1;
}

bool number(const std::ssub_match& m, int& out, int low, int high) {
  out = std::stoi(m.str());
  return out >= low && out <= high;
}

}  // namespace

result<civil_zone> civil_zone::named(std::string_view name) {
  civil_zone z;
  try {
    z.zone_ = date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return problem{.text = "unknown time zone '" + std::string(name) +
                           "': use an IANA name such as Asia/Shanghai (package tzdata must be installed)"};
  }
  z.name_ = name;
  return z;
}

period civil_zone::around(wall_t at, unit u) const {
  const auto local = date::floor<date::days>(as_zone(zone_).to_local(at));
  const auto first = floor_to(date::year_month_day{local}, u);
  return {midnight(zone_, first), midnight(zone_, next(first, u))};
}

std::vector<period> civil_zone::split(period p, unit u) const {
  std::vector<period> out;
  for (wall_t at = p.from; at < p.to;) {
    const wall_t end = std::min(p.to, around(at, u).to);
    out.push_back({at, end});
    at = end;
  }
  return out;
}

std::string civil_zone::format(wall_t at) const {
  return date::format("%FT%T%Ez", date::make_zoned(&as_zone(zone_), at));
}

std::string civil_zone::format_short(wall_t at) const {
  return date::format("%F %T", date::make_zoned(&as_zone(zone_), date::floor<std::chrono::seconds>(at)));
}

std::string civil_zone::key(wall_t at, unit u) const {
  return date::format(u == unit::day     ? "%Y-%m-%d"
                      : u == unit::month ? "%Y-%m"
                                         : "%Y",
                      date::make_zoned(&as_zone(zone_), at));
}

result<period> civil_zone::parse(std::string_view text) const {
  static const std::regex civil(R"((\d{4})(?:-(\d{2})(?:-(\d{2}))?)?)");
  static const std::regex iso(
      R"((\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2}))");
  const problem bad{.text = "'" + std::string(text.substr(0, 64)) +
                            "' is no instant: write 2026, 2026-03, 2026-03-14 or 2026-03-14T08:00:00+08:00"};
  const std::string s(text);
  std::smatch m;
  int y = 0, mo = 1, d = 1;
  if (std::regex_match(s, m, civil)) {
    if (!number(m[1], y, 1970, 9999)) return bad;
    if (m[2].matched && !number(m[2], mo, 1, 12)) return bad;
    if (m[3].matched && !number(m[3], d, 1, 31)) return bad;
    const date::year_month_day day{date::year{y}, date::month{static_cast<unsigned>(mo)},
                                   date::day{static_cast<unsigned>(d)}};
    if (!day.ok()) return bad;
    const unit u = m[3].matched ? unit::day : m[2].matched ? unit::month : unit::year;
    return period{midnight(zone_, day), midnight(zone_, next(day, u))};
  }
  if (!std::regex_match(s, m, iso)) return bad;
  int hh = 0, mm = 0, ss = 0, oh = 0, om = 0;
  if (!number(m[1], y, 1970, 9999) || !number(m[2], mo, 1, 12) || !number(m[3], d, 1, 31)) return bad;
  if (!number(m[4], hh, 0, 23) || !number(m[5], mm, 0, 59)) return bad;
  if (m[6].matched && !number(m[6], ss, 0, 59)) return bad;
  const date::year_month_day day{date::year{y}, date::month{static_cast<unsigned>(mo)},
                                 date::day{static_cast<unsigned>(d)}};
  if (!day.ok()) return bad;
  int ms = 0;
  if (m[7].matched) ms = std::stoi((m[7].str() + "000").substr(0, 3));
  const std::string offset = m[8].str();
  if (offset.size() > 1) {
    oh = std::stoi(offset.substr(1, 2));
    om = std::stoi(offset.substr(offset.size() - 2));
    if (oh > 23 || om > 59) return bad;
  }
  const auto shift = std::chrono::hours{oh} + std::chrono::minutes{om};
  const auto civil_time = date::sys_days{day} + std::chrono::hours{hh} + std::chrono::minutes{mm} +
                          std::chrono::seconds{ss} + milliseconds{ms};
  const wall_t at = offset[0] == '-' ? civil_time + shift : civil_time - shift;
  return period{at, at};
}

result<wall_t> civil_zone::parse_instant(std::string_view text) const {
  static const std::regex local(R"((\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?)");
  const std::string shown(text.substr(0, 64));
  const problem bad{.text = "'" + shown + "' is no instant: write 2026-03-14 22:00 or 2026-03-14T22:00:00+08:00"};
  const std::string s(text);
  std::smatch m;
  if (!std::regex_match(s, m, local)) {
    const auto parsed = text.size() <= 10 ? result<period>(bad) : parse(text);
    return parsed ? result<wall_t>(parsed->from) : result<wall_t>(bad);
  }
  int y = 0, mo = 0, d = 0, hh = 0, mm = 0, ss = 0;
  if (!number(m[1], y, 1970, 9999) || !number(m[2], mo, 1, 12) || !number(m[3], d, 1, 31)) return bad;
  if (!number(m[4], hh, 0, 23) || !number(m[5], mm, 0, 59)) return bad;
  if (m[6].matched && !number(m[6], ss, 0, 59)) return bad;
  const date::year_month_day day{date::year{y}, date::month{static_cast<unsigned>(mo)},
                                 date::day{static_cast<unsigned>(d)}};
  if (!day.ok()) return bad;
  const auto civil_time =
      date::local_days{day} + std::chrono::hours{hh} + std::chrono::minutes{mm} + std::chrono::seconds{ss};
  const auto known = as_zone(zone_).get_info(civil_time);
  if (known.result != date::local_info::unique)
    return problem{.text = "'" + shown + "' is skipped or repeated by a change of the clocks: add the offset"};
  return wall_t{civil_time.time_since_epoch() - known.first.offset};
}

result<period> civil_zone::parse_period(std::string_view text) const {
  const problem bad{.text = "须为 2026、2026-Q1、2026-03 或 2026-03-14 / not a year, quarter, month or day: '" +
                            std::string(text.substr(0, 64)) + "'"};
  if (text.size() == 7 && text.substr(4, 2) == "-Q" && text[6] >= '1' && text[6] <= '4') {
    constexpr std::array<const char*, 4> first{"01", "04", "07", "10"}, last{"03", "06", "09", "12"};
    const auto quarter = static_cast<std::size_t>(text[6] - '1');
    const std::string year(text.substr(0, 5));
    const auto from = parse(year + first[quarter]), to = parse(year + last[quarter]);
    return from && to ? result<period>(period{from->from, to->to}) : result<period>(bad);
  }
  const auto p = text.size() > 10 ? result<period>(bad) : parse(text);
  return p && !p->empty() ? p : result<period>(bad);
}

}  // namespace changtong
