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

}  // namespace changtong::report
