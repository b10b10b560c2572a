#pragma once
/** Letters and blanks of ASCII as protocols mean them, whatever the locale. Pure. */
#include <algorithm>
#include <string>
#include <string_view>

namespace changtong::ascii {

[[nodiscard]] constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/** The same for the projections of algorithms. */
inline constexpr auto small = [](char c) { return lower(c); };

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

/** Equal but for the case of ASCII letters; `lower_case` has no capitals. */
[[nodiscard]] inline bool same_word(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, [](char a, char b) { return lower(a) == b; });
}

inline constexpr std::string_view http_blanks = " \t\r\n", html_blanks = " \t\r\n\f";

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text, std::string_view blanks) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace changtong::ascii
