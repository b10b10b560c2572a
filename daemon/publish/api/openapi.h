#pragma once
#include <string_view>

namespace changtong::api {

/** The OpenAPI 3.0 document in two pieces, to be put together as they are. tests/publish/api/openapi_test.cpp holds it
 * to the routes and to what they answer. */
[[nodiscard]] std::string_view openapi_paths();
[[nodiscard]] std::string_view openapi_schemas();

}  // namespace changtong::api
