#pragma once
/** What the alert desk reaches the rest of the daemon by. */
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/core/alert_settings.h"
#include "daemon/host/post.h"
#include "daemon/publish/alerts/channels.h"

namespace changtong {

/** A message as host/post carries it, with the channel's addresses and whom it believes. */
[[nodiscard]] host::post_request post_of(const alert_channel& c, const alerts::outgoing& what);

/** Gives it to `office`; `names` may be empty. `answered` hears the status and the answer, or 0 and why there is none.
 */
void post_to(host::post_office& office, const alert_channel& c, const alerts::outgoing& what, host::look_up names,
             std::function<void(unsigned status, std::string body)> answered);

/** What is left on the disk that holds `file`; none: it does not say. */
[[nodiscard]] std::optional<std::uint64_t> free_bytes_beside(const std::string& file);

}  // namespace changtong
