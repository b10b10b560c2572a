#pragma once
/** What a ZIP may hide between its parts no reader shows: bytes before, between and behind its files, behind a file's
 * packed data, comments and extra fields. Pure but for the stream; any input is safe. */
#include <istream>

#include "daemon/core/result.h"

namespace changtong::audit {

/** A problem names the first byte that no list of files needs. Such a pack is refused: two programs could show two
 * contents of it, and whoever sends it could hide a message in it. ZIP64 is understood. */
[[nodiscard]] result<void> every_byte_is_needed(std::istream& zip);

}  // namespace changtong::audit
