#pragma once
/** Where a command may write: a result is put in the place of what has its name. */
#include <string>

#include "daemon/core/result.h"

namespace changtong {

/** Refuses what would be lost: a ledger, any name beside one that is its own (also one that is not there yet), and what
 * is there and no plain file (a device, a pipe, a link). A folder is good. What cannot be looked at is for whoever
 * writes. */
[[nodiscard]] result<void> may_write(const std::string& path);

/** A new file, never over one that is there: it may be somebody's work. */
[[nodiscard]] result<void> write_new(const std::string& path, const std::string& text);

}  // namespace changtong
