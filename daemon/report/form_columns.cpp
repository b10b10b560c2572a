#include "daemon/report/form_columns.h"

#include <fmt/format.h>

#include "daemon/core/exact.h"
#include "daemon/core/plan.h"

namespace changtong::report {
namespace {

using evaluate::indicator_result;
using evaluate::light;
using evaluate::standing;

constexpr std::uint32_t warning_ink = 0xB00020;

using layouts::shown;

grid_cell warning_cell(std::string_view text) {
  grid_cell c = words_cell(text);
  c.style.ink = warning_ink;
  return c;
}

/** Without its unit only where the text is just that number with the unit behind it. */
grid_cell actual_cell(const indicator_result& i, layouts::actual_form how) {
  using layouts::actual_form;
  if (i.actual_text.empty()) return words_cell(i.how == standing::insufficient ? "证据不足" : "—");
  const bool percent = plans::is_percent(i.unit);
  const bool bare = how == actual_form::number || (how == actual_form::number_or_percent && !percent);
  if (bare && i.actual && i.actual_text == i.actual->text + (percent ? "%" : i.unit))
    return number_cell(i.actual->text);
  return words_cell(i.actual_text);
}
grid_cell light_cell(const indicator_result& i) {
  grid_cell c = words_cell(light_name(i.colour));
  c.style.bold = true;
  c.style.fill = i.colour == light::green    ? 0xC6E7CE
                 : i.colour == light::yellow ? 0xFFE699
                 : i.colour == light::red    ? 0xF4B6B6
                                             : 0xE7E6E6;
  return c;
}
/** Points, or why there are none. */
grid_cell points_cell(const indicator_result& i, const layouts::layout& l) {
  if (i.score) return printed_points_cell(*i.score, l);
  if (i.how == standing::scored) return words_cell("—");  // of a plan without points
  return warning_cell(i.how == standing::insufficient ? "证据不足" : "待评定");
}
grid_cell or_dash(const std::string& text) { return words_cell(text.empty() ? "—" : text); }

}  // namespace

const layouts::layout& layout_of(const evaluate::evaluation& e) {
  return e.whole_year ? layouts::named(e.layout) : layouts::monitoring();
}

grid_cell printed_points_cell(const evaluate::printed_number& n, const layouts::layout& l) {
  return number_cell(l.short_points ? shortest(n.value) : n.text);
}

grid_cell indicator_cell(const indicator_result& i, shown what, const layouts::layout& l) {
  switch (what) {
    case shown::level3:
      return words_cell(i.level3);
    case shown::target:
      return words_cell(i.target_text);
    case shown::sign:
      return words_cell(i.comparator.empty() ? "定性" : i.comparator);
    case shown::number:
      return i.target_number.empty() ? words_cell(i.target_text) : number_cell(i.target_number);
    case shown::unit:
      return words_cell(i.unit);
    case shown::actual:
      return actual_cell(i, l.actual);
    case shown::weight:
      return number_cell(i.weight.text);
    case shown::score:
      return points_cell(i, l);
    case shown::reason:
      return reason_cell(i);
    case shown::forecast:
      return or_dash(i.forecast_text);
    case shown::forecast_score:
      return i.forecast_score ? printed_points_cell(*i.forecast_score, l) : words_cell("—");
    case shown::light:
      return light_cell(i);
    default:
      return words_cell("");
  }
}

grid_cell words_cell(std::string_view text, side align) {
  grid_cell c;
  c.text = text;
  c.style.align = align;
  return c;
}

grid_cell number_cell(std::string_view printed) {
  grid_cell c = words_cell(printed.empty() ? "—" : printed);
  c.number = parse_exact(printed).has_value();
  if (!c.number) return c;
  const int places = decimals_of(printed);
  c.style.numbers = places == 0 ? "0" : "0." + std::string(static_cast<std::size_t>(places), '0');
  return c;
}

grid_cell percent_cell(std::string_view printed) {
  grid_cell c = number_cell(printed);
  if (c.number) c.style.numbers += "\"%\"";
  return c;
}

grid_cell reason_cell(const indicator_result& i) {
  const auto with_given = [&](const std::string& text) {
    return text.empty() || i.given.empty() ? text + i.given : text + "；" + i.given;
  };
  if (!i.reason.empty() || !i.reason_needed) return words_cell(with_given(i.reason_text()), side::left);
  const std::string found = i.fault_causes.empty() ? "" : "；" + i.fault_causes;
  grid_cell c = warning_cell(with_given("【缺】须说明偏差原因和改进措施" + found));
  c.style.align = side::left;
  return c;
}

std::string_view light_name(light l) {
  switch (l) {
    case light::green:
      return "绿";
    case light::yellow:
      return "黄";
    case light::red:
      return "红";
    default:
      return "未知";
  }
}

}  // namespace changtong::report
