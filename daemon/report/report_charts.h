#pragma once
/** Where people would rather look than read: availability by month and category, the calendar of outages, budget
 * execution. Each as inline SVG for a page, and as a table of numbers or coloured marks for DOCX, whose colours are the
 * character styles of reference/word/styles.xml. Pure; text is escaped. Geometry is floating point, figures are not.
 *
 * Empty input gives an empty string: no chart without what it would show. */
#include <string>
#include <vector>

#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

/** The axis does not begin at 0 and says so; a pale bar reaches from the availability if all unknown time was down to
 * that if all was up. */
[[nodiscard]] std::string months_chart(const std::vector<evaluate::month_mark>& months);
/** Percentages truncated; with unknown time and no outage the lower bound, marked ≥; † where more than 1 % of the time
 * is unknown. */
[[nodiscard]] std::string months_table(const std::vector<evaluate::month_mark>& months);

/** One cell a day. */
[[nodiscard]] std::string days_chart(const std::vector<evaluate::day_mark>& days);
[[nodiscard]] std::string days_table(const std::vector<evaluate::day_mark>& days);

[[nodiscard]] std::string execution_chart(const evaluate::execution_result& x);
[[nodiscard]] std::string execution_bars(const evaluate::execution_result& x);

/** Text for HTML and XML: valid characters only, escaped. */
[[nodiscard]] std::string safe_text(std::string_view text);

}  // namespace changtong::report
