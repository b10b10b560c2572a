#pragma once
/** The written report of an evaluation: the plan's chapters in the order and style of the office's own reports (公文),
 * with what is generated in its place: summary, budget, indicators, charts, problems; what finds no chapter stands in
 * the annex. The same content as one HTML page that needs nothing else and, through pandoc, as DOCX. */
#include <chrono>
#include <string>

#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

/** Well-formed as XML; A4 with the margins of official documents when printed; no script, nothing from elsewhere. */
[[nodiscard]] std::string report_page(const evaluate::evaluation& e);

/** What pandoc is given: charts as tables, looks by the names of reference/word/styles.xml. */
[[nodiscard]] std::string report_for_docx(const evaluate::evaluation& e);

/** Both write `path` whole or not at all. write_report_docx() runs pandoc as a child process for at most `patience`; if
 * it is not installed the problem names the package. Other files do not depend on it. */
[[nodiscard]] result<void> write_report_html(const evaluate::evaluation& e, const std::string& path);
[[nodiscard]] result<void> write_report_docx(const evaluate::evaluation& e, const std::string& path,
                                             std::chrono::milliseconds patience = std::chrono::seconds{30});

}  // namespace changtong::report
