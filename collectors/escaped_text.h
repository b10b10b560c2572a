#pragma once
/** Bytes as people write and read them in one line of plain text. Pure. */
#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace changtong {

/** `\r \n \t \0 \\` and `\xHH` become the bytes they name. The problem says what a backslash may stand before. */
[[nodiscard]] result<std::string> unescaped(std::string_view text);
/** The other way, for people: what everybody sees as it is stays, the rest is written so. At most `most` bytes of
 * `bytes` are shown, then `…`. */
[[nodiscard]] std::string escaped(std::string_view bytes, std::size_t most);

}  // namespace changtong
