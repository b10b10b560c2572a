#pragma once
/** One cell of an office's sheet as lines.csv has it: what was made of it is said, what nobody can know is a problem.
 * Pure. */
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/target.h"
#include "daemon/settings/line_columns.h"
#include "daemon/sheets/grid.h"
#include "daemon/sheets/words.h"

namespace changtong::sheets {

struct cell_value {
  std::string value{};              ///< canonical; empty: nothing is stated
  std::optional<phrase> guess{};    ///< what was made of it
  std::optional<phrase> problem{};  ///< why nothing could be, and what to do
  std::string to_confirm{};         ///< a word of which `value` is the meaning that the office has not confirmed yet
};

/** What a reading depends on besides the cell. */
struct cell_world {
  const std::vector<category>& categories;
  const word_list& words;
  bool from_1904 = false;
  double bandwidth_factor = 1;
};

[[nodiscard]] cell_value read_cell(reading::line_columns::column which, const grid_cell& cell, const cell_world& world);

/** Of texts that mean the same of a column the same: how lines are compared. What cannot be read stays as it is. */
[[nodiscard]] std::string canonical(reading::line_columns::column which, std::string_view text,
                                    const cell_world& world);

}  // namespace changtong::sheets
