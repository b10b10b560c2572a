#include "daemon/sheets/sheet_preview.h"

#include "daemon/core/phrase.h"

namespace changtong::sheets {

preview preview_of_sheet(std::string bytes, const sheet_wish& wish, table_file inventory, const rules& known,
                         const word_list& words) {
  const auto grids = read_grids(std::move(bytes), [&words](const grid_row& row) { return headings_in(row, words); });
  if (!grids) {
    preview none;
    none.problems.push_back({static_cast<std::size_t>(grids.error().line), {}, words_of(grids.error())});
    return none;
  }
  const sheet read = read_sheet(*grids, wish.tab, words, known.categories);
  return compare(
      read, std::move(inventory),
      {.categories = known.categories, .words = words, .close_missing = wish.close_missing, .check = known.check});
}

}  // namespace changtong::sheets
