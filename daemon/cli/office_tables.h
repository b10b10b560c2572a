#pragma once
/** Tables of a file as an office sends it. A problem names the file. */
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/reading/office_file.h"

namespace changtong {

/** Of an XLSX or DOCX. */
[[nodiscard]] result<std::vector<reading::office_table>> read_tables(const std::string& path);
/** Likewise, or the one table of a CSV in any encoding, under the file's name. */
[[nodiscard]] result<std::vector<reading::office_table>> read_tables_or_csv(const std::string& path);

}  // namespace changtong
