#include "daemon/report/form_columns.h"

#include <fmt/format.h>

#include "daemon/core/exact.h"

namespace changtong::report {
namespace {

using evaluate::indicator_result;
using evaluate::light;
using evaluate::standing;

constexpr std::uint32_t warning_ink = 0xB00020;

grid_cell target_cell(const indicator_result& i) { return words_cell(i.target_text); }
grid_cell actual_cell(const indicator_result& i) {
  if (!i.actual_text.empty()) return words_cell(i.actual_text);
  return words_cell(i.how == standing::insufficient ? "证据不足" : "—");
}
grid_cell weight_cell(const indicator_result& i) { return number_cell(i.weight.text); }
grid_cell nature_cell(const indicator_result& i) { return words_cell(i.comparator.empty() ? "定性" : i.comparator); }
grid_cell target_number_cell(const indicator_result& i) {
  return i.target_number.empty() ? words_cell(i.target_text) : number_cell(i.target_number);
}
grid_cell unit_cell(const indicator_result& i) { return words_cell(i.unit.empty() ? "—" : i.unit); }
grid_cell forecast_cell(const indicator_result& i) {
  return words_cell(i.forecast_text.empty() ? "—" : i.forecast_text);
}
grid_cell forecast_points_cell(const indicator_result& i) {
  return i.forecast_score ? number_cell(i.forecast_score->text) : words_cell("—");
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

form_layout anhui(const evaluate::evaluation& e) {
  form_layout l;
  l.title = fmt::format("项目支出绩效自评表（{}年度）", e.year);
  l.tab = "绩效自评表";
  l.points = "分值";
  l.columns = {{"年度指标值", 13, target_cell},
               {"实际完成值", 16, actual_cell},
               {"分值", 7, weight_cell},
               {"得分", 9, points_cell},
               {"偏差原因分析及改进措施", 24, reason_cell}};
  l.weight = 2;
  l.score = 3;
  l.money = {{1, 2}, {3, 1}, {4, 1}, {5, 1}, {6, 1}, {7, 1}, {8, 1}};
  return l;
}

form_layout sichuan(const evaluate::evaluation& e) {
  form_layout l;
  l.title = fmt::format("{}年度部门预算项目支出绩效自评表", e.year);
  l.tab = "绩效自评表";
  l.points = "权重";
  l.columns = {{"指标性质", 6, nature_cell},       {"指标值", 10, target_number_cell}, {"度量单位", 7, unit_cell},
               {"完成值", 16, actual_cell},        {"权重", 7, weight_cell},           {"得分", 9, points_cell},
               {"未完成原因分析", 24, reason_cell}};
  l.weight = 4;
  l.score = 5;
  l.money = {{1, 2}, {3, 1}, {4, 2}, {6, 2}, {8, 1}, {9, 1}, {10, 1}};
  l.conclusions = true;
  return l;
}

form_layout monitoring(const evaluate::evaluation& e) {
  form_layout l;
  l.title = fmt::format("项目支出绩效运行监控表（{}年度）", e.year);
  l.tab = "绩效运行监控表";
  l.points = "分值";
  l.columns = {{"年度指标值", 12, target_cell},
               {fmt::format("截至{}\n完成值", e.as_of), 16, actual_cell},
               {"全年预计完成值", 14, forecast_cell},
               {"分值", 7, weight_cell},
               {"预计得分", 8, forecast_points_cell},
               {"状态", 6, light_cell},
               {"偏差原因分析及改进措施", 22, reason_cell}};
  l.weight = 3;
  l.score = 4;
  l.money = {{1, 2}, {3, 1}, {4, 1}, {5, 2}, {7, 1}, {8, 2}, {10, 1}};
  return l;
}

}  // namespace

form_layout layout_of(const evaluate::evaluation& e) {
  if (!e.whole_year) return monitoring(e);
  return e.layout == "sichuan" ? sichuan(e) : anhui(e);  // hubei is the same form with other weights (E-3)
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

grid_cell points_cell(const indicator_result& i) {
  if (i.score) return number_cell(i.score->text);
  grid_cell c = words_cell(i.how == standing::insufficient ? "证据不足" : "待评定");
  c.style.ink = warning_ink;
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
  grid_cell c = words_cell(with_given("【缺】须说明偏差原因和改进措施" + found), side::left);
  c.style.ink = warning_ink;
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

std::string until_text(const evaluate::evaluation& e) {
  return e.whole_year ? std::string() : fmt::format("截至{}", e.as_of);
}

}  // namespace changtong::report
