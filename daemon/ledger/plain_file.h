#pragma once
/** Small files beside the ledger (keys, seals): read whole and bounded, created once, appended to, each durable when
 * the call returns. The problems are the system's own words; the caller says which file and what to do. Any thread. */
#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace changtong::ledger {

/** What belongs to a ledger's seals: their lines, the public keys, the private key unless the configuration names one,
 * and how many lines have been posted. */
[[nodiscard]] inline std::string seals_file_of(const std::string& ledger) { return ledger + ".seals"; }
[[nodiscard]] inline std::string public_file_of(const std::string& ledger) { return ledger + ".pub"; }
[[nodiscard]] inline std::string key_file_of(const std::string& ledger) { return ledger + ".key"; }
[[nodiscard]] inline std::string posted_file_of(const std::string& ledger) { return ledger + ".posted"; }

/** A file that is not there is a problem too: ask `plain_file_exists` first where that matters. */
[[nodiscard]] result<std::string> read_plain_file(const std::string& path, std::size_t most_bytes);
[[nodiscard]] bool plain_file_exists(const std::string& path);
/** With exactly this mode; never over an existing file. A crash leaves the whole file or none. */
[[nodiscard]] result<void> create_plain_file(const std::string& path, std::string_view text, unsigned mode);
/** As create, but over whatever is there. */
[[nodiscard]] result<void> replace_plain_file(const std::string& path, std::string_view text, unsigned mode);
/** Creates it with this mode if it is not there. A crash may leave a beginning of `text`. */
[[nodiscard]] result<void> append_plain_file(const std::string& path, std::string_view text, unsigned mode);

}  // namespace changtong::ledger
