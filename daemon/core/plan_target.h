#pragma once
/** 年度指标值 as a form has it, and values that are said beside it. Pure, values, any thread. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/exact.h"

namespace changtong::plans {

/** Of the target, as the form prints it (E-5). none: a qualitative target 定性; between: a range (E-24). */
enum class sign : std::uint8_t { at_least, above, equal, at_most, below, none, between };
[[nodiscard]] std::string_view text_of(sign s);  ///< ≥ > = ≤ <, 定性, 区间

struct target {
  sign how = sign::none;
  std::string text;         ///< 年度指标值 as the form prints it: ≥365天, 达成预期指标
  exact number;             ///< in `unit`; of dates and qualitative targets 0, of a range its lower end
  std::string number_text;  ///< 365, 99.9, 95-100; 2026-12-31 of a date
  std::string unit;         ///< 天, %, 万人次; empty for dates and qualitative targets
  bool is_date = false;
  exact upper{};  ///< of a range
};
/** "≥99.9%", "不低于95%", "95%以上", "95%-100%", "≤2026-12-31", "12月底前完成", "≥全年天数" (rules.md 4.5). Anything
 * else is a text, 2套方案通过评审 too, but for a lone number or day: its sign is missing, so there is no target. */
[[nodiscard]] std::optional<target> read_target(std::string_view text, int year);
[[nodiscard]] target text_target(std::string_view text);  ///< qualitative
[[nodiscard]] int days_of(int year);
[[nodiscard]] bool is_percent(std::string_view unit);  ///< 百分比, %, ％
[[nodiscard]] exact scale_of(std::string_view unit);   ///< counts are divided by it: 10,000 of 万…, else 1

/** A value as somebody says it: a number, or only a bound of it. */
struct stated_value {
  sign how = sign::equal;  ///< at_least, above: from below (超过10万次); at_most, below: from above (不足5%)
  exact number{};          ///< in the target's unit
  std::string text;        ///< as written, for print; empty for a number
};
inline constexpr std::size_t longest_stated = 64;  ///< bytes
/** "10", "超过10万次", "大于95%", "95%以上", "不足5%" beside a target in the same unit; 万 may stand without it
 * (超过10万). None: 约10万次, another unit, two ways to read it, a target without a number. */
[[nodiscard]] std::optional<stated_value> read_stated(std::string_view text, const target& wanted);
/** Whether the target is surely reached, whatever the value is within its bound: 超过10万 reaches ≥10万, not ≥12万. */
[[nodiscard]] bool surely_reaches(const stated_value& v, const target& wanted);
/** Whether it is surely missed: 不足10万 of ≥10万. */
[[nodiscard]] bool surely_misses(const stated_value& v, const target& wanted);
/** How many of `to` one of `from` is: 万次 is 10,000 次, 万 of either is as many; none: they are two things. */
[[nodiscard]] std::optional<exact> units_in(std::string_view from, std::string_view to);

}  // namespace changtong::plans
