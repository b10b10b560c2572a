#pragma once
/** Files that are part of the program: the build takes them from this folder, byte for byte. */
#include <string_view>

namespace changtong::report {

/** The document whose page, footer and styles every DOCX takes: reference/ as a ZIP. */
[[nodiscard]] std::string_view reference_docx();

// What HTML looks like: books and reports in tables, evidence of an indicator, and the written report, which has the
// page and the fonts of official documents (GB/T 9704: A4, margins 37, 26, 35, 28 mm, 仿宋 of 16 points), a free font
// behind each.
[[nodiscard]] std::string_view document_css();
[[nodiscard]] std::string_view evidence_css();
[[nodiscard]] std::string_view ticket_css();
[[nodiscard]] std::string_view written_report_css();

}  // namespace changtong::report
