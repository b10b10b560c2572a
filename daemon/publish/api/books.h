#pragma once
/** /api/v1/outages and /api/v1/availability: the books, in the words of the command line. */
#include "daemon/publish/api/context.h"

namespace changtong::api {

[[nodiscard]] web_response list_outages(context& from, const web_request& request);
[[nodiscard]] web_response list_availability(context& from, const web_request& request);

}  // namespace changtong::api
