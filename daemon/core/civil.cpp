#include "daemon/core/civil.h"

#include <array>

#include <date/tz.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/core/utf8.h"

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

/** Reads what is left of a text from its front. Regular expressions cost ten times as much, and a trace has millions of
 * instants. */
struct digits {
  std::string_view left;
  bool good = true;

  int number(std::size_t count, int low, int high) {
    int v = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = i < left.size() ? left[i] : '?';
      good = good && c >= '0' && c <= '9';
      v = v * 10 + (c - '0');
    }
    left.remove_prefix(std::min(count, left.size()));
    good = good && v >= low && v <= high;
    return v;
  }
  /** Takes the next character if it is one of `any`. */
  bool take(std::string_view any) {
    if (left.empty() || any.find(left.front()) == std::string_view::npos) return false;
    left.remove_prefix(1);
    return true;
  }
  void need(std::string_view any) { good = take(any) && good; }
};

date::year_month_day day_of(int y, int m, int d) {
  return {date::year{y}, date::month{static_cast<unsigned>(m)}, date::day{static_cast<unsigned>(d)}};
}

/** Whole milliseconds of `.123456`: one to nine digits, rounded down. */
milliseconds fraction(digits& text) {
  int ms = 0, count = 0;
  for (; !text.left.empty() && text.left.front() >= '0' && text.left.front() <= '9'; ++count)
    if (const int digit = text.number(1, 0, 9); count < 3) ms = ms * 10 + digit;
  text.good = text.good && count >= 1 && count <= 9;
  for (; count < 3; ++count) ms *= 10;
  return milliseconds{ms};
}

/** What a written instant says. */
struct iso_text {
  date::local_time<milliseconds> local;
  bool fraction = false;
  std::optional<std::chrono::minutes> offset;
};

/** 2026-03-14T09:26:53.589+08:00; seconds, their fraction, the offset and its colon may be left out, Z is +00:00. */
std::optional<iso_text> read_iso(std::string_view written) {
  digits text{.left = written};
  iso_text out;
  const int y = text.number(4, 1970, 9999);
  text.need("-");
  const int mo = text.number(2, 1, 12);
  text.need("-");
  const int d = text.number(2, 1, 31);
  text.need("T ");
  milliseconds time = std::chrono::hours{text.number(2, 0, 23)};
  text.need(":");
  time += std::chrono::minutes{text.number(2, 0, 59)};
  if (text.take(":")) {
    time += std::chrono::seconds{text.number(2, 0, 59)};
    out.fraction = text.take(".,");
    if (out.fraction) time += fraction(text);
  }
  if (text.take("Zz")) {
    out.offset = std::chrono::minutes{0};
  } else if (!text.left.empty()) {
    const int sign = text.take("-") ? -1 : 1;
    if (sign > 0) text.need("+");
    out.offset = std::chrono::hours{text.number(2, 0, 23)};
    (void)text.take(":");
    out.offset = sign * (*out.offset + std::chrono::minutes{text.number(2, 0, 59)});
  }
  if (!text.good || !text.left.empty() || !day_of(y, mo, d).ok()) return std::nullopt;
  out.local = date::local_days{day_of(y, mo, d)} + time;
  return out;
}

/** 2026, 2026-03 or 2026-03-14: the first day and what it is the first of. */
std::optional<std::pair<date::year_month_day, unit>> civil_first(std::string_view written) {
  digits text{.left = written};
  const int y = text.number(4, 1970, 9999);
  int mo = 1, d = 1;
  unit u = unit::year;
  if (text.take("-")) {
    mo = text.number(2, 1, 12);
    u = unit::month;
    if (text.take("-")) {
      d = text.number(2, 1, 31);
      u = unit::day;
    }
  }
  if (!text.good || !text.left.empty() || !day_of(y, mo, d).ok()) return std::nullopt;
  return std::pair{day_of(y, mo, d), u};
}

}  // namespace

bool is_civil_day(std::string_view text) {
  const auto first = civil_first(text);
  return first && first->second == unit::day;
}

result<civil_zone> civil_zone::named(std::string_view name) {
  civil_zone z;
  try {
    z.zone_ = date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return said("没有名为 '" + std::string(name) + "' 的时区：请用 IANA 名称，如 Asia/Shanghai（须装有 tzdata 软件包）",
                "unknown time zone '" + std::string(name) +
                    "': use an IANA name such as Asia/Shanghai (package tzdata must be installed)");
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
  if (const auto iso = read_iso(text); iso && iso->offset) {
    const wall_t at{iso->local.time_since_epoch() - *iso->offset};
    return period{at, at};
  }
  if (const auto first = civil_first(text))
    return period{midnight(zone_, first->first), midnight(zone_, next(first->first, first->second))};
  const std::string shown(shortened(text, 64));
  return said("'" + shown + "' 不是时间：请写 2026、2026-03、2026-03-14 或 2026-03-14T08:00:00+08:00",
              "'" + shown + "' is no instant: write 2026, 2026-03, 2026-03-14 or 2026-03-14T08:00:00+08:00");
}

result<wall_t> civil_zone::parse_instant(std::string_view text) const {
  const std::string shown(shortened(text, 64));
  const auto iso = read_iso(text);
  if (!iso || (!iso->offset && iso->fraction))
    return said("'" + shown + "' 不是时刻：请写 2026-03-14 22:00 或 2026-03-14T22:00:00+08:00",
                "'" + shown + "' is no instant: write 2026-03-14 22:00 or 2026-03-14T22:00:00+08:00");
  if (iso->offset) return wall_t{iso->local.time_since_epoch() - *iso->offset};
  const auto civil_time = date::floor<std::chrono::seconds>(iso->local);
  const auto known = as_zone(zone_).get_info(civil_time);
  if (known.result != date::local_info::unique)
    return said("'" + shown + "' 因时钟调整而不存在或出现两次：请加上时差",
                "'" + shown + "' is skipped or repeated by a change of the clocks: add the offset");
  return wall_t{civil_time.time_since_epoch() - known.first.offset};
}

result<period> civil_zone::parse_period(std::string_view text) const {
  const std::string shown(shortened(text, 64));
  const problem bad = said("'" + shown + "' 须为 2026、2026-Q1、2026-03 或 2026-03-14",
                           "not a year, quarter, month or day: '" + shown + "'");
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
