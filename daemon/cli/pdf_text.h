#pragma once
/** The text of a PDF by pdftotext (package poppler-utils), started without a shell and bounded in time and output. */
#include <string>

#include "daemon/core/result.h"

namespace changtong {

/** Lines as they stand on the page. Problems: pdftotext is not installed (names the package), or refused the file. */
[[nodiscard]] result<std::string> pdf_text(const std::string& path);

}  // namespace changtong
