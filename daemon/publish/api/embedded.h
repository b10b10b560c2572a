#pragma once
/** Files that are part of the program: the build takes them from this folder, byte for byte. */
#include <string_view>

namespace changtong::api {

/** The status page's style, and its script, which redraws the page from /api/v1/summary every two seconds: addresses of
 * their own, since the Content-Security-Policy allows nothing inline. */
[[nodiscard]] std::string_view status_css();
[[nodiscard]] std::string_view status_js();
/** The object `components/schemas` of openapi.json. */
[[nodiscard]] std::string_view schemas_json();

}  // namespace changtong::api
