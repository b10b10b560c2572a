#include "daemon/core/plain_text.h"

#include <algorithm>
#include <array>

#include "daemon/core/json.h"

namespace changtong {
namespace {

struct range {
  char32_t first, last;
};
/** In order. Default-ignorable and format characters of Unicode, controls, separators of lines, and noncharacters. */
constexpr std::array<range, 24> odd{{{0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
                                     {0x061c, 0x061c},   {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
                                     {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x2800, 0x2800},
                                     {0x3164, 0x3164},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
                                     {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x13430, 0x1345f},
                                     {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, {0x10fffe, 0x10ffff}}};

bool is_odd(char32_t c) {
  const auto it = std::ranges::upper_bound(odd, c, {}, &range::first);
  return (c & 0xfffeU) == 0xfffeU || (it != odd.begin() && c <= std::prev(it)->last);
}

bool selects_a_shape(char32_t c) { return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef); }

bool has_shapes(char32_t c) {
  return (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x205e) || (c >= 0x2070 && c <= 0x9fff) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3ffff);
}

/** Of `n` bytes that utf8_length() found to be good. */
char32_t decoded(std::string_view bytes, std::size_t n) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (n == 1) return at(0);
  char32_t c = at(0) & (0xffU >> (n + 1));
  for (std::size_t i = 1; i < n; ++i) c = (c << 6U) | (at(i) & 0x3fU);
  return c;
}

}  // namespace

std::optional<odd_character> first_odd(std::string_view utf8) {
  char32_t before = 0;
  std::size_t nth = 1;
  for (std::size_t i = 0; i < utf8.size(); ++nth) {
    const std::size_t n = utf8_length(utf8.substr(i));
    if (n == 0) return odd_character{0xffffffff, nth};
    const char32_t c = decoded(utf8.substr(i), n);
    if (is_odd(c) && !(selects_a_shape(c) && has_shapes(before))) return odd_character{c, nth};
    before = c;
    i += n;
  }
  return std::nullopt;
}

}  // namespace changtong
