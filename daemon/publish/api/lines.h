#pragma once
/** /api/v1/lines and /api/v1/lines/{id}. */
#include "daemon/publish/api/context.h"

namespace changtong::api {

[[nodiscard]] web_response list_lines(context& from, const web_request& request);
[[nodiscard]] web_response show_line(context& from, const web_request& request);

}  // namespace changtong::api
