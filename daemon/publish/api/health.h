#pragma once
/** What watches and steers the daemon: /healthz, /readyz, POST /api/v1/reload. */
#include "daemon/publish/api/context.h"

namespace changtong::api {

[[nodiscard]] web_response healthz();
[[nodiscard]] web_response readyz(const context& from);
/** 200 with what changed, 401 without a token, 403 without the right, 409 if the new configuration is refused. */
[[nodiscard]] web_response reload(const context& from, const web_request& request);

}  // namespace changtong::api
