#pragma once
/** Small files (keys, seals, settings): read whole and bounded, created once, appended to, each durable when
 * the call returns. The problems say why (core/system_words.h); the caller says which file and what to do. Any thread.
 */
#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace changtong::host {

/** A file that is not there is a problem too: ask `plain_file_exists` first where that matters. */
[[nodiscard]] result<std::string> read_plain_file(const std::string& path, std::size_t most_bytes);
/** Also of a pipe or a device (`check <(…)`): a pipe may be silent for five seconds, and one without a writer, or a
 * signal that comes meanwhile, is a problem. */
[[nodiscard]] result<std::string> read_any_file(const std::string& path, std::size_t most_bytes);
/** What a person names on the command line or in a file: likewise, at most 64 MB; the problem names the file. */
[[nodiscard]] result<std::string> read_document(const std::string& path);
/** Whether there is a plain file, or a link to one, that may be read: neither folder nor pipe nor device. */
[[nodiscard]] result<void> is_plain_file(const std::string& path);
[[nodiscard]] bool plain_file_exists(const std::string& path);
/** With exactly this mode; never over an existing file. A crash leaves the whole file or none. */
[[nodiscard]] result<void> create_plain_file(const std::string& path, std::string_view text, unsigned mode);
/** As create, but over whatever is there, whose owner it keeps if it may. */
[[nodiscard]] result<void> replace_plain_file(const std::string& path, std::string_view text, unsigned mode);
/** Also to another file system; only a regular file, and never over one that is there. */
[[nodiscard]] result<void> move_plain_file(const std::string& from, const std::string& to);
/** Creates it with this mode if it is not there. A crash may leave a beginning of `text`. */
[[nodiscard]] result<void> append_plain_file(const std::string& path, std::string_view text, unsigned mode);

}  // namespace changtong::host
