#pragma once
#include <string>
#include <string_view>

namespace changtong::api {

/** The OpenAPI 3.0 document. tests/publish/api/openapi_test.cpp holds it to the routes and to what they answer. */
[[nodiscard]] std::string openapi_document();

// Its pieces, lists of members: what is read, and what people enter.
[[nodiscard]] std::string_view openapi_paths();
[[nodiscard]] std::string_view openapi_entry_paths();
[[nodiscard]] std::string_view openapi_schemas();
[[nodiscard]] std::string_view openapi_entry_schemas();
[[nodiscard]] std::string_view openapi_evaluation_paths();
[[nodiscard]] std::string_view openapi_evaluation_schemas();

}  // namespace changtong::api
