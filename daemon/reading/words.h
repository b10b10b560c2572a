#pragma once
/** Small readings of text: encodings, durations, numbers, and quoting for messages. Pure.
 */
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"

namespace changtong::reading {

/** For a message: in single quotes, at most 64 bytes, control characters as \xNN. Never give it a secret. */
[[nodiscard]] std::string quote(std::string_view text);

/** The known word that `wrong` was probably meant to be, by few typing errors; empty when none is near. */
[[nodiscard]] std::string_view nearest(std::string_view wrong, std::span<const std::string_view> known);
/** `unknown key 'x': did you mean 'y'?` or `…: use one of a, b, c`. */
[[nodiscard]] phrase unknown_word(const phrase& what, std::string_view wrong, std::span<const std::string_view> known);

[[nodiscard]] std::string_view trim(std::string_view text);
/** Non-empty pieces between any of `separators`. */
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, std::string_view separators);
[[nodiscard]] bool has_control_characters(std::string_view text);

/** The first character that nobody sees or that turns the direction of writing, as `第 3 个字符 U+202E 不可见…`, to
 * follow the name of a cell; none: everybody sees what is there. */
[[nodiscard]] std::optional<phrase> unseen_character(std::string_view text);

/** `10s`, `500ms`, `5m`, `1h`; a bare number is refused with the remedy. */
[[nodiscard]] result<milliseconds> parse_duration(std::string_view text);
/** The shortest of the same notation. */
[[nodiscard]] std::string duration_text(milliseconds d);
/** Decimal digits only, at most `most`. */
[[nodiscard]] std::optional<std::uint64_t> parse_whole(std::string_view text, std::uint64_t most);
/** `0.05`, `5%`: a plain decimal, no exponent. */
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

/** Byte offset of the first byte that is not UTF-8 (RFC 3629), or npos. */
[[nodiscard]] std::size_t first_bad_utf8(std::string_view text);
/** Line and column (in characters) of a byte offset, from 1. */
struct line_column {
  int line, column;
};
[[nodiscard]] line_column position(std::string_view text, std::size_t offset);
/** The column alone, which costs one line instead of the whole text. */
[[nodiscard]] int column_at(std::string_view text, std::size_t offset);

/** The text of an inventory as UTF-8 without BOM: UTF-8 stays, GB18030 is converted. A problem carries line and column.
 */
[[nodiscard]] result<std::string> to_utf8(std::string bytes);

/** Of names: A-Z a-z 0-9 _ */
[[nodiscard]] bool name_character(char c);
/** Empty if it is a usable id, else what is wrong with it, to follow it in a sentence. */
[[nodiscard]] std::optional<phrase> bad_id(std::string_view id);

}  // namespace changtong::reading
