#pragma once
/** The files of an evaluation for people: form.xlsx, report.html, report.docx. */
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

struct report_files {
  std::vector<std::string> written;  ///< names inside the folder
  std::vector<problem> problems;     ///< one for each file that is not there
};

/** Writes all three into `folder`, which exists; each whole or not at all, and none fails because another did. Blocks
 * as long as pandoc does. */
[[nodiscard]] report_files write_evaluation_files(const evaluate::evaluation& e, const std::string& folder);

}  // namespace changtong::report
