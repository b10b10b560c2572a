#pragma once
/** Lengths of time for people. Pure. */
#include <string>

#include "daemon/core/instant.h"

namespace changtong {

/** h:mm:ss, rounded down; hours do not become days. `length` is not negative. */
[[nodiscard]] std::string clock_text(milliseconds length);

}  // namespace changtong
