#pragma once
/** The built-in status page: works without scripts (drawn here, reloads itself) and without any outside resource. */
#include <string>

#include "daemon/publish/api/summary.h"

namespace changtong::api {

[[nodiscard]] std::string status_page(const summary& s, const civil_zone& zone, bool console);

}  // namespace changtong::api
