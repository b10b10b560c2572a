#pragma once
/** Names of a workbook's tabs. Pure. */
#include <string>
#include <vector>

namespace changtong::report {

/** At most 31 characters, without []:*?/\\ and apostrophes, none empty or reserved, no two alike; in the order of
 * `wanted`. */
[[nodiscard]] std::vector<std::string> tab_names(const std::vector<std::string>& wanted);

}  // namespace changtong::report
