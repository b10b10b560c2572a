#pragma once
/** People's entries as text: maintenance windows, and the days of operation. Formats as in books.h. */
#include <string>
#include <vector>

#include "daemon/availability/operation_days.h"
#include "daemon/core/civil.h"
#include "daemon/core/window.h"
#include "daemon/report/book_text.h"

namespace changtong::report {

/** JSON and CSV fields: id, state, from, to, targets, requested_by, requested_at, revised_by, approved_by,
 * cancelled_by, late, late_request, excluded_from, excluded_to, excluded_targets, overrun_s, overrun_targets, text,
 * requested_via, approved_via, flags (already_down, late_notice), short_notice, revisers (everybody who revised it),
 * revised_via. */
[[nodiscard]] std::string write_windows(const std::vector<listed_window>& rows, format f, const civil_zone& zone);

/** Fields: day, person, source, author, at, text, via, late. */
[[nodiscard]] std::string write_duty_records(const std::vector<duty_record>& records, format f, const civil_zone& zone);

/** Fields: day, coverage, persons, counts, why, late (all its records were entered late). The table ends with the
 * total, such as 364/365; JSON is
 * {"days_of_operation","days","rows"}. */
[[nodiscard]] std::string write_duty(const std::vector<availability::operation_day>& days, format f);

}  // namespace changtong::report
