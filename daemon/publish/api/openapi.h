#pragma once
#include <string_view>

namespace changtong::api {

/** The OpenAPI 3.0 document. tests/publish/api/openapi_test.cpp holds it to the routes and to what they answer. */
[[nodiscard]] std::string_view openapi_json();

}  // namespace changtong::api
