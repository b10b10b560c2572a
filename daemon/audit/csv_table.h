#pragma once
/** CSV (RFC 4180) read back. Pure; any input is safe. */
#include <string>
#include <string_view>
#include <vector>

namespace changtong::audit {

struct csv_table {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;  ///< each as long as `headings`: cut or filled up
};

/** Never fails: text that is no CSV gives a table that differs from the one it is compared with. Its cells are no
 * formulas (report/columns.h), whether the text has them so or not. */
[[nodiscard]] csv_table read_csv(std::string_view text);
/** CSV as versions before 0.5.0 wrote it: what would be a formula stands in it as it was entered. */
[[nodiscard]] std::string with_formulas(std::string_view csv);

}  // namespace changtong::audit
