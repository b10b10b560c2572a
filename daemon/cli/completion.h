#pragma once
/** Completion of the command line for bash, written from the commands themselves. Pure. */
#include <string>

#include "daemon/cli/usage_mistake.h"

namespace changtong {

/** A script to be sourced: commands, then options; files where nothing of ours fits. */
[[nodiscard]] std::string bash_completion(const known_command& program);

}  // namespace changtong
