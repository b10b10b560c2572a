#pragma once
/** `changtong report`, and what other commands need to hand out a document as a file. */
#include <string>

#include "daemon/core/result.h"
#include "daemon/report/document.h"

namespace changtong {

struct report_options {
  std::string ledger, period;
  std::string out = ".";             ///< a folder, or a file that ends in .xlsx or .html
  std::string format = "xlsx,html";  ///< not asked where `out` is a file
  std::string as_known_at;           ///< empty: as known now
  bool reopened = false;             ///< as if nothing had been closed
  std::string step = "5m";           ///< between the instants of R3
};

/** Writes the reports and prints their paths. Exit codes as all commands. */
int report_command(const report_options& o);

/** `d` as XLSX into `out`, or on stdout where it is empty; a terminal is refused. Returns the exit code. */
int hand_out_workbook(const report::document& d, const std::string& out);

/** `30s`, `5m`, `1h`: between 1 s and a day. */
[[nodiscard]] result<milliseconds> sampling_step(std::string_view text);

}  // namespace changtong
