#pragma once
/** What importing a sheet would do to the inventory: added, changed and closed lines, what was guessed, what is a
 * problem, and lines.csv as it would be. Pure. */
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/sheets/rules.h"
#include "daemon/sheets/sheet.h"
#include "daemon/sheets/table_file.h"

namespace changtong::sheets {

using line_cells = std::array<std::string, line_columns::columns>;

struct added_line {
  std::size_t row = 0;
  std::string heading;  ///< of the ids
  line_cells cells;
  std::string category;  ///< by its Chinese name
};

/** One cell; a line may have several. */
struct changed_cell {
  std::size_t row = 0;
  std::string heading;
  std::string id;
  line_columns::column what{};
  std::string from, to;
};

struct closed_line {
  std::size_t row = 0;  ///< 0: it is closed because the sheet does not have it
  std::string heading;
  std::string id;
  std::string day;
};

struct preview {
  std::string title;  ///< of the tab
  std::vector<added_line> added;
  std::vector<changed_cell> changed;
  std::vector<closed_line> closed;
  std::vector<remark> guessed, problems;  ///< by row
  std::vector<std::string> missing;       ///< ids of open lines that the sheet does not have: they stay as they are
  std::size_t unchanged = 0;              ///< lines of the sheet that are in the inventory as they stand
  std::map<std::string, std::string> to_confirm;  ///< word -> category id
  std::string lines_csv;                          ///< as it would be; without rows that have a problem
  std::string aside;  ///< CSV: the id and the columns that were not read; empty without such columns
};

struct import_wish {
  const std::vector<category>& categories;
  const word_list& words;
  std::string close_missing{};  ///< a day: lines that the sheet does not have are closed on it
  /** What load() says against an inventory: its own problems, each with its line and column. */
  std::function<verdict(const std::string& lines_csv)> check{};
};

[[nodiscard]] preview compare(const sheet& from, table_file inventory, const import_wish& wish);

/** 第4行 开通日期：… and row 4, 开通日期: …; a remark on the whole has neither. */
[[nodiscard]] phrase placed(const remark& r);
[[nodiscard]] std::string_view kind_word(remark::kind k);
/** A JSON object: added, changed, closed, guessed, problems, missing (README.md). */
[[nodiscard]] std::string to_json(const preview& p);

}  // namespace changtong::sheets
