#pragma once
/** `changtong consistency`: reads a written report and prints its contradictions. */
#include <string>

namespace changtong {

struct consistency_options {
  std::string report{};                ///< DOCX, XLSX or PDF (16 MiB), or text in UTF-8 or GB18030 (1 MiB)
  std::string format = "text";         ///< text or json
  std::string plan{};                  ///< of an evaluation, to compare with; empty: none
  std::string last_year{};             ///< the report of the year before, of any kind that `report` may be; empty: none
  std::string approval{};              ///< a table (XLSX, DOCX, CSV) of what was approved; empty: none
  std::string ledger{}, from{}, to{};  ///< of measured figures; from and to empty: the year that the report names
  std::string annotate{};              ///< a new file: a copy of the DOCX with the findings as comments; empty: none
};

/** Exit codes as all commands: 0 no contradiction (there may be questions), 1 some, 2 usage, 3 report, plan or ledger
 * cannot be read, or the copy not be written. */
int consistency_command(const consistency_options& o);

}  // namespace changtong
