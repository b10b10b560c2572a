#pragma once
/** The ticket 报障单 as a page to mail and as a table for a spreadsheet. Pure. */
#include <string>
#include <string_view>

#include "daemon/books/due_tickets.h"

namespace changtong::report {

/** HTML that needs nothing else to be read. */
[[nodiscard]] std::string ticket_page(const books::due_ticket& t, std::string_view office, const civil_zone& zone);
/** With a byte order mark and Chinese headings; no cell is a formula. */
[[nodiscard]] std::string ticket_csv(const books::due_ticket& t, const civil_zone& zone);

}  // namespace changtong::report
