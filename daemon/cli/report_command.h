#pragma once
/** What other commands need to hand out a document as a file. */
#include <string>

#include "daemon/report/document.h"

namespace changtong {

/** `d` as XLSX into `out`, or on stdout where it is empty; a terminal is refused. Returns the exit code. */
int hand_out_workbook(const report::document& d, const std::string& out);

}  // namespace changtong
