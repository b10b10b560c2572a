#pragma once
/** The cells of an XLSX file, read back. The one door to pugixml here. Pure; any input is safe. */
#include <cstdint>
#include <map>
#include <string>

#include "daemon/audit/zip_file.h"
#include "daemon/core/result.h"

namespace changtong::audit {

/** "sheet1!B3" -> the cell as the file has it: text, or a number's digits. A formula stands as "=" and its text. Sheets
 * go by the names of their parts; their titles are cells of "workbook". `most`: bytes of a part. */
[[nodiscard]] result<std::map<std::string, std::string>> read_cells(const zip_reader& workbook, std::uint64_t most);

}  // namespace changtong::audit
