#pragma once
/** The files of an evaluation for people: form.xlsx, report.html, report.docx. */
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

/** What write_evaluation_files writes. */
inline constexpr std::array<std::string_view, 3> evaluation_file_names{"form.xlsx", "report.html", "report.docx"};

struct report_files {
  std::vector<std::string> written;  ///< names inside the folder
  std::vector<problem> problems;     ///< one for each file that is not there
};

/** Writes all three into `folder`, which exists; each whole or not at all, and none fails because another did. Blocks
 * as long as pandoc does. */
[[nodiscard]] report_files write_evaluation_files(const evaluate::evaluation& e, const std::string& folder);

}  // namespace changtong::report
