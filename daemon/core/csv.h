#pragma once
/** Text of anybody as a cell of a table that people open in a spreadsheet. Pure. */
#include <string>
#include <string_view>

namespace changtong {

/** What a spreadsheet does not compute: a text that begins with = + - @, their wide forms or a control character gets
 * an apostrophe before it, once. A negative number stays a number. */
[[nodiscard]] std::string no_formula(std::string_view text);
/** What no_formula was given, so that a file which people open and we read back says the same each time. */
[[nodiscard]] std::string_view read_back(std::string_view cell);
/** A field of CSV by RFC 4180: quoted where it must be, and nothing of it changed. For files that only we read. */
[[nodiscard]] std::string csv_quoted(std::string_view text);
/** The same, and no formula: for tables that people open. */
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace changtong
