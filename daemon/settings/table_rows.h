#pragma once
/** The rows of lines.csv and of the file of sites: headings in any order and either language, what spreadsheets add,
 * and what is said of a row that is none. Internal to daemon/settings. */
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reading/csv.h"
#include "daemon/reading/place.h"
#include "daemon/settings/table_columns.h"

namespace changtong::reading {

struct row_rules {
  const table_columns& columns;
  std::vector<std::size_t> required;  ///< of the columns
  std::size_t most = 0;               ///< rows
  phrase too_many, no_headings;
};
/** By the columns' places; one that the file does not have is empty, where its row begins. */
using row_cells = std::span<const csv_field>;

/** `text` is UTF-8 and outlives what `each` keeps of its cells' places; their texts last for one call. */
void read_rows(std::string_view text, std::string_view file, const row_rules& rules, findings& found,
               const std::function<void(row_cells cells)>& each);

/** A civil day also as spreadsheets save what stood there as 2024-03-01; anything else stays as it is. */
[[nodiscard]] std::string day_of_cell(std::string_view text);

}  // namespace changtong::reading
