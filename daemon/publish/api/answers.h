#pragma once
/** How the API speaks: JSON bodies, problems, instants, periods. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/civil.h"
#include "daemon/core/json.h"
#include "daemon/core/result.h"
#include "daemon/core/web.h"

namespace changtong::api {

[[nodiscard]] web_response json_answer(std::string body);
/** 400; `p` says what is wrong with a parameter. */
[[nodiscard]] web_response bad_parameter(const problem& p);
/** 400 for a body of what takes nothing but `{}`: whoever gives it something believes that it does more than it does.
 */
[[nodiscard]] std::optional<web_response> unwanted(std::string_view body);
/** 503; the ledger cannot be read just now. */
[[nodiscard]] web_response no_ledger(const problem& p);

/** ISO 8601 with the zone's offset; JSON null for an instant that is not there (0, wall_min, wall_max). */
void add_instant(json_object& to, std::string_view key, wall_t at, const civil_zone& zone);
void add_ratio(json_object& to, std::string_view key, std::optional<double> ratio);

/** One object with the members of both, which have none in common. */
[[nodiscard]] std::string joined_objects(std::string first, std::string_view second);
/** The one value of `[…]`, for a row of the books that stands alone; null for an empty array. */
[[nodiscard]] std::string json_element(std::string_view array_of_one);

/** `from` and `to` as the command line takes them; `otherwise` supplies what is missing. Not empty, and at most 20
 * years where `otherwise` leaves no side open. */
[[nodiscard]] result<period> period_parameters(const web_request& r, const civil_zone& zone, period otherwise);

}  // namespace changtong::api
