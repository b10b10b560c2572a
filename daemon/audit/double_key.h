#pragma once
/** JSON in which a key stands twice in one object: one reader takes the first, another the last, and a pack would say
 * two things. Pure; any input is safe. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/audit/extract.h"

namespace changtong::audit {

/** The first such key; none too for what is no JSON: others say so. */
[[nodiscard]] std::optional<std::string> double_key(std::string_view text);
/** The same of an entry's body and of the JSON inside its texts (settings, inventory, figures of a closing). */
[[nodiscard]] std::optional<std::string> double_key_in(const journal_line& l);

}  // namespace changtong::audit
