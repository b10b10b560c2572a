#pragma once
/** A written report from a file of any kind that offices send. */
#include <string>

#include "daemon/core/result.h"

namespace changtong {

struct report_file {
  std::string bytes;         ///< as the file has them
  std::string text;          ///< UTF-8 with LF, of a document a line each paragraph and row
  bool is_document = false;  ///< DOCX
};

/** DOCX, XLSX or PDF (16 MiB), or text in UTF-8 or GB18030 (1 MiB). A problem names the file and says what to do. */
[[nodiscard]] result<report_file> read_report_file(const std::string& path);

}  // namespace changtong
