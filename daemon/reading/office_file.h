#pragma once
/** Documents of offices as text: DOCX and XLSX. A paragraph is a line; a row of a table is a line whose cells stand
 * between tabs, empty where a cell is merged into its neighbour. Pure; any bytes are safe. */
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace changtong::reading {

/** What a file is by its first bytes. */
enum class office_kind { none, packed, old_office, pdf };
[[nodiscard]] office_kind office_kind_of(std::string_view bytes);
[[nodiscard]] bool is_document(const std::string& bytes);  ///< a DOCX

/** The text of a DOCX or XLSX file. Problems: no sound ZIP, neither of the two, more than
 * office_package.h and xlsx.h admit. Numbers of a sheet stand as xlsx.h has them. */
[[nodiscard]] result<std::string> office_text(std::string bytes);

/** A cell of a table; of a merged one the first, with how far it reaches. */
struct office_cell {
  std::size_t row = 0, column = 0;  ///< from 0; a sheet's own rows, a table's from its head
  std::size_t rows = 1, columns = 1;
  std::string text;  ///< on one line; may be empty in a document
};
/** Alone on the line behind each sheet of a workbook in its text. */
inline constexpr char end_of_sheet = '\x1d';

/** A sheet, or a table of a document. */
struct office_table {
  std::string title;               ///< of the tab; empty in a document
  bool hidden = false;             ///< a sheet that a person does not see
  std::vector<office_cell> cells;  ///< by row, then by column
};
inline constexpr std::size_t most_table_cells = 200'000;  ///< of a file

/** The tables of a DOCX (not those inside cells, whose words belong to the cell) or the sheets of an XLSX, with what is
 * merged. Problems as of office_text. */
[[nodiscard]] result<std::vector<office_table>> office_tables(std::string bytes);

}  // namespace changtong::reading
