#pragma once
/** HTML -> DOCX by pandoc, the one child process of report. It is started without a shell and with fixed arguments,
 * gets its input by a file that only this user can read, has bounds of memory and time, and is killed at their end.
 * Blocks until it is done; not for a thread that serves. */
#include <chrono>
#include <string>

#include "daemon/core/result.h"

namespace changtong::report {

/** Writes `path` whole or not at all, through a folder beside it that is removed in any case. Problems: pandoc is not
 * installed (names the package), did not end within `patience`, refused (with its words), `path` not writable. */
[[nodiscard]] result<void> write_docx(const std::string& html, const std::string& path,
                                      std::chrono::milliseconds patience);

}  // namespace changtong::report
