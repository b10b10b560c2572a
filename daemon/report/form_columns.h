#pragma once
/** What tells one layout of the form from another: its columns, and which of them the money block takes. Values. */
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/evaluate/evaluation.h"
#include "daemon/report/grid.h"

namespace changtong::report {

/** One column of the indicator block, behind the four that every layout has: label, 一级, 二级, 三级指标. */
struct form_column {
  std::string heading;
  double width = 10;
  grid_cell (*cell)(const evaluate::indicator_result&) = nullptr;
};

struct form_layout {
  std::string title;   ///< 项目支出绩效自评表（2026年度）
  std::string tab;     ///< 自评表
  std::string points;  ///< 分值, 权重
  std::vector<form_column> columns;
  std::size_t weight = 0, score = 0;  ///< index in `columns`
  /** First column and number of columns, counted over the whole sheet, of: 资金名称, 年初预算数, 全年预算数,
   * 全年执行数, 分值, 执行率, 得分. */
  std::vector<std::pair<int, int>> money;
  bool conclusions = false;  ///< 评价结论, 存在问题, 改进措施 and the signatures below the table (E-8)
};

constexpr int first_own_column = 4;

[[nodiscard]] form_layout layout_of(const evaluate::evaluation& e);

/** Text of points, or why there are none: 证据不足, 待评定. */
[[nodiscard]] grid_cell points_cell(const evaluate::indicator_result& i);
/** A number with as many decimals as its text; any other text stays text. */
[[nodiscard]] grid_cell number_cell(std::string_view printed);
/** The same, shown with % behind it. */
[[nodiscard]] grid_cell percent_cell(std::string_view printed);
[[nodiscard]] grid_cell words_cell(std::string_view text, side align = side::center);
[[nodiscard]] std::string_view light_name(evaluate::light l);  ///< 绿, 黄, 红, 未知
/** What the reason's column shows: the reason, or in red that it is missing, and who gave fewer points than the rule.
 */
[[nodiscard]] grid_cell reason_cell(const evaluate::indicator_result& i);
/** 2026年1月1日至6月30日 of a mid-year export; empty for a whole year. */
[[nodiscard]] std::string until_text(const evaluate::evaluation& e);

}  // namespace changtong::report
