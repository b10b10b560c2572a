#pragma once
/** Readings of counters and verdicts on indicators as text, in the order in which they were entered, each with whether
 * it counts. Pure; formats as in report/book_text.h. */
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/declaration.h"
#include "daemon/report/book_text.h"

namespace changtong {

/** JSON and CSV fields: counter, about, value, unit, source, counts, author, at, via. */
[[nodiscard]] std::string write_counters(const std::vector<counter_record>& entered, report::format f,
                                         const civil_zone& zone);
/** JSON and CSV fields: plan, indicator, verdict, points, text, document, sha256, counts, author, at, via. */
[[nodiscard]] std::string write_verdicts(const std::vector<indicator_verdict>& entered, report::format f,
                                         const civil_zone& zone);

}  // namespace changtong
