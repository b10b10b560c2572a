#pragma once
/** What the headings of forms mean. Pure. */
#include <cstdint>
#include <string_view>

namespace changtong::forms {

enum class head : std::uint8_t {
  none,
  level1,
  level2,
  level3,
  sign,
  unit,
  target,
  actual,
  method,
  weight,
  score,
  reason,
  initial,
  full_year,
  adjusted,
  executed,
  rate,
};
/** `text` is bare (form.h). A word of the money block is one only there. */
[[nodiscard]] head indicator_head(std::string_view text);
[[nodiscard]] head money_head(std::string_view text);

/** Beginnings of rows and labels; `text` is bare. */
[[nodiscard]] bool is_total(std::string_view text);     ///< 总分, 合计
[[nodiscard]] bool is_subtotal(std::string_view text);  ///< 小计
[[nodiscard]] bool ends_indicators(std::string_view text);
[[nodiscard]] bool is_money(std::string_view text);  ///< names a sum of money: 年度资金总额, 其他资金
[[nodiscard]] bool is_project(std::string_view text);
[[nodiscard]] bool is_department(std::string_view text);
[[nodiscard]] bool is_unit(std::string_view text);
[[nodiscard]] bool is_expected(std::string_view text);
[[nodiscard]] bool is_reached(std::string_view text);

}  // namespace changtong::forms
