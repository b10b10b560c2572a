#pragma once
/** Base64 of a mail (RFC 2045) as what it stands for; what is none of its letters is passed over. */
#include <string>
#include <string_view>

namespace changtong::alerts::test {

inline std::string decoded(std::string_view base64) {
  std::string out;
  unsigned bits = 0, count = 0;
  for (const char c : base64) {
    const auto v = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").find(c);
    if (v == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<unsigned>(v);
    if (count += 6; count >= 8) out += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return out;
}

}  // namespace changtong::alerts::test
