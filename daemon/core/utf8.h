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

}  // namespace changtong
