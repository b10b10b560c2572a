#pragma once
/** Which characters may stand in what people enter and in their names: those that everybody sees as they are. Pure. */
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changtong {

enum class oddity : std::uint8_t {
  not_utf8,
  unseen,   ///< a control (C0, C1), turns the direction of writing, is invisible, ends a line
  nobodys,  ///< of private use, or no character at all
  space,    ///< a blank other than U+0020 and the ideographic U+3000
  stacked,  ///< more marks than two upon one letter
};

struct odd_character {
  char32_t code = 0;    ///< 0xFFFFFFFF: the bytes are not UTF-8
  std::size_t nth = 0;  ///< which character of the text, from 1
  oddity what = oddity::unseen;
};

/** The first character that is odd; none: the text is plain. A variation selector may follow an ideograph or a symbol,
 * which it chooses the shape of. */
[[nodiscard]] std::optional<odd_character> first_odd(std::string_view utf8);

/** As it may stand in a line that we print, whoever wrote it: at most so many bytes, what is odd by itself as U+FFFD. A
 * terminal obeys control characters, and a line break makes a verdict of what is none. */
[[nodiscard]] std::string as_seen(std::string_view utf8, std::size_t most = 2'000);

/** Part of a sentence, after "is" (是). */
[[nodiscard]] std::string_view chinese(oddity o);
[[nodiscard]] std::string_view english(oddity o);

}  // namespace changtong
