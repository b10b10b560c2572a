#pragma once
/** Numbers of Chinese office text with their unit and bound: 919.94 万元, 10万人次, 大于95%, 不少于 20 个, 九项,
 * 百分之九十五, ≥24次, 700多个. Dates, ordinals, article and document numbers, versions and list numbers are no
 * quantities. Exact: a value is whole or decimal, never binary floating point. Pure; any thread. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/claims/sentences.h"
#include "daemon/core/exact.h"

namespace changtong::claims {

enum class measure : std::uint8_t {
  money,         ///< in 元
  percent,       ///< 99.83 for 99.83 %
  points_apart,  ///< 百分点
  count,         ///< 个 项 条 家 台 …, and number without a unit
  times,         ///< 次 条次
  persons,       ///< 人 名
  person_times,  ///< 人次
  days,
  score,  ///< 分
  other   ///< 小时, 分钟, 个月, 工作日, 兆 …: kept apart by their unit
};

enum class bound : std::uint8_t { exactly, at_least, above, at_most, below, about };

struct quantity {
  stretch at;      ///< with bound words, number and unit
  stretch digits;  ///< the number alone, with 万 or 亿
  exact value;     ///< in the unit of `what`, 万 and 亿 multiplied
  exact grain;     ///< what the last printed digit counts
  measure what = measure::count;
  bound how = bound::exactly;
  std::string unit;     ///< as written, without 万 and 亿 except money: 万元, 个, %
  bool worded = false;  ///< in Chinese numerals
  bool range = false;   ///< an end of 3—5 个 or 80%-90%
};

/** In order, not overlapping; the stretches count from the beginning of `text`, which must be in one form
 * (sentences.h).
 */
[[nodiscard]] std::vector<quantity> quantities_of(std::string_view text);

/** 二 十二 二十 一百零五 三千 两; 0 for what is no such number or above 99,999,999. */
[[nodiscard]] std::int64_t chinese_numeral(std::string_view text);

/** Whether the two can be the same figure: equal after the finer one is rounded (half up) or cut to the grain of the
 * coarser one, and inside each other's bounds; 约 lets five percent pass. */
[[nodiscard]] bool agree(const quantity& a, const quantity& b);

}  // namespace changtong::claims
