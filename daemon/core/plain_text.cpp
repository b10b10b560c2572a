#include "daemon/core/plain_text.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "daemon/core/utf8.h"

namespace changtong {
namespace {

constexpr char32_t braille_blank = 0x2800;
constexpr char32_t ideographic_space = 0x3000;  // every Chinese keyboard writes it
constexpr std::size_t most_marks = 2;           // over one letter: what any language needs

bool selects_a_shape(char32_t c) { return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef); }

bool has_shapes(char32_t c) {
  return (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x205e) || (c >= 0x2070 && c <= 0x9fff) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3ffff);
}

/** What is odd about it whatever stands before it. */
std::optional<oddity> alone(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  if (c == braille_blank || u_hasBinaryProperty(u, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return oddity::unseen;
  switch (u_charType(u)) {
    case U_FORMAT_CHAR:
      // Signs that enclose the digits behind them are format characters that everybody sees.
      if (u_hasBinaryProperty(u, UCHAR_PREPENDED_CONCATENATION_MARK)) return std::nullopt;
      [[fallthrough]];
    case U_CONTROL_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return oddity::unseen;
    case U_PRIVATE_USE_CHAR:
    case U_UNASSIGNED:
    case U_SURROGATE:
      return oddity::nobodys;
    case U_SPACE_SEPARATOR:
      return c == U' ' || c == ideographic_space ? std::nullopt : std::optional(oddity::space);
    default:
      return std::nullopt;
  }
}

/** Follows how many marks are piled on the present letter. Those that have places of their own beside it (the letters
 * of Tibetan and Indic stacks, combining class 0) neither count nor end the pile. */
class pile {
 public:
  /** False from the first mark on that is one too many. */
  bool take(char32_t c) {
    const auto u = static_cast<UChar32>(c);
    const auto kind = u_charType(u);
    if (kind != U_NON_SPACING_MARK && kind != U_ENCLOSING_MARK && kind != U_COMBINING_SPACING_MARK)
      marks_ = 0;
    else if (kind == U_ENCLOSING_MARK || u_getCombiningClass(u) != 0)
      ++marks_;
    return marks_ <= most_marks;
  }

 private:
  std::size_t marks_ = 0;
};

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
  pile marks;
  for (std::size_t i = 0; i < utf8.size(); ++nth) {
    const std::size_t n = utf8_length(utf8.substr(i));
    if (n == 0) return odd_character{0xffffffff, nth, oddity::not_utf8};
    const char32_t c = decoded(utf8.substr(i), n);
    const auto what = selects_a_shape(c) && has_shapes(before) ? std::nullopt : alone(c);
    if (what) return odd_character{c, nth, *what};
    if (!marks.take(c)) return odd_character{c, nth, oddity::stacked};
    before = c;
    i += n;
  }
  return std::nullopt;
}

std::string as_seen(std::string_view utf8, std::size_t most) {
  constexpr std::string_view instead = "\xef\xbf\xbd";
  const bool cut = utf8.size() > most;
  utf8 = shortened(utf8, most);
  std::string out;
  char32_t before = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t n = utf8_length(utf8.substr(i));
    const char32_t c = n == 0 ? 0 : decoded(utf8.substr(i), n);
    out += n == 0 || (alone(c) && !(selects_a_shape(c) && has_shapes(before))) ? instead : utf8.substr(i, n);
    before = c;
    i += std::max<std::size_t>(n, 1);
  }
  return cut ? out + "…" : out;
}

std::string_view chinese(oddity o) {
  switch (o) {
    case oddity::not_utf8:
      return "不是 UTF-8";
    case oddity::unseen:
      return "控制、换行、改变书写方向或不可见的字符";
    case oddity::nobodys:
      return "自造字或未定义的字符，各台电脑显示不一";
    case oddity::space:
      return "不同于普通空格的空白，看不出差别";
    case oddity::stacked:
      return "同一个字上的第三个叠加符号";
  }
  return {};
}

std::string_view english(oddity o) {
  switch (o) {
    case oddity::not_utf8:
      return "not UTF-8";
    case oddity::unseen:
      return "a control character, line break, mark of direction or invisible";
    case oddity::nobodys:
      return "of private use or unassigned, and looks different on every computer";
    case oddity::space:
      return "a blank that is none of the ordinary ones but looks like them";
    case oddity::stacked:
      return "the third mark piled upon one letter";
  }
  return {};
}

}  // namespace changtong
