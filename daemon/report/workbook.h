#pragma once
/** A document as an XLSX workbook: the one door to libxlsxwriter. Numbers are numbers, durations [h]:mm:ss, one sheet
 * of the document one sheet of the book; headings frozen and filtered where a sheet has one table, a chart over the
 * bars, A4 landscape, one page wide. Memory does not grow with the rows: they go through temporary files beside `path`.
 */
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/report/document.h"
#include "daemon/report/grid.h"

namespace changtong::report {

/** Writes `path` whole or not at all: a file beside it is renamed at the end. */
[[nodiscard]] result<void> write_workbook(const document& d, const std::string& path);

/** A form: merges, formulas with their values, A4 fit to one page wide. Rows are kept in memory: for some hundreds. */
[[nodiscard]] result<void> write_workbook(const std::string& title, const std::vector<grid>& sheets,
                                          const std::string& path);

}  // namespace changtong::report
