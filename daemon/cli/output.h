#pragma once
/** Where a command may write: a result is put in the place of what has its name. */
#include <string>

#include "daemon/core/result.h"

namespace changtong {

/** Refuses what would be lost: a ledger, any name beside one that is its own (also one that is not there yet), and what
 * is there and no plain file (a device, a pipe, a link). A folder is good. What cannot be looked at is for whoever
 * writes. */
[[nodiscard]] result<void> may_write(const std::string& path);

}  // namespace changtong
