#pragma once
/** evaluation.json (design.md 6): what programs, and next year's evaluation, read. Pure.
 *
 * Points and weights are decimal strings, as printed; `score` is null without points, `actual_value` null without a
 * number, `coverage` a number from 0 to 1 or null. `final` is true while nothing blocks. */
#include <map>
#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

[[nodiscard]] std::string write_evaluation_json(const evaluate::evaluation& e);

/** What the next year compares itself with. */
struct earlier_evaluation {
  std::string year, total;                    ///< total empty: it had none
  std::map<std::string, std::string> actual;  ///< by indicator id
};
/** Reads what write_evaluation_json() writes; any bytes are safe, at most 16 MB. */
[[nodiscard]] result<earlier_evaluation> read_evaluation_json(std::string_view text);

}  // namespace changtong::report
