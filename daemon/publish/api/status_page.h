#pragma once
/** The built-in status page: works without scripts (drawn here, reloads itself) and without any outside resource. */
#include <string>
#include <string_view>

#include "daemon/publish/api/summary.h"

namespace changtong::api {

[[nodiscard]] std::string status_page(const summary& s, const civil_zone& zone);
/** Its style and its script, which redraws the same page from /api/v1/summary every two seconds. */
[[nodiscard]] std::string_view status_css();
[[nodiscard]] std::string_view status_js();

}  // namespace changtong::api
