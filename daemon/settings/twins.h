#pragma once
/** Lines that state one circuit number or one address: perhaps one line that was entered twice, perhaps a slip of the
 * hand, and now and then right. So it is a warning, which names both places. Internal to daemon/settings. */
#include <vector>

#include "daemon/core/target.h"
#include "daemon/settings/lines.h"

namespace changtong::reading {

/** `made` begins with the lines of `rows`. Lines with a day of closing are over or will be, and are passed over. */
void warn_of_twins(const inventory& made, const std::vector<line_table::row>& rows, const line_table& table,
                   findings& found);

}  // namespace changtong::reading
