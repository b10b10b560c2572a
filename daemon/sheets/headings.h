#pragma once
/** Where the headings of a sheet stand, and what its columns are. Pure. */
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/settings/line_columns.h"
#include "daemon/sheets/grid.h"
#include "daemon/sheets/words.h"

namespace changtong::sheets {

using reading::line_columns;

/** A column of the sheet that is one of lines.csv. */
struct sheet_column {
  std::size_t place = 0;  ///< in the rows of the grid
  std::string heading;    ///< as it is written, on one line
  double factor = 1;      ///< of a bandwidth: 1000 under 带宽(G)
};

struct unread_column {
  std::size_t place = 0;
  std::string heading;
  phrase why;
};

struct headings {
  std::size_t row = 0;  ///< in the grid's rows
  std::array<std::optional<sheet_column>, line_columns::columns> columns;
  std::vector<unread_column> unread;
  std::optional<sheet_column> status;
  bool running_number = false;  ///< the ids are a count of the rows, which changes with their order
  std::vector<std::pair<std::string, line_columns::column>> by_other_words;  ///< headings that our words know

  /** What the sheet calls it; where it has no such column, what lines.csv does. */
  [[nodiscard]] std::string name_of(line_columns::column c) const;
};

/** How many cells of the row are headings of lines.csv, also by other words. */
[[nodiscard]] std::size_t headings_in(const grid_row& row, const word_list& words);
/** Of the first rows that which has most headings, at least two; none: the sheet is no list of lines. */
[[nodiscard]] std::optional<headings> find_headings(const grid& g, const word_list& words);

}  // namespace changtong::sheets
