#pragma once
/** What a reload says: to the log, and to whoever asked for it, each language in lines of its own; and what it leaves
 * as it is. */
#include <string_view>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Of a configuration that does not hold, or cannot be read. */
[[nodiscard]] phrase told_of_refusal(const problems& found);
/** Of one that is in force now. */
[[nodiscard]] phrase told_of_changes(const std::vector<change>& changes, const std::vector<problem>& warnings,
                                     std::string_view author);

/** What needs a restart stays in `next` as it was; compare() has said that it differs. */
void keep_until_restart(settings& next, const settings& before);

}  // namespace changtong
