#pragma once
/** Days as people and spreadsheets write them. Pure; needs no zone. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace changtong::reading {

struct written_day {
  std::string iso;        ///< 2024-03-01
  bool had_time = false;  ///< a time of day other than midnight stood behind it
};

/** 2024-03-01, 2024/3/1, 2024.3.1, 2024年3月1日, 二〇二四年三月一日, 20240301, 31/3/2024, a time of day behind it or
 * none. What could be two days, has two digits for its year or says no day is a problem, to follow the quoted text:
 * what is missing, and what to write. */
[[nodiscard]] result<written_day> read_day(std::string_view text);

/** The day (and time: `2024-03-01 18:00`) that a spreadsheet keeps as a count of days; none before 1950 and after 2100.
 */
[[nodiscard]] std::optional<std::string> day_of_serial(double days, bool from_1904);

/** Wide forms of ASCII as ASCII, blanks of any kind as blanks: １０．６ -> 10.6 */
[[nodiscard]] std::string half_width(std::string_view text);

}  // namespace changtong::reading
