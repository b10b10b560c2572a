#pragma once
/** Numbers of Chinese office text with their unit and bound: 919.94 万元, 10万人次, 大于95%, 不少于 20 个, 九项,
 * 百分之九十五, ≥24次, 700多个. Dates, ordinals, article and document numbers, versions and list numbers are no
 * quantities. Exact: a value is whole or decimal, never binary floating point. Pure; any thread. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/claims/document.h"
#include "daemon/claims/words.h"
#include "daemon/core/exact.h"

namespace changtong::claims {

enum class bound : std::uint8_t { exactly, at_least, above, at_most, below, about };

struct quantity {
  stretch at;      ///< with bound words, number and unit
  stretch digits;  ///< the number alone, with 万 or 亿
  exact value;     ///< in the unit of `what`, 万 and 亿 multiplied
  exact grain;     ///< what the last printed digit counts
  measure what = measure::count;
  bound how = bound::exactly;
  std::int64_t scale = 1;  ///< of `unit`: 10,000 of 万元
  std::string unit;        ///< as written, without 万 and 亿 except money: 万元, 个, %
  bool worded = false;     ///< in Chinese numerals
  bool range = false;      ///< an end of 3—5 个 or 80%-90%
};

/** A value as `like` would print it: 60千元. */
[[nodiscard]] std::string in_unit(const exact& value, const quantity& like);

/** In order, not overlapping; the stretches count from the beginning of `text`, which must be in one form
 * (document.h).
 */
[[nodiscard]] std::vector<quantity> quantities_of(std::string_view text);

/** 二 十二 二十 一百零五 三千 两; 0 for what is no such number or above 99,999,999. */
[[nodiscard]] std::int64_t chinese_numeral(std::string_view text);

}  // namespace changtong::claims
