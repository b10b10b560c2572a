#include "collectors/escaped_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"

namespace changtong {
namespace {

constexpr std::array<std::pair<char, char>, 5> short_escapes{
    {{'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'0', '\0'}, {'\\', '\\'}}};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

result<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char what = i + 1 < text.size() ? text[i + 1] : '\0';
    const auto known =
        std::ranges::find_if(short_escapes, [&](const auto& one) { return i + 1 < text.size() && one.first == what; });
    if (known != short_escapes.end()) {
      out += known->second;
      ++i;
    } else if (what == 'x' && i + 3 < text.size() && hex_digit(text[i + 2]) >= 0 && hex_digit(text[i + 3]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 2]) * 16 + hex_digit(text[i + 3]));
      i += 3;
    } else {
      return said(both("反斜杠之后只能是 r、n、t、0、反斜杠或 xHH（两位十六进制），而不是 `{}`",
                       "after a backslash: r, n, t, 0, a backslash or xHH, not `{}`",
                       shortened(text.substr(i + 1), 8)));
    }
  }
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

std::string escaped(std::string_view bytes, std::size_t most) {
  const std::string_view shown = shortened(bytes, most);
  std::string out;
  for (std::size_t i = 0; i < shown.size();) {
    const std::size_t length = utf8_length(shown.substr(i));
    const std::string_view one = shown.substr(i, std::max<std::size_t>(length, 1));
    const auto known = std::ranges::find(short_escapes, one[0], &std::pair<char, char>::second);
    if (known != short_escapes.end())
      out += {'\\', known->first};
    else if (length > 0 && !first_odd(one))
      out += one;
    else
      for (const char c : one) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    i += one.size();
  }
  return shown.size() < bytes.size() ? out + "…" : out;
}

}  // namespace changtong
