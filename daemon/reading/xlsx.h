#pragma once
/** The sheets of an XLSX workbook as a person sees them: texts, numbers, days, merged cells. Pure; any input is safe,
 * and what it grows to is bounded (office_package.h, and below). */
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/result.h"

namespace changtong::reading {

inline constexpr std::size_t most_sheet_cells = 4'000'000;  ///< of a workbook, empty ones not counted
inline constexpr std::size_t most_sheet_text = 64 << 20;    ///< bytes of all cells together
inline constexpr std::size_t most_merged_ranges = 100'000;  ///< of a sheet; more are not read

struct sheet_cell {
  enum class kind : std::uint8_t {
    text,
    number,  ///< its digits as they are kept, filled up with zeros or as a percentage where its format says so
    day,     ///< 2024-03-01, or 2024-03-01 18:00
    error,   ///< #N/A and its like
    spoilt,  ///< a number of more than 15 digits, whose last ones the spreadsheet has lost
  };
  std::size_t column = 0;  ///< from 0
  std::string text;        ///< never empty; of a formula the value that was kept with it
  kind what = kind::text;
};

struct sheet_row {
  std::size_t number = 0;         ///< as the spreadsheet shows it, from 1
  bool hidden = false;            ///< by hand or by a filter
  std::vector<sheet_cell> cells;  ///< those that are not empty, by column
};

/** A merged range, both ends included; rows from 1, columns from 0. */
struct merged_range {
  std::size_t first_row = 0, last_row = 0, first_column = 0, last_column = 0;
};

struct workbook_sheet {
  std::string title;
  bool hidden = false;
  std::vector<sheet_row> rows;  ///< those that have a cell, by number
  std::vector<merged_range> merged;
};

struct workbook {
  std::vector<workbook_sheet> sheets;  ///< in the order of their tabs
  bool from_1904 = false;              ///< how it counts days
};

[[nodiscard]] result<workbook> read_xlsx(std::string bytes);

}  // namespace changtong::reading
