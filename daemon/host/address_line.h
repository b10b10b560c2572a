#pragma once
/** Where a message goes whose receiver's name we ask ourselves. */
#include <stop_token>
#include <string>

#include "daemon/host/post.h"

namespace changtong::host {

/** `HOST:PORT:ADDRESS,ADDRESS`, as libcurl takes it for the host of `url`; empty where nobody is to be asked: no
 * `names`, an address already, or an empty list of theirs. */
[[nodiscard]] result<std::string> address_line(const std::string& url, const look_up& names,
                                               const std::stop_token& stop);

}  // namespace changtong::host
