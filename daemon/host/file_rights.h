#pragma once
/** What this process may do with a file that people change too. Any thread. */
#include <string>

#include "daemon/core/result.h"

namespace changtong::host {

/** Permission bits of the file; of one that is not there those of a new one. */
[[nodiscard]] unsigned mode_of(const std::string& path);
/** Whether a plain file may be put in its place: that is a matter of its folder. The problem says why not. */
[[nodiscard]] result<void> may_replace(const std::string& path);

}  // namespace changtong::host
