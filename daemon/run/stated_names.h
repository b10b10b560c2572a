#pragma once
/** Names of receivers are asked of the stated servers, as those of sites are. */
#include <functional>
#include <vector>

#include "daemon/core/name_server.h"
#include "daemon/host/post.h"

namespace changtong {

/** `servers` as they are then; where none is stated, the machine's own are asked by whoever posts. */
[[nodiscard]] host::look_up names_by(std::function<std::vector<name_server>()> servers);

}  // namespace changtong
