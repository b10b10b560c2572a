#pragma once
/** Text in columns for a terminal, where a Chinese character is two cells wide. Pure. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace changtong::report {

struct column {
  std::string heading;
  bool right = false;  ///< numbers
};

/** Cells that `text` takes on a terminal: East Asian wide characters two, combining ones none. */
[[nodiscard]] std::size_t cells_of(std::string_view text);
/** Heading, a rule, one line a row. Columns are two cells apart; no trailing blanks. */
[[nodiscard]] std::string in_columns(const std::vector<column>& columns,
                                     const std::vector<std::vector<std::string>>& rows);
/** What a spreadsheet does not compute: a text that begins with = + - @, their wide forms or a control character gets
 * an apostrophe before it, once. A negative number stays a number. */
[[nodiscard]] std::string no_formula(std::string_view text);
/** A field of CSV by RFC 4180: no formula, and quoted where it must be. */
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace changtong::report
