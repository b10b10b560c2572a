#pragma once
/** Tables as an XLSX file. The one door to libxlsxwriter. Knows no figure: cells come as text, and a column may say
 * that its cells are numbers. Equal input gives equal bytes. Any thread. */
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong::report {

struct sheet_column {
  std::string heading;
  bool number = false;  ///< what is not empty in it is written as a number
};

struct sheet {
  std::string name;  ///< at most 31 characters, none of []:*?/\ in it
  std::vector<sheet_column> columns;
  std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`
};

/** Writes a new file at `path`; a sheet with more rows than XLSX can hold goes on in "name (2)". `created` is the
 * document's date. Problems: the disk, with libxlsxwriter's words. */
[[nodiscard]] result<void> write_workbook(const std::string& path, const std::vector<sheet>& sheets, wall_t created);

}  // namespace changtong::report
