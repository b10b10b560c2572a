#pragma once
/** What fields of several declarations have in common. */
#include <string>
#include <string_view>

namespace changtong {

/** A decimal number that is not negative, as parse_exact (exact.h) reads it. */
[[nodiscard]] bool is_amount(const std::string& text);
[[nodiscard]] bool is_amount_or_empty(const std::string& text);

/** Of `via`, for readers of openapi.json. */
inline constexpr std::string_view via_means = "api: NAME@ADDRESS, or: file, unauthenticated; empty in older entries";

}  // namespace changtong
