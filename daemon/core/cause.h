#pragma once
/** Named reasons (cause.def): why a sample is bad or not measured, why a target is down, why nobody observed. */
#include <cstdint>
#include <optional>
#include <string_view>

namespace changtong {

enum class cause : std::uint8_t {
#define CAUSE(name, cls, zh, en) name,
#include "daemon/core/cause.def"
#undef CAUSE
};

enum class cause_class : std::uint8_t { bad, own, outage, gap };

[[nodiscard]] std::string_view name_of(cause c);
[[nodiscard]] std::string_view chinese(cause c);
[[nodiscard]] std::string_view english(cause c);
[[nodiscard]] cause_class class_of(cause c);
/** Whether it says more of an outage than that there is one. */
[[nodiscard]] constexpr bool explains(cause c) {
  return c != cause::none && c != cause::own_line && c != cause::unexplained;
}
/** The inverse of name_of; empty for a name that is not in the list. */
[[nodiscard]] std::optional<cause> cause_named(std::string_view name);

}  // namespace changtong
