#include "daemon/forms/values.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/evaluate/score.h"

namespace changtong::forms {
namespace {

using plans::sign;
using plans::target;

std::chrono::sys_days day_of(const std::string& iso) {
  const auto part = [&](std::size_t at, std::size_t n) { return std::stoi(iso.substr(at, n)); };
  return std::chrono::year_month_day{std::chrono::year{part(0, 4)},
                                     std::chrono::month{static_cast<unsigned>(part(5, 2))},
                                     std::chrono::day{static_cast<unsigned>(part(8, 2))}};
}

std::optional<target> figure_of(std::string_view text, int year) {
  auto t = plans::read_target("=" + std::string(text), year == 0 ? 2000 : year);
  return t && t->how == sign::equal ? t : std::nullopt;
}

/** 超过10万次, 大于95%. */
std::optional<reached> bound_of(const std::string& text, const target& wanted) {
  const auto v = text.size() > plans::longest_stated ? std::nullopt : plans::read_stated(text, wanted);
  if (!v || v->how == sign::equal) return std::nullopt;
  return reached{.number = v->number,
                 .day = {},
                 .bound = v->text,
                 .sure = plans::surely_reaches(*v, wanted),
                 .missed = plans::surely_misses(*v, wanted)};
}

}  // namespace

std::optional<wanted> wanted_of(const indicator_line& line, int year) {
  const std::string& text = line.target.text;
  if (bare(text).empty()) return std::nullopt;
  if (auto t = plans::read_target(text, year == 0 ? 2000 : year)) return wanted{*t};
  if (auto t = figure_of(text, year)) {
    t->how = t->is_date ? sign::at_most : t->number == 0 ? sign::equal : sign::at_least;
    t->text = std::string(plans::text_of(t->how)) + t->number_text + t->unit;
    return wanted{*t, t->is_date};
  }
  return wanted{plans::text_target(text)};
}

std::optional<reached> reached_of(const indicator_line& line, const target& wanted, int year) {
  if (wanted.how == sign::none || bare(line.actual.text).empty()) return std::nullopt;
  if (auto bound = bound_of(line.actual.text, wanted)) return bound;
  const auto t = figure_of(line.actual.text, year);
  if (!t || t->is_date != wanted.is_date) return std::nullopt;
  if (t->is_date) {
    const auto late = (day_of(t->number_text) - day_of(wanted.number_text)).count();
    return reached{.number = exact{std::max<std::int64_t>(0, late)}, .day = t->number_text, .bound = {}};
  }
  const auto factor = t->unit.empty() ? std::optional(exact{1}) : plans::units_in(t->unit, wanted.unit);
  if (!factor) return std::nullopt;
  // 0.98 of a target in percent may be 98 % or not
  if (plans::is_percent(wanted.unit) && t->unit.empty() && t->number <= 1 && wanted.number > 1) return std::nullopt;
  return reached{.number = without_noise(t->number) * *factor, .day = {}, .bound = {}};
}

std::vector<ruled> rules_of(const target& wanted, const reached& actual, const exact& weight) {
  if (!actual.sure) return {};
  std::vector<plans::rule> rules;
  if (wanted.is_date)
    rules = {plans::rule::punctual};
  else if (wanted.how == sign::at_least || wanted.how == sign::above)
    rules = {plans::rule::positive};
  else if (wanted.how == sign::equal)
    rules = {plans::rule::equal};
  else if (wanted.how == sign::between)
    rules = {plans::rule::range};
  else if (wanted.how != sign::none)
    rules = {plans::rule::reverse_1, plans::rule::reverse_2};
  std::vector<ruled> out;
  for (const plans::rule r : rules) {
    // exact points: with so many places nothing is lost that a form could print
    const auto s = evaluate::score(r, wanted, actual.number, weight, {.how = rounding::half_up, .places = 12});
    out.push_back({r, s.points, s.met});
  }
  return out;
}

bool printed_as(const spot& printed, const exact& exactly, int least_places) {
  const auto value = number_in(printed);
  if (!value) return false;
  if (*value == exactly) return true;
  const int own = std::max(places_in(printed.text), least_places);
  if (own > 2) {
    const exact off = *value - exactly;
    if (off < exact{1, 200} && off > exact{-1, 200}) return true;  // shown with two places
  }
  const int places = std::min(own, 12);
  return rounded(exactly, places, rounding::half_up) == *value || rounded(exactly, places, rounding::down) == *value;
}

std::optional<plans::tier> tier_said(const std::string& actual, const plans::target& target) {
  const std::string said = bare(actual);
  for (const plans::tier t : {plans::tier::reached, plans::tier::partly, plans::tier::missed})
    if (said == plans::actual_text(t)) return t;
  return !said.empty() && said == bare(target.text) ? std::optional(plans::tier::reached) : std::nullopt;
}

}  // namespace changtong::forms
