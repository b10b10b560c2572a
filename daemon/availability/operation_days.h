#pragma once
/** Days of operation 运维保障天数 (rules.md 4.5): civil days with coverage at or above a limit and a duty record. The
 * target is the days of the year, 365 or 366; it is not the same as that many days of full availability. Pure. */
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/instant.h"
#include "daemon/core/record.h"

namespace changtong::availability {

/** As the policy in force at the end of the day says. */
struct operation_rules {
  std::int64_t coverage_ppm = 990'000;  ///< 1 .. 1,000,000
  bool automatic = false;               ///< the monitor's own daily check is a duty record
};

/** A day before it is judged. */
struct day_to_judge {
  std::string day;  ///< 2026-03-14
  period when;
  seconds sums;  ///< of all lines and sites (R1)
  operation_rules rules;
};

enum class operation_judgement : std::uint8_t { counts, not_over, not_measured, low_coverage, no_record };
struct operation_day {
  std::string day;
  seconds sums;
  std::vector<std::string> persons;  ///< each once, in the order entered; "automatic" only where the rules allow it
  operation_judgement judgement = operation_judgement::no_record;
  bool late = false;  ///< there are records, and all of them were entered late (core/declaration.h)
};

/** (U + D, S - X) in milliseconds: coverage c of rules.md 4.3 as a ratio of whole numbers; 0 below: it has no value. */
[[nodiscard]] std::pair<std::int64_t, std::int64_t> coverage_of(const seconds& s);

/** One row a day. A roster (is_roster) is no record of its day: it says what is planned. A day that is not over at
 * `now` is not judged; of several reasons against a day the first in the order of operation_judgement is told.
 * `records` may be of other days too, in any order of days. */
[[nodiscard]] std::vector<operation_day> judge_days(std::span<const day_to_judge> days,
                                                    std::span<const duty_record> records, wall_t now);

}  // namespace changtong::availability
