#pragma once
/** What watches and steers the daemon: /healthz, /readyz, POST /api/v1/reload. */
#include <string>
#include <vector>

#include "daemon/publish/api/context.h"

namespace changtong::api {

/** What is to be known of the ledger although nothing stands against it. */
[[nodiscard]] std::vector<reason> remarks_on_ledger(const context& from);
[[nodiscard]] std::string to_json(const std::vector<reason>& all);

[[nodiscard]] web_response healthz();
[[nodiscard]] web_response readyz(const context& from);
/** 200 with what changed, 401 without a token, 403 without the right, 409 if the new configuration is refused. */
[[nodiscard]] web_response reload(const context& from, const web_request& request);

}  // namespace changtong::api
