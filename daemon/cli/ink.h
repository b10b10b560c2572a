#pragma once
/** Colours for a person at a terminal. Where it is none, where NO_COLOR is set (no-color.org), or TERM is `dumb`, words
 * stay as they are: nothing is told by colour alone. */
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace changtong {

enum class ink : std::uint8_t { good, doubtful, bad };

/** The words as they go to stdout or stderr. */
[[nodiscard]] std::string inked(ink colour, std::string_view words, std::FILE* to = stdout);

/** The same decided by the caller. Pure. */
[[nodiscard]] std::string inked(ink colour, std::string_view words, bool coloured);

}  // namespace changtong
