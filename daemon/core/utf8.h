#pragma once
/** UTF-8 as characters (RFC 3629: no overlong forms, no surrogates). Pure; any bytes are safe. */
#include <cstddef>
#include <string_view>

namespace changtong {

/** Bytes of the character that `text`, which is not empty, begins with; 0: it begins with none. */
[[nodiscard]] std::size_t utf8_length(std::string_view text);
/** How many characters: bytes that do not continue one. */
[[nodiscard]] std::size_t characters(std::string_view utf8);
/** Where a text may be cut that is to have at most `most` bytes: there, or where the character begins that would be cut
 * (at most three bytes before: more continue no character). */
[[nodiscard]] std::size_t whole_characters(std::string_view utf8, std::size_t most);
/** What a message quotes of a text that may be long: so many bytes of it at most, and no half of a character. */
[[nodiscard]] inline std::string_view shortened(std::string_view utf8, std::size_t most) {
  return utf8.substr(0, whole_characters(utf8, most));
}

}  // namespace changtong
