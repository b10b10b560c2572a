#pragma once
/** Which characters may stand in what people enter and in their names: those that everybody sees as they are. Pure. */
#include <cstddef>
#include <optional>
#include <string_view>

namespace changtong {

struct odd_character {
  char32_t code = 0;    ///< 0xFFFFFFFF: the bytes are not UTF-8
  std::size_t nth = 0;  ///< which character of the text, from 1
};

/** The first character that is a control (C0, C1), turns the direction of writing, is invisible or no character at all;
 * none: the text is plain. A variation selector may follow an ideograph or a symbol, which it chooses the shape of. */
[[nodiscard]] std::optional<odd_character> first_odd(std::string_view utf8);

}  // namespace changtong
