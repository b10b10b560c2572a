#pragma once
/** What watches and steers the daemon: /healthz, /readyz, POST /api/v1/reload. */
#include <string_view>

#include "daemon/core/secret.h"
#include "daemon/publish/api/context.h"

namespace changtong::api {

[[nodiscard]] web_response healthz();
[[nodiscard]] web_response readyz(const context& from);
/** 200 with what changed, 401 without the token, 403 if none is configured, 409 if the new configuration is refused. */
[[nodiscard]] web_response reload(const context& from, const web_request& request);

/** Time depends on `given`'s length alone. An empty `expected` equals nothing. */
[[nodiscard]] bool same_secret(std::string_view given, const secret& expected);

}  // namespace changtong::api
