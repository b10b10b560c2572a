#pragma once
/** What watches and steers the daemon: /healthz, /readyz, POST /api/v1/reload. Here what the summary tells too. */
#include <string>
#include <vector>

#include "daemon/publish/api/context.h"

namespace changtong::api {

/** What is to be known of the ledger although nothing stands against it. */
[[nodiscard]] std::vector<reason> remarks_on_ledger(const context& from);
[[nodiscard]] std::string to_json(const std::vector<reason>& all);

}  // namespace changtong::api
