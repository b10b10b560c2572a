#include "daemon/core/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/core/plan_tree.h"

namespace changtong::plans {
namespace {

constexpr std::array<std::string_view, 7> rule_names{"positive",    "equal",    "reverse_1", "reverse_2",
                                                     "qualitative", "punctual", "range"};

}  // namespace

std::string_view text_of(sign s) {
  constexpr std::array<std::string_view, 7> texts{"≥", ">", "=", "≤", "<", "定性", "区间"};
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
    case rule::range:
      return s == sign::between;
  }
  return false;
}

int days_of(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 366 : 365; }

bool is_percent(std::string_view unit) { return unit == "%" || unit == "％" || unit == "百分比"; }

exact scale_of(std::string_view unit) { return unit.starts_with("万") ? exact{10'000} : exact{1}; }

std::string_view name_of(tier t) {
  constexpr std::array<std::string_view, 3> names{"reached", "partly", "missed"};
  return names.at(static_cast<std::size_t>(t));
}

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

tier tier_of(const exact& points, const exact& weight) {
  for (const tier t : {tier::reached, tier::partly})
    if (points >= band_of(t, weight).low) return t;
  return tier::missed;
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
