// 年度指标值 as offices write it: sign, words, ranges, dates (rules.md E-5, E-21, E-24).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/core/civil.h"
#include "daemon/core/plan_target.h"
#include "daemon/core/utf8.h"

namespace changtong::plans {
namespace {

struct sign_word {
  std::string_view text;
  sign what;
};
// what begins like another stands before it: ">=" is not ">"
constexpr std::array signs{sign_word{">=", sign::at_least}, sign_word{"<=", sign::at_most},
                           sign_word{"≥", sign::at_least},  sign_word{"≧", sign::at_least},
                           sign_word{"≤", sign::at_most},   sign_word{"≦", sign::at_most},
                           sign_word{">", sign::above},     sign_word{"<", sign::below},
                           sign_word{"=", sign::equal},     sign_word{"═", sign::equal}};
/** Only before a number: 不低于国家标准 is a text. */
constexpr std::array words{
    sign_word{"不低于", sign::at_least}, sign_word{"不少于", sign::at_least},   sign_word{"不小于", sign::at_least},
    sign_word{"至少", sign::at_least},   sign_word{"达到", sign::at_least},     sign_word{"不高于", sign::at_most},
    sign_word{"不超过", sign::at_most},  sign_word{"不大于", sign::at_most},    sign_word{"不多于", sign::at_most},
    sign_word{"至多", sign::at_most},    sign_word{"大于等于", sign::at_least}, sign_word{"小于等于", sign::at_most},
    sign_word{"大于", sign::above},      sign_word{"高于", sign::above},        sign_word{"超过", sign::above},
    sign_word{"多于", sign::above},      sign_word{"小于", sign::below},        sign_word{"低于", sign::below},
    sign_word{"少于", sign::below},      sign_word{"等于", sign::equal}};
/** Behind the number and its unit. */
constexpr std::array endings{sign_word{"及以上", sign::at_least}, sign_word{"以上", sign::at_least},
                             sign_word{"及以下", sign::at_most},  sign_word{"以下", sign::at_most},
                             sign_word{"以内", sign::at_most},    sign_word{"之内", sign::at_most}};
constexpr std::array<std::string_view, 7> dashes{"-", "~", "～", "—", "–", "至", "到"};
/** Behind a day: until when. Anything else makes a text of it. */
constexpr std::array<std::string_view, 9> until{"前",       "之前", "以前", "前完成", "之前完成",
                                                "以前完成", "完成", "内",   "以内"};
/** A number with so short a unit and nothing else lacks its sign; with more behind it, it is a text: 2套方案通过评审.
 */
constexpr std::size_t longest_unit = 4;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/** Full-width letters, digits and signs, and the blanks of word processors, as ASCII has them. */
std::string narrow(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = std::max<std::size_t>(utf8_length(text.substr(i)), 1);
    const std::string_view one = text.substr(i, n);
    const auto byte = [&](std::size_t k) { return static_cast<unsigned>(static_cast<unsigned char>(one[k])); };
    const unsigned code = n == 3 ? (byte(0) & 0xfU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU) : 0;
    if (code >= 0xff01 && code <= 0xff5d)  // all but the wide tilde, which is a dash here
      out += static_cast<char>(code - 0xfee0);
    else
      out += code == 0x3000 || one == "\u00a0" ? std::string_view(" ") : one;
    i += n;
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_number(std::string_view text) {
  const std::size_t sign_length = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.size() > sign_length && is_digit(text[sign_length]);
}

/** Takes the leading number off `text`; its digits as written. */
std::optional<std::string_view> take_number(std::string_view& text) {
  if (!begins_number(text)) return std::nullopt;
  const std::size_t end = std::min(text.find_first_not_of("0123456789.,", 1), text.size());
  const std::string_view digits = trimmed(text.substr(0, end));
  if (!parse_exact(digits)) return std::nullopt;
  text = trimmed(text.substr(end));
  return digits;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text = trimmed(text.substr(word.size()));
  return true;
}

std::optional<int> take_whole(std::string_view& text, std::size_t most_digits) {
  std::size_t n = 0;
  int value = 0;
  while (n < text.size() && n <= most_digits && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n == 0 || n > most_digits) return std::nullopt;
  text = text.substr(n);
  return value;
}

int last_day_of(int year, int month) {
  for (int day = 31; day > 28; --day)
    if (is_civil_day(fmt::format("{:04}-{:02}-{:02}", year, month, day))) return day;
  return 28;
}

struct day_read {
  std::string day;
  std::string_view rest;
};
/** 2026-12-31, 2026/12/31, 2026年12月31日, 2026年12月(底), 12月31日, 12月(底), 年底. */
std::optional<day_read> read_day(std::string_view text, int year) {
  std::string_view rest = text;
  int month = 12, day = 0;
  if (!take(rest, "年底")) {
    auto first = take_whole(rest, 4);
    if (!first) return std::nullopt;
    const bool western = rest.size() > 1 && (rest[0] == '-' || rest[0] == '/' || rest[0] == '.') && *first >= 1000;
    const char between = western ? rest[0] : '\0';
    if (western || (*first >= 1000 && rest.starts_with("年"))) {
      year = *first;
      rest.remove_prefix(western ? 1 : std::string_view("年").size());
      if (take(rest, "底") || take(rest, "末")) return day_read{fmt::format("{:04}-12-31", year), trimmed(rest)};
      if (!(first = take_whole(rest, 2))) return std::nullopt;
    }
    month = *first;
    if (western ? rest.empty() || rest[0] != between : !rest.starts_with("月")) return std::nullopt;
    rest.remove_prefix(western ? 1 : std::string_view("月").size());
    std::string_view behind = rest;
    if (const auto d = take_whole(behind, 2); d && (western || take(behind, "日") || take(behind, "号"))) {
      day = *d;
      rest = behind;
    } else if (western) {
      return std::nullopt;
    } else {
      static_cast<void>(take(rest, "份"));
      static_cast<void>(take(rest, "底") || take(rest, "末"));
    }
  }
  if (month < 1 || month > 12) return std::nullopt;
  std::string made = fmt::format("{:04}-{:02}-{:02}", year, month, day > 0 ? day : last_day_of(year, month));
  if (!is_civil_day(made)) return std::nullopt;
  return day_read{std::move(made), trimmed(rest)};
}

bool is_until(std::string_view rest) { return rest.empty() || std::ranges::find(until, rest) != until.end(); }

/** Behind a sign. `written`: the whole, which is printed where the sign is a word or the day is not 2026-12-31. */
std::optional<target> numbered(sign how, std::string_view rest, int year, std::string_view written) {
  target t{.how = how, .text = {}, .number = {}, .number_text = {}, .unit = {}};
  if (const auto d = read_day(rest, year); d && is_until(d->rest)) {
    t.is_date = true;
    t.number_text = d->day;
    t.text = d->day == rest ? fmt::format("{}{}", text_of(how), d->day) : std::string(written);
    return t;
  }
  if (rest == "全年天数") {
    t.number_text = fmt::format("{}", days_of(year));
    t.unit = "天";
  } else {
    const auto digits = take_number(rest);
    if (!digits || (!rest.empty() && std::string_view("+-.,/").find(rest[0]) != std::string_view::npos))
      return std::nullopt;
    t.number_text = *digits;
    t.unit = rest;
  }
  t.number = *parse_exact(t.number_text);
  t.text = fmt::format("{}{}{}", text_of(how), t.number_text, t.unit);
  return t;
}

/** 95%-100%, 20-30天, 20至30天. */
std::optional<target> range_in(std::string_view text, std::string_view written) {
  std::string_view rest = text;
  const auto low = take_number(rest);
  if (!low) return std::nullopt;
  std::string_view unit;
  for (const std::string_view dash : dashes)
    if (const auto at = rest.find(dash);
        at != std::string_view::npos && characters(rest.substr(0, at)) <= longest_unit) {
      unit = trimmed(rest.substr(0, at));
      rest = trimmed(rest.substr(at + dash.size()));
      const auto high = take_number(rest);
      if (!high || (!unit.empty() && unit != rest) || characters(rest) > longest_unit) return std::nullopt;
      target t{.how = sign::between,
               .text = std::string(written),
               .number = *parse_exact(*low),
               .number_text = {},
               .unit = {}};
      t.upper = *parse_exact(*high);
      t.number_text = fmt::format("{}-{}", *low, *high);
      t.unit = rest;
      return t;
    }
  return std::nullopt;
}

/** A text that begins with a number: a range, a day until which, or a bound that stands behind: 95%以上. */
std::optional<target> without_sign(std::string_view text, int year, std::string_view written) {
  if (const auto d = read_day(text, year); d && !d->rest.empty() && is_until(d->rest))
    return numbered(sign::at_most, text, year, written);
  if (auto t = range_in(text, written); t && t->upper > t->number) return t;
  for (const sign_word& w : endings)
    if (text.ends_with(w.text)) {
      auto t = numbered(w.what, trimmed(text.substr(0, text.size() - w.text.size())), year, written);
      if (t && !t->is_date && characters(t->unit) <= longest_unit) {
        t->text = written;
        return t;
      }
    }
  return std::nullopt;
}

bool lacks_a_sign(std::string_view text, int year) {
  if (read_day(text, year) && is_until(read_day(text, year)->rest)) return true;
  if (range_in(text, text)) return true;  // the wrong way round
  std::string_view rest = text;
  if (!take_number(rest)) return begins_number(text);
  return characters(rest) <= longest_unit;
}

}  // namespace

target text_target(std::string_view text) {
  return {.how = sign::none, .text = std::string(trimmed(text)), .number = {}, .number_text = {}, .unit = {}};
}

std::optional<target> read_target(std::string_view text, int year) {
  const std::string plain = narrow(text);
  const std::string_view wanted = trimmed(plain), written = trimmed(text);
  if (wanted.empty()) return std::nullopt;
  for (const sign_word& w : signs)
    if (wanted.starts_with(w.text)) return numbered(w.what, trimmed(wanted.substr(w.text.size())), year, written);
  for (const sign_word& w : words)
    if (wanted.starts_with(w.text)) {
      auto t = numbered(w.what, trimmed(wanted.substr(w.text.size())), year, written);
      if (!t || characters(t->unit) > longest_unit) return text_target(text);
      t->text = written;
      return t;
    }
  if (auto t = without_sign(wanted, year, written)) return t;
  if (lacks_a_sign(wanted, year)) return std::nullopt;
  return text_target(text);
}

}  // namespace changtong::plans
