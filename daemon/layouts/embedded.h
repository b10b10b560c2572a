#pragma once
/** Files of the source tree that are bytes of the program (CMake's changtong_embed): config/layouts. */
#include <string_view>

namespace changtong::layouts {

[[nodiscard]] std::string_view layout_anhui();
[[nodiscard]] std::string_view layout_hubei();
[[nodiscard]] std::string_view layout_sichuan();
[[nodiscard]] std::string_view layout_ministry();
[[nodiscard]] std::string_view layout_plain();
[[nodiscard]] std::string_view layout_transfer();
[[nodiscard]] std::string_view layout_declared();
[[nodiscard]] std::string_view layout_monitoring();

}  // namespace changtong::layouts
