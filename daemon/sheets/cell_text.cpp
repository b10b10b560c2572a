#include "daemon/sheets/cell_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/core/ascii.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/days.h"
#include "daemon/reading/words.h"
#include "daemon/sheets/cell_address.h"

namespace changtong::sheets {
namespace {

using column = reading::line_columns::column;
using kind = reading::sheet_cell::kind;
using reading::trim;

bool ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool digit(char c) { return c >= '0' && c <= '9'; }

/** Without what nobody sees: line breaks, zero-width characters, blanks of other kinds. */
std::string seen(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = std::max<std::size_t>(utf8_length(text.substr(i)), 1);
    const std::string_view one = text.substr(i, n);
    i += n;
    const auto odd = first_odd(one);
    if (one == "\n" || one == "\r" || one == "\t") {
      // Between Chinese characters a break is typography, between words it was a blank.
      if (!out.empty() && ascii(out.back()) && out.back() != ' ' && i < text.size() && ascii(text[i])) out += ' ';
    } else if (odd && odd->what == oddity::space) {
      out += ' ';
    } else if (!odd || odd->what != oddity::unseen) {
      out += one;
    }
  }
  return out;
}

/** Blanks of any kind at both ends. */
std::string_view trimmed(std::string_view text) {
  for (bool more = true; more;) {
    more = false;
    text = trim(text);
    for (const std::string_view blank : {"\xe3\x80\x80", "\xc2\xa0"}) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size()), more = true;
      if (text.ends_with(blank)) text.remove_suffix(blank.size()), more = true;
    }
  }
  return text;
}

/** ="007" and '007 are how a spreadsheet is made to keep a text. */
std::string_view unwrapped(std::string_view text) {
  if (text.size() > 3 && text.starts_with("=\"") && text.ends_with('"')) return text.substr(2, text.size() - 3);
  if (text.starts_with('\'')) return text.substr(1);
  return text;
}

bool says_nothing(std::string_view text) {
  static constexpr std::array<std::string_view, 12> words{"-",  "--",   "—",   "——",  "/",    "无",
                                                          "空", "暂无", "n/a", "N/A", "NULL", "null"};
  return std::ranges::find(words, text) != words.end();
}

/** In the column of closing. */
bool says_still_in_use(std::string_view text) {
  static constexpr std::array<std::string_view, 6> words{"在用", "使用中", "正常", "长期", "至今", "未停用"};
  return std::ranges::find(words, text) != words.end();
}

bool an_error_of_excel(std::string_view text) {
  static constexpr std::array<std::string_view, 8> words{"#N/A",   "#REF!",  "#VALUE!", "#DIV/0!",
                                                         "#NAME?", "#NULL!", "#NUM!",   "########"};
  return std::ranges::find(words, text) != words.end() || text.starts_with("####");
}

/** 2.02403E+11: the digits that stood there are lost. */
bool a_rounded_number(std::string_view text) {
  const auto e = text.find("E+");
  return e != std::string_view::npos && e > 0 && e + 2 < text.size() &&
         std::ranges::all_of(text.substr(0, e), [](char c) { return digit(c) || c == '.'; }) &&
         std::ranges::all_of(text.substr(e + 2), digit);
}

/** Names keep their wide marks. */
bool is_prose(column c) {
  return c == column::name || c == column::unit || c == column::town || c == column::carrier || c == column::grade;
}

cell_value as_it_is(std::string value) { return {.value = std::move(value)}; }
cell_value guessed(std::string value, phrase what) { return {.value = std::move(value), .guess = std::move(what)}; }
cell_value wrong(phrase what) { return {.problem = std::move(what)}; }

cell_value read_id(std::string text) {
  if (const auto bad = reading::bad_id(text)) return wrong(both("「{}」{}", "'{}' {}", shortened(text, 64), *bad));
  return as_it_is(std::move(text));
}

cell_value read_date(const grid_cell& cell, const std::string& text, const cell_world& world) {
  if (text.find('T') != std::string::npos) return as_it_is(text);  // an instant, which lines.csv takes as it is
  const auto number = reading::parse_decimal(text);
  constexpr double first_serial = 18'264, last_serial = 73'415;  // 1950 .. 2100
  if (number && text.find('%') == std::string::npos && *number >= first_serial && *number <= last_serial)
    if (const auto day = reading::day_of_serial(*number, world.from_1904))
      return guessed(day->substr(0, 10),
                     both("表格序列值 {} 读作 {}", "the serial number {} is read as {}", text, day->substr(0, 10)));
  const auto read = reading::read_day(text);
  if (!read) return wrong(both("「{}」{}", "'{}' {}", shortened(text, 64), words_of(read.error())));
  if (read->had_time)
    return guessed(read->iso, both("「{}」读作 {}，钟点略去", "'{}' is read as {}, without the time of day",
                                   shortened(text, 64), read->iso));
  if (read->iso == text || cell.what == kind::day) return as_it_is(read->iso);
  return guessed(read->iso, both("「{}」读作 {}", "'{}' is read as {}", shortened(text, 64), read->iso));
}

/** 1,000 -> 1000; none if the commas are not between thousands. */
std::optional<std::string> without_commas(std::string_view number) {
  std::string out;
  const auto point = std::min(number.find('.'), number.size());
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] != ',') {
      out += number[i];
      continue;
    }
    if (i == 0 || i > point || (point - i) % 4 != 0) return std::nullopt;
  }
  if (number.find(',') != std::string_view::npos && number.find(',') > 3) return std::nullopt;
  return out;
}

cell_value read_bandwidth(const std::string& text, const cell_world& world) {
  static constexpr std::array<std::pair<std::string_view, double>, 20> units{
      {{"mbit/s", 1}, {"gbit/s", 1000}, {"mbps", 1},      {"gbps", 1000}, {"kbps", 0.001},
       {"mb/s", 1},   {"gb/s", 1000},   {"m/s", 1},       {"bps", 0},     {"mb", 1},
       {"gb", 1000},  {"兆", 1},        {"m", 1},         {"g", 1000},    {"k", 0.001},
       {"百兆", 100}, {"千兆", 1000},   {"万兆", 10'000}, {"兆bps", 1},   {"t", 1'000'000}}};
  static constexpr std::string_view remedy_cn = "请写成 100M 或 1G", remedy_en = "write 100M or 1G";
  std::string word = ascii::lower(text);
  std::erase(word, ' ');
  const auto first = word.find_first_not_of("0123456789.,");
  const std::string number = word.substr(0, first), unit = first == std::string::npos ? "" : word.substr(first);
  const auto known = std::ranges::find(units, unit, &std::pair<std::string_view, double>::first);
  const auto plain = number.empty() && unit.ends_with("兆") && unit != "兆" ? "1" : without_commas(number);
  const auto value = plain ? reading::parse_decimal(*plain) : std::nullopt;
  const double factor = unit.empty() ? world.bandwidth_factor : known == units.end() ? 0 : known->second;
  const double mbps = value.value_or(0) * factor;
  if (!value || factor == 0)
    return wrong(both("「{}」不是带宽：{}", "'{}' is no bandwidth: {}", shortened(text, 64),
                      phrase{std::string(remedy_cn), std::string(remedy_en)}));
  constexpr double most = 1'000'000;
  if (!(mbps > 0 && mbps <= most))
    return wrong(both("「{}」应大于 0，至多 1000000 Mbit/s：{}", "'{}' has to be above 0, at most 1000000 Mbit/s: {}",
                      shortened(text, 64), phrase{std::string(remedy_cn), std::string(remedy_en)}));
  std::string canonical_number = fmt::format("{:.10g}", mbps);
  const bool odd_words = number != *plain || unit.starts_with("k") || unit == "t" || unit == "百兆" || unit == "千兆" ||
                         unit == "万兆" || (unit.empty() && world.bandwidth_factor != 1);
  if (!odd_words) return as_it_is(std::move(canonical_number));
  phrase what = both("「{}」读作 {} Mbit/s", "'{}' is read as {} Mbit/s", shortened(text, 64), canonical_number);
  return guessed(std::move(canonical_number), std::move(what));
}

cell_value read_category(const std::string& text, const cell_world& world) {
  const std::string bare = bare_word(text);
  for (const category& c : world.categories)
    if (bare == bare_word(c.id) || bare == bare_word(c.name)) return as_it_is(c.id);
  std::vector<std::string> ids, names;
  for (const category& c : world.categories) ids.push_back(c.id), names.push_back(c.name);
  const auto is_ours = [&](std::string_view id) { return std::ranges::find(ids, id) != ids.end(); };
  const auto* known = world.words.find(text);
  if (known != nullptr && known->confirmed && is_ours(known->meanings[0])) return as_it_is(known->meanings[0]);
  for (const auto& [other, id] : reading::line_columns::other_category_names())
    if (bare == other && is_ours(id)) return as_it_is(std::string(id));
  std::string meaning =
      known != nullptr && is_ours(known->meanings[0]) ? known->meanings[0] : world.words.meaning_within(text, ids);
  if (!meaning.empty()) {
    const auto c = std::ranges::find(world.categories, meaning, &category::id);
    return {.value = std::move(meaning),
            .guess =
                both("「{}」猜作 {}，请确认", "'{}' is guessed to be {}: please confirm", shortened(text, 64), c->name),
            .to_confirm = text};
  }
  return wrong(both("不认识「{0}」：请改为 {1} 之一，或在 import-words.yaml 写一行 {0}: 类别编号",
                    "'{0}' is not known: write one of {1}, or a line '{0}: category' in import-words.yaml",
                    shortened(text, 64), listed(names)));
}

cell_value read_witness(const std::string& text) {
  if (text == "是") return as_it_is("yes");
  return as_it_is(text == "否" ? "no" : text);
}

/** `kind:key=value` by single blanks. */
cell_value read_checks(const std::string& text) {
  return as_it_is(fmt::format("{}", fmt::join(reading::split(text, " \t\r\n"), " ")));
}

cell_value read_words(column which, const grid_cell& cell, const std::string& text, const cell_world& world) {
  switch (which) {
    case column::id:
      return read_id(text);
    case column::category:
      return read_category(text, world);
    case column::bandwidth:
      return read_bandwidth(text, world);
    case column::address:
      return read_addresses(text);
    case column::checks:
      return read_checks(text);
    case column::witness:
      return read_witness(text);
    case column::accepted:
    case column::closed:
      return read_date(cell, text, world);
    default:
      return as_it_is(text);
  }
}

}  // namespace

cell_value read_cell(column which, const grid_cell& cell, const cell_world& world) {
  const std::string_view given = trimmed(cell.text);
  if (given.empty()) return {};
  if (cell.what == kind::error || an_error_of_excel(given))
    return wrong(both("「{}」是表格的出错值：请填写实际内容",
                      "'{}' is an error of the spreadsheet: write what it should be", shortened(given, 32)));
  if (cell.what == kind::spoilt || ((which == column::id || which == column::circuit) && a_rounded_number(given)))
    return wrong(
        both("「{}」以数字存放，末尾几位已丢失：请把这一列设为文本后重新填写",
             "'{}' was kept as a number and has lost its last digits: format the column as text, write it anew",
             shortened(given, 32)));
  const std::string_view inner = trimmed(unwrapped(given));
  // An address is a list, in which breaks separate.
  std::string text = which == column::address ? std::string(inner) : seen(inner);
  if (!is_prose(which)) text = reading::half_width(text);
  text = trimmed(text);
  if (says_nothing(text) || (which == column::closed && says_still_in_use(text))) {
    if (which == column::id || which == column::address) return {};
    return guessed({}, both("「{}」当作未填", "'{}' is taken for nothing", text));
  }
  cell_value r = read_words(which, cell, text, world);
  const bool changed = text != given && which != column::category;
  if (changed && !r.problem && !r.guess)
    r.guess = both("「{}」读作「{}」", "'{}' is read as '{}'", as_seen(given, 64), as_seen(text, 64));
  return r;
}

std::string canonical(column which, std::string_view text, const cell_world& world) {
  const cell_value r = read_cell(which, {.text = std::string(text)}, world);
  return r.problem || (r.value.empty() && !r.guess) ? std::string(trimmed(text)) : r.value;
}

}  // namespace changtong::sheets
