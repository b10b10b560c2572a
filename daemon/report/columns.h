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
  /** 0: always shown. Others are left out where no row has them, and the highest first where the table is too wide. */
  std::uint8_t spare = 0;
};

/** Cells that `text` takes on a terminal: East Asian wide characters two, combining ones none. */
[[nodiscard]] std::size_t cells_of(std::string_view text);
/** Heading, a rule, one line a row. Columns are two cells apart; no trailing blanks. */
[[nodiscard]] std::string in_columns(const std::vector<column>& columns,
                                     const std::vector<std::vector<std::string>>& rows);

inline constexpr std::size_t usual_width = 120;  ///< cells of a terminal that people have
struct fitted {
  std::string text;
  std::vector<std::string> left_out;  ///< headings of columns that some row has and that found no room
};
/** The same, as wide as `most` cells where its spare columns allow that. */
[[nodiscard]] fitted fitted_columns(const std::vector<column>& columns,
                                    const std::vector<std::vector<std::string>>& rows, std::size_t most = usual_width);

}  // namespace changtong::report
