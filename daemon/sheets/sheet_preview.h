#pragma once
/** An office's own sheet, whatever file it is, against the inventory. */
#include <string>

#include "daemon/sheets/preview.h"
#include "daemon/sheets/rules.h"

namespace changtong::sheets {

struct sheet_wish {
  std::string tab{};            ///< which sheet of the workbook; empty: the one that has headings
  std::string close_missing{};  ///< a day: lines that the sheet does not have are closed on it
};

/** A file that is no sheet is a problem of the preview, as any of its rows. Pure. */
[[nodiscard]] preview preview_of_sheet(std::string bytes, const sheet_wish& wish, table_file inventory,
                                       const rules& known, const word_list& words);

}  // namespace changtong::sheets
