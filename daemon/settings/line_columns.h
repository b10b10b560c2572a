#pragma once
/** The columns of lines.csv by their names. */
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/settings/table_columns.h"

namespace changtong::reading {

struct line_columns {
  enum column {
    id,
    name,
    category,
    unit,
    town,
    carrier,
    circuit,
    bandwidth,
    address,
    parent,
    accepted,
    closed,
    grade,
    checks,
    witness,
    columns
  };
  using heading = table_columns::heading;
  static const std::array<heading, columns>& headings();
  /** Which of them is called so, in either language; ASCII capitals are the same. */
  static std::optional<column> named(std::string_view word);
  /** Names that spreadsheets use for a built-in category besides its own, and its id. */
  static const std::array<std::pair<std::string_view, std::string_view>, 9>& other_category_names();
};

}  // namespace changtong::reading
