#pragma once
/** What people ask of the running daemon. publish emits commands, main carries them out. */
#include <functional>
#include <string>

#include "daemon/core/result.h"

namespace changtong {

/** Reload the configuration: all or nothing. Blocks the caller (an HTTP thread) until done; the text says what changed.
 */
using reload_command = std::function<result<std::string>(std::string_view author)>;

}  // namespace changtong
