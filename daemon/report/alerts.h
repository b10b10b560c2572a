#pragma once
/** Alerts 告警 and tickets 报障单 as text. Formats as in books.h. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/books/alert_stories.h"
#include "daemon/books/tickets.h"
#include "daemon/core/civil.h"
#include "daemon/report/book_text.h"

namespace changtong::report {

[[nodiscard]] std::string_view chinese(alert_subject s);  ///< 线路, 网站, 上级, 运营商, …
[[nodiscard]] std::string_view chinese(ticket_step s);    ///< 报障, 送达, 答复, 办结

/** JSON and CSV fields: id, subject, name, began, opened, resolved, open, targets, down (those that are not well
 * again), told ([{at, of, person, channel, taken, answer}]; CSV: channels that took it), escalated ([{at, person}]),
 * acknowledged ([{at, author, line, text, via}]; CSV: authors), tickets, remarks (as acknowledged, of whoever said
 * something when it was over; CSV: what was said, with its author). */
[[nodiscard]] std::string write_alerts(const std::vector<books::alert_story>& rows, format f, const civil_zone& zone);

/** JSON and CSV fields: number, carrier, alert, targets, began, reported, reported_by, deadline, late (reported after
 * it; null without one), sent, answer, theirs, cause, cause_text, reply, closed, open; JSON also `steps`: [{at, step,
 * author, theirs, cause, text, answer, via}]. */
[[nodiscard]] std::string write_tickets(const std::vector<books::ticket>& rows, format f, const civil_zone& zone);

}  // namespace changtong::report
