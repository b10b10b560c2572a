#pragma once
/** The rows of the sheet to fill in, as the plan stands. Internal to fill and filled_in. */
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/plan_tree.h"

namespace changtong::forms {

enum class field : std::uint8_t { id, name, target, actual, weight, reason, measures, text, points, by, on, why };
inline constexpr std::size_t fields = 12;
struct field_column {
  std::string_view heading;
  double width;
};
inline constexpr std::array<field_column, fields> fill_columns{{{"编号", 10},
                                                                {"三级指标", 18},
                                                                {"年度指标值", 12},
                                                                {"完成值", 12},
                                                                {"分值", 6},
                                                                {"未完成原因", 24},
                                                                {"改进措施", 24},
                                                                {"完成情况", 20},
                                                                {"评定得分", 9},
                                                                {"评定人", 9},
                                                                {"评定日期", 12},
                                                                {"评定理由", 20}}};

[[nodiscard]] constexpr const field_column& column_of(field f) { return fill_columns.at(static_cast<std::size_t>(f)); }

inline constexpr std::string_view not_asked = "—";
inline constexpr std::string_view reason_mark = "▲";  ///< before the name: a reason is missing
/** Rows that are no indicator, by their 编号. */
inline constexpr std::string_view execution_row = "预算执行率", change_row = "预算调整", goal_row = "年度目标";

struct fill_row {
  std::array<std::string, fields> cells;
  [[nodiscard]] std::string& operator[](field f) { return cells.at(static_cast<std::size_t>(f)); }
  [[nodiscard]] const std::string& operator[](field f) const { return cells.at(static_cast<std::size_t>(f)); }
};
[[nodiscard]] std::vector<fill_row> fill_rows(const plans::plan& plan);

/** Reason and measures are one text in a plan: 带宽不足。改进措施：扩容. */
[[nodiscard]] std::string joined_reason(const std::string& reason, const std::string& measures);

/** The verdict that a document or a stated source has; none: null. */
[[nodiscard]] const plans::assessment* verdict_of(const plans::source& s);

}  // namespace changtong::forms
