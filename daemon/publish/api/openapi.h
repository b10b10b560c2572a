#pragma once
#include <string>

namespace changtong::api {

/** The OpenAPI 3.1 document of all_routes(), with the schemas of schemas.json. tests/publish/answers holds it to the
 * OpenAPI schema, and what the routes answer to it. */
[[nodiscard]] std::string openapi_document();

}  // namespace changtong::api
