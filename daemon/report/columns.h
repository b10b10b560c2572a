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
inline constexpr std::size_t usual_width = 120;  ///< cells of a terminal that people have
/** The text in lines of at most `width` cells (2 or more), broken at blanks and between Chinese characters where that
 * is possible, never inside a character; at least one line. */
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);
/** Ids in one cell: all of a few, of many the first and their count; JSON and CSV have the whole list. */
[[nodiscard]] std::string first_of(const std::vector<std::string>& ids);

/** Heading, a rule, a row in one line. Columns are two cells apart; no trailing blanks. What is wider than `most` goes
 * on in further lines of its columns, numbers last. */
[[nodiscard]] std::string in_columns(const std::vector<column>& columns,
                                     const std::vector<std::vector<std::string>>& rows, std::size_t most = usual_width);

struct fitted {
  std::string text;
  std::vector<std::string> left_out;  ///< headings of columns that some row has and that found no room
};
/** The same; spare columns go before anything is broken into lines. */
[[nodiscard]] fitted fitted_columns(const std::vector<column>& columns,
                                    const std::vector<std::vector<std::string>>& rows, std::size_t most = usual_width);

}  // namespace changtong::report
