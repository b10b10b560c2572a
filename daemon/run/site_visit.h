#pragma once
/** What the last visit of a site saw, for people who are told that it cannot be opened. Pure. */
#include <string>

#include "daemon/core/board.h"

namespace changtong {

/** The status, the name that does not resolve, the text that is missing; of a certificate also when it ends. Chinese;
 * empty: nothing was seen. `site` is one of the board's; `why` it is down. */
[[nodiscard]] std::string visited(const board& b, target_index site, cause why, wall_t now);

}  // namespace changtong
