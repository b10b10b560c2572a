#pragma once
/** Sheets that people send, in whatever encoding. Pure; any bytes are safe. */
#include <string>

#include "daemon/core/result.h"

namespace changtong::reading {

/** As to_utf8 (words.h), and UTF-16 of either order, with a byte order mark or without one. A problem carries line and
 * column. */
[[nodiscard]] result<std::string> sheet_to_utf8(std::string bytes);

}  // namespace changtong::reading
