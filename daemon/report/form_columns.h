#pragma once
/** Cells of the form, one a thing that a layout can show. Values. */
#include <string>
#include <string_view>

#include "daemon/evaluate/evaluation.h"
#include "daemon/layouts/layout.h"
#include "daemon/report/grid.h"

namespace changtong::report {

/** Of the evaluation, or of 绩效运行监控 during the year. */
[[nodiscard]] const layouts::layout& layout_of(const evaluate::evaluation& e);

/** What a column of the indicators shows of one. */
[[nodiscard]] grid_cell indicator_cell(const evaluate::indicator_result& i, layouts::shown what,
                                       const layouts::layout& l);
/** Points as the layout has them: 8.00 or 8. */
[[nodiscard]] grid_cell printed_points_cell(const evaluate::printed_number& n, const layouts::layout& l);

/** A number with as many decimals as its text; any other text stays text. */
[[nodiscard]] grid_cell number_cell(std::string_view printed);
/** The same, shown with % behind it. */
[[nodiscard]] grid_cell percent_cell(std::string_view printed);
[[nodiscard]] grid_cell words_cell(std::string_view text, side align = side::center);
[[nodiscard]] std::string_view light_name(evaluate::light l);  ///< 绿, 黄, 红, 未知
/** What the reason's column shows: the reason, or in red that it is missing, and who gave fewer points than the rule.
 */
[[nodiscard]] grid_cell reason_cell(const evaluate::indicator_result& i);
}  // namespace changtong::report
