#include "daemon/core/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/core/civil.h"
#include "daemon/core/plan_tree.h"

namespace changtong::plans {
namespace {

struct sign_word {
  std::string_view text;
  sign what;
};
// two characters before one: ">=" is not ">"
constexpr std::array sign_words{sign_word{">=", sign::at_least}, sign_word{"<=", sign::at_most},
                                sign_word{"≥", sign::at_least},  sign_word{"≤", sign::at_most},
                                sign_word{">", sign::above},     sign_word{"＞", sign::above},
                                sign_word{"<", sign::below},     sign_word{"＜", sign::below},
                                sign_word{"=", sign::equal},     sign_word{"＝", sign::equal}};

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool looks_like_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U})
    if (!is_digit(text[i])) return false;
  return true;
}

std::optional<target> numbered(sign how, std::string_view rest, int year) {
  target t{.how = how, .text = {}, .number = {}, .number_text = {}, .unit = {}};
  if (looks_like_date(rest)) {
    if (!is_civil_day(rest)) return std::nullopt;
    t.is_date = true;
    t.number_text = rest;
  } else if (rest == "全年天数") {
    t.number_text = fmt::format("{}", days_of(year));
    t.number = days_of(year);
    t.unit = "天";
  } else {
    const auto end = std::min(rest.find_first_not_of("+-0123456789.,"), rest.size());
    const auto number = parse_exact(trimmed(rest.substr(0, end)));
    if (!number) return std::nullopt;
    t.number = *number;
    t.number_text = trimmed(rest.substr(0, end));
    t.unit = trimmed(rest.substr(end));
  }
  t.text = fmt::format("{}{}{}", text_of(how), t.number_text, t.unit);
  return t;
}

constexpr std::array<std::string_view, 6> rule_names{"positive",  "equal",       "reverse_1",
                                                     "reverse_2", "qualitative", "punctual"};

}  // namespace

std::string_view text_of(sign s) {
  constexpr std::array<std::string_view, 6> texts{"≥", ">", "=", "≤", "<", "定性"};
  return texts.at(static_cast<std::size_t>(s));
}

std::string_view name_of(rule r) { return rule_names.at(static_cast<std::size_t>(r)); }

bool fits(rule r, sign s) {
  switch (r) {
    case rule::positive:
      return s == sign::at_least || s == sign::above;
    case rule::equal:
      return s == sign::equal;
    case rule::reverse_1:
    case rule::reverse_2:
    case rule::punctual:
      return s == sign::at_most || s == sign::below;
    case rule::qualitative:
      return s == sign::none;
  }
  return false;
}

std::optional<target> read_target(std::string_view text, int year) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  for (const sign_word& w : sign_words)
    if (text.starts_with(w.text)) return numbered(w.what, trimmed(text.substr(w.text.size())), year);
  if (is_digit(text[0]) || text[0] == '-' || text[0] == '+') return std::nullopt;
  return target{.how = sign::none, .text = std::string(text), .number = {}, .number_text = {}, .unit = {}};
}

int days_of(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 366 : 365; }

bool is_percent(std::string_view unit) { return unit == "%" || unit == "％" || unit == "百分比"; }

exact scale_of(std::string_view unit) { return unit.starts_with("万") ? exact{10'000} : exact{1}; }

std::string_view actual_text(tier t) {
  return t == tier::reached  ? "达成预期指标"
         : t == tier::partly ? "部分达成预期指标并具有一定效果"
                             : "未达成预期指标且效果较差";
}

bool tier_band::holds(const exact& points) const {
  return points >= low && (points < high || (with_high && points == high));
}

std::string tier_band::text() const {
  return fmt::format("[{}, {}{}", shortest(low), shortest(high), with_high ? "]" : ")");
}

tier_band band_of(tier t, const exact& weight) {
  const exact upper = weight * exact{4, 5};
  const exact middle = weight * exact{3, 5};
  if (t == tier::reached) return {upper, weight, true};
  if (t == tier::partly) return {middle, upper};
  return {exact{0}, middle};
}

std::string_view name_of(const source& s) {
  constexpr std::array<std::string_view, 7> names{"measured", "amount",   "date",  "counter",
                                                  "survey",   "document", "stated"};
  static_assert(std::variant_size_v<source> == names.size());
  return names.at(s.index());
}

std::vector<std::string_view> placeholders_in(std::string_view text) {
  std::vector<std::string_view> words;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) break;
    words.push_back(text.substr(open + 1, close - open - 1));
    open = close;
  }
  return words;
}

bool is_placeholder(std::string_view word, const std::vector<indicator>& indicators) {
  constexpr std::array<std::string_view, 7> plain{
      "total", "grade", "year", "project", "execution.rate", "execution.executed", "execution.budget"};
  if (std::ranges::find(plain, word) != plain.end()) return true;
  const auto dot = word.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto part = word.substr(dot + 1);
  if (part != "actual" && part != "score" && part != "target") return false;
  return std::ranges::find(indicators, word.substr(0, dot), &indicator::id) != indicators.end();
}

}  // namespace changtong::plans
