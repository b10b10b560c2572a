#pragma once
/** A document as an XLSX workbook: the one door to libxlsxwriter. Numbers are numbers, durations [h]:mm:ss, one sheet
 * of the document one sheet of the book; headings frozen, A4 landscape, one page wide. Memory does not grow with the
 * rows: they go through temporary files beside `path`. */
#include <string>

#include "daemon/core/result.h"
#include "daemon/report/document.h"

namespace changtong::report {

/** Writes `path` whole or not at all: a file beside it is renamed at the end. */
[[nodiscard]] result<void> write_workbook(const document& d, const std::string& path);

/** Names of the tabs: at most 31 characters, without []:*?/\ and apostrophes at the ends, no two alike. */
[[nodiscard]] std::vector<std::string> tab_names(const document& d);

}  // namespace changtong::report
