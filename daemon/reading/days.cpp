#include "daemon/reading/days.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/** 十二 -> 12; digit by digit where there is no 十: 二〇二四 -> 2024. */
std::string chinese_number(const std::vector<int>& digits) {
  constexpr int ten = 10;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] != ten) {
      out += static_cast<char>('0' + digits[i]);
      continue;
    }
    if (i == 0) out += '1';
    if (i + 1 == digits.size()) out += '0';
  }
  return out;
}

/** Chinese figures as digits; the words of a date as separators. */
std::string in_digits(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int>, 12> figures{{{"〇", 0},
                                                                             {"零", 0},
                                                                             {"一", 1},
                                                                             {"二", 2},
                                                                             {"三", 3},
                                                                             {"四", 4},
                                                                             {"五", 5},
                                                                             {"六", 6},
                                                                             {"七", 7},
                                                                             {"八", 8},
                                                                             {"九", 9},
                                                                             {"十", 10}}};
  static constexpr std::array<std::pair<std::string_view, char>, 5> words{
      {{"年", '-'}, {"月", '-'}, {"日", ' '}, {"号", ' '}, {"。", '.'}}};
  std::string out;
  std::vector<int> run;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = std::max<std::size_t>(utf8_length(text.substr(i)), 1);
    const std::string_view one = text.substr(i, n);
    i += n;
    bool figure = false;
    for (const auto& [word, value] : figures)
      if (one == word) run.push_back(value), figure = true;
    if (figure) continue;
    out += chinese_number(std::exchange(run, {}));
    bool known = false;
    for (const auto& [word, c] : words)
      if (one == word) out += c, known = true;
    if (!known) out += one;
  }
  return out + chinese_number(run);
}

/** `2024-3-1 0:00` taken apart: up to three groups of digits, and what stands behind them. */
struct parts {
  std::vector<std::string_view> groups;
  std::string_view rest;
};

parts take_apart(std::string_view text) {
  parts p;
  std::size_t at = 0;
  while (p.groups.size() < 3) {
    const std::size_t begin = at;
    while (at < text.size() && digit(text[at])) ++at;
    if (at == begin) break;
    p.groups.push_back(text.substr(begin, at - begin));
    if (p.groups.size() == 3) break;
    std::size_t next = at;
    while (next < text.size() && text[next] == ' ') ++next;
    if (next == text.size() || std::string_view("-/.\\,").find(text[next]) == std::string_view::npos) break;
    ++next;
    while (next < text.size() && text[next] == ' ') ++next;
    at = next;
  }
  p.rest = trim(text.substr(at));
  return p;
}

int value_of(std::string_view digits) {
  int v = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), v);
  return v;
}

/** `18:00`, `18:00:00`: 1; midnight: 0; none of these: -1. */
int time_behind(std::string_view rest) {
  if (rest.empty()) return 0;
  bool zero = true;
  std::size_t colons = 0;
  for (const char c : rest) {
    if (c == ':')
      ++colons;
    else if (!digit(c) && c != '.')
      return -1;
    zero = zero && (c == '0' || c == ':' || c == '.');
  }
  return colons == 0 || !digit(rest.front()) ? -1 : zero ? 0 : 1;
}

result<written_day> day(int year, int month, int of_month, bool had_time) {
  using namespace std::chrono;
  const year_month_day d{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                         std::chrono::day(static_cast<unsigned>(of_month))};
  if (month < 1 || month > 12 || of_month < 1 || of_month > 31 || !d.ok())
    return said({"没有这一天：请核对后写成 2024-03-01 的样子", "is no day: look it up and write it like 2024-03-01"});
  if (year < 1950 || year > 2100)
    return said(
        {"年份不对：请核对后写成 2024-03-01 的样子", "has an unlikely year: look it up and write it like 2024-03-01"});
  return written_day{fmt::format("{:04}-{:02}-{:02}", year, month, of_month), had_time};
}

problem no_day(std::string_view year, std::string_view month) {
  return said(both("没有写明哪一日：请补全，如 {0}-{1:0>2}-01",
                   "says no day of the month: write it whole, as {0}-{1:0>2}-01", year, month));
}

problem none() { return said({"不是日期：请写成 2024-03-01 的样子", "is no date: write it like 2024-03-01"}); }

/** Groups of which the first is no year of four digits. */
result<written_day> year_elsewhere(const std::vector<std::string_view>& g, bool had_time) {
  if (g.size() < 3) return said({"没有写年份：请补全，如 2024-03-01", "says no year: write it whole, as 2024-03-01"});
  if (g[2].size() <= 2)
    return said({"年份只有两位：请写四位年份，如 2024-03-01", "has a year of two digits: write four, as 2024-03-01"});
  if (g[2].size() != 4) return none();
  const int a = value_of(g[0]), b = value_of(g[1]), year = value_of(g[2]);
  if (a <= 12 && b <= 12 && a != b)
    return said(both("可能是 {0} 月 {1} 日，也可能是 {1} 月 {0} 日：请写成 2024-03-01 的样子",
                     "may be day {1} of month {0} or day {0} of month {1}: write it like 2024-03-01", a, b));
  return a > 12 ? day(year, b, a, had_time) : day(year, a, b, had_time);
}

}  // namespace

result<written_day> read_day(std::string_view text) {
  const std::string plain = in_digits(half_width(text));
  const parts p = take_apart(trim(plain));
  const int time = time_behind(p.rest);
  if (p.groups.empty() || time < 0) return none();
  const std::string_view first = p.groups[0];
  if (p.groups.size() == 1) {
    if (first.size() == 8)
      return day(value_of(first.substr(0, 4)), value_of(first.substr(4, 2)), value_of(first.substr(6)), time == 1);
    if (first.size() == 6 && (first.starts_with("19") || first.starts_with("20")))
      return no_day(first.substr(0, 4), first.substr(4));
    if (first.size() == 4 && (first.starts_with("19") || first.starts_with("20"))) return no_day(first, "1");
    return none();
  }
  for (const std::string_view g : p.groups)
    if (g.size() > 4) return none();
  if (first.size() <= 2) return year_elsewhere(p.groups, time == 1);
  if (first.size() != 4 || p.groups[1].size() > 2) return none();
  if (p.groups.size() == 2) return no_day(first, p.groups[1]);
  if (p.groups[2].size() > 2) return none();
  return day(value_of(first), value_of(p.groups[1]), value_of(p.groups[2]), time == 1);
}

std::optional<std::string> day_of_serial(double days, bool from_1904) {
  using namespace std::chrono;
  constexpr double least = 1, most = 80'000;
  if (!(days >= least && days <= most)) return std::nullopt;
  double whole = std::floor(days);
  auto minutes = static_cast<int>(std::lround((days - whole) * 24 * 60));
  if (minutes == 24 * 60) minutes = 0, whole += 1;
  // Excel believes in a 29 February 1900; nothing here is so old.
  const sys_days zero = from_1904 ? sys_days{year{1904} / 1 / 1} : sys_days{year{1899} / 12 / 30};
  const year_month_day d{zero + std::chrono::days(static_cast<int>(whole))};
  const int y = static_cast<int>(d.year());
  if (y < 1950 || y > 2100) return std::nullopt;
  std::string out =
      fmt::format("{:04}-{:02}-{:02}", y, static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
  if (minutes != 0) out += fmt::format(" {:02}:{:02}", minutes / 60, minutes % 60);
  return out;
}

std::string half_width(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const auto at = [&rest](std::size_t k) { return static_cast<unsigned char>(rest[k]); };
    if (rest.starts_with("\xe3\x80\x80")) {  // U+3000
      out += ' ';
      i += 3;
    } else if (rest.starts_with("\xc2\xa0")) {  // U+00A0
      out += ' ';
      i += 2;
    } else if (rest.size() >= 3 && at(0) == 0xef && (at(1) == 0xbc || at(1) == 0xbd) && at(2) >= 0x80 &&
               at(2) <= (at(1) == 0xbc ? 0xbf : 0x9e) && !(at(1) == 0xbc && at(2) == 0x80)) {
      // U+FF01 .. U+FF5E
      out += static_cast<char>((at(1) == 0xbc ? 0x20 : 0x60) + (at(2) - 0x80));
      i += 3;
    } else {
      out += text[i++];
    }
  }
  return out;
}

}  // namespace changtong::reading
