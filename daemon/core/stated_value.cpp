// Values that are said beside a target: a number, or a bound of it.
#include <algorithm>
#include <array>

#include "daemon/core/plan_target.h"

namespace changtong::plans {
namespace {

constexpr std::array<std::string_view, 3> short_of{"不足", "不到", "未达到"};

bool from_below(sign s) { return s == sign::at_least || s == sign::above; }
bool from_above(sign s) { return s == sign::at_most || s == sign::below; }

/** 不足5% as <5%; the words of targets (超过, 以上) as they are. */
std::optional<target> bound_in(std::string_view text) {
  constexpr int any_year = 2000;  // a day is no bound of a number
  for (const std::string_view w : short_of)
    if (text.starts_with(w)) return read_target("<" + std::string(text.substr(w.size())), any_year);
  return read_target(text, any_year);
}

}  // namespace

std::optional<exact> units_in(std::string_view from, std::string_view to) {
  constexpr std::string_view many = "万";
  if (from == to || (is_percent(from) && is_percent(to))) return exact{1};
  if (is_percent(from) || is_percent(to)) return std::nullopt;
  const auto without = [&](std::string_view u) { return u.starts_with(many) ? u.substr(many.size()) : u; };
  if (from != many && without(from) != without(to)) return std::nullopt;
  return exact{scale_of(from) / scale_of(to)};
}

std::optional<stated_value> read_stated(std::string_view text, const target& wanted) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos || wanted.how == sign::none || wanted.is_date) return std::nullopt;
  text = text.substr(from, text.find_last_not_of(" \t") - from + 1);
  if (const auto number = parse_exact(text)) return stated_value{sign::equal, *number, {}};
  const auto t = bound_in(text);
  if (!t || t->is_date || (!from_below(t->how) && !from_above(t->how))) return std::nullopt;
  // 超过0.95 of a target in percent may be 95 % or not
  if (t->unit.empty() && is_percent(wanted.unit) && t->number <= 1 && wanted.number > 1) return std::nullopt;
  const auto factor = t->unit.empty() ? std::optional(exact{1}) : units_in(t->unit, wanted.unit);
  if (!factor) return std::nullopt;
  return stated_value{t->how, t->number * *factor, std::string(text)};
}

bool surely_reaches(const stated_value& v, const target& wanted) {
  if (from_below(v.how))
    return (from_below(wanted.how) || (wanted.how == sign::equal && wanted.number > 0)) && v.number >= wanted.number;
  return from_above(v.how) && from_above(wanted.how) && v.number <= wanted.number;
}

bool surely_misses(const stated_value& v, const target& wanted) {
  const auto below = [&](const exact& least) { return v.how == sign::below ? v.number <= least : v.number < least; };
  const auto above = [&](const exact& most) { return v.how == sign::above ? v.number >= most : v.number > most; };
  if (from_above(v.how)) {
    const bool asks_for_less = from_above(wanted.how) || (wanted.how == sign::equal && wanted.number <= 0);
    return !asks_for_less && wanted.how != sign::none && below(wanted.number);
  }
  if (!from_below(v.how)) return false;
  if (wanted.how == sign::between) return above(wanted.upper);
  const bool asks_for_more = from_below(wanted.how) || (wanted.how == sign::equal && wanted.number > 0);
  return !asks_for_more && wanted.how != sign::none && above(wanted.number);
}

}  // namespace changtong::plans
