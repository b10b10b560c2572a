#pragma once
/** Rows as a person changes them one by one in a form: the table (lines.csv, or the file of sites) as it would be, held
 * to the rules of `check`. Pure. */
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/sheets/rules.h"
#include "daemon/sheets/table_file.h"

namespace changtong::sheets {

/** One row; what is not stated stays as it is, what is stated as empty becomes so. The id names the row and stays. */
struct row_edit {
  bool fresh = false;                          ///< a row that is not there yet; else one that is
  std::map<std::size_t, std::string> cells{};  ///< place of a column -> what it says
};

struct edited_cell {
  std::string id;
  std::size_t what = 0;  ///< which column
  std::string from, to;  ///< as the file writes them
};

struct closed_row {
  std::string id, day;
};

struct cell_problem {
  std::string id;  ///< empty: no row's
  std::optional<std::size_t> field;
  phrase text;
};

struct edit_preview {
  std::vector<row_cells> added;
  std::vector<edited_cell> changed;  ///< of what a row had
  std::vector<closed_row> closed;    ///< a first day of closing
  std::vector<cell_problem> problems;
  std::vector<cell_problem> warnings;  ///< about the rows that are changed: they may be written all the same
  std::string text;                    ///< of the file as it would be, with what has a problem

  [[nodiscard]] bool nothing() const { return added.empty() && changed.empty() && closed.empty(); }
};

/** `check`: what load() says against such a text, as rules::check. Who is closed before `now` is warned about: what was
 * recorded since then is in no figure any more (rule 8). */
[[nodiscard]] edit_preview edited(table_file table, const std::vector<row_edit>& edits,
                                  const std::function<verdict(const std::string& text)>& check, wall_t now = wall_min);

/** What somebody did to a table. */
struct row_difference {
  enum class kind : std::uint8_t { added, removed, changed };
  std::string id;
  kind what{};
  std::optional<std::size_t> field{};  ///< of a row that was changed
  std::string from{}, to{};            ///< empty where the column is kept back
};
/** In the order of the new one, what is gone last; at most `most`. Rows without an id are passed over. */
[[nodiscard]] std::vector<row_difference> differences(const table_file& was, const table_file& now, std::size_t most);

}  // namespace changtong::sheets
