#pragma once
/** A file that an office sends -> rows of cells, whatever it is written in: XLSX, or CSV in UTF-8, GB18030 or UTF-16
 * with comma, tab or semicolon. Pure; any bytes are safe. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/reading/xlsx.h"

namespace changtong::sheets {

inline constexpr std::size_t most_grid_columns = 256;

struct grid_cell {
  std::string text;
  reading::sheet_cell::kind what = reading::sheet_cell::kind::text;
  bool merged = false;  ///< the text stands in the cell above, with which this one is merged
};

struct grid_row {
  std::size_t number = 0;  ///< as a spreadsheet shows it, from 1
  bool hidden = false;     ///< a person does not see it
  std::vector<grid_cell> cells;
};

struct grid {
  std::string title;  ///< of the tab; empty for CSV
  bool hidden = false;
  bool knows_merges = false;  ///< a blank cell is no merged one
  bool from_1904 = false;
  std::vector<grid_row> rows;
};

/** A problem has the row as its line. Of several separators that one is taken with which `headings_in` finds most in a
 * row. */
[[nodiscard]] result<std::vector<grid>> read_grids(std::string bytes,
                                                   const std::function<std::size_t(const grid_row&)>& headings_in);

}  // namespace changtong::sheets
