#pragma once
/** Lines as a person changes them one by one in a form: lines.csv as it would be, held to the rules of `check`. Pure.
 */
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/sheets/lines_file.h"
#include "daemon/sheets/preview.h"

namespace changtong::sheets {

/** One line; what is not stated stays as it is, what is stated as empty becomes so. The id names the line and stays. */
struct line_edit {
  bool fresh = false;  ///< a line that is not there yet; else one that is
  std::array<std::optional<std::string>, line_columns::columns> cells{};
};

struct cell_problem {
  std::string id;  ///< empty: no line's
  std::optional<line_columns::column> field;
  phrase text;
};

struct edit_preview {
  std::vector<line_cells> added;
  std::vector<changed_cell> changed;  ///< of what a line had, written as in lines.csv; without row and heading
  std::vector<closed_line> closed;    ///< likewise
  std::vector<cell_problem> problems;
  std::string lines_csv;  ///< as it would be, with what has a problem

  [[nodiscard]] bool nothing() const { return added.empty() && changed.empty() && closed.empty(); }
};

/** `check`: what load() says against an inventory, as import_wish::check. */
[[nodiscard]] edit_preview edited(lines_file inventory, const std::vector<line_edit>& edits,
                                  const std::function<std::vector<problem>(const std::string& lines_csv)>& check);

/** What somebody did to an inventory. */
struct line_difference {
  enum class kind : std::uint8_t { added, removed, changed };
  std::string id;
  kind what{};
  std::optional<line_columns::column> field{};  ///< of a line that was changed
  std::string from{}, to{};
};
/** In the order of the new one, what is gone last; at most `most`. Rows without an id are passed over. */
[[nodiscard]] std::vector<line_difference> differences(const lines_file& was, const lines_file& now, std::size_t most);

}  // namespace changtong::sheets
