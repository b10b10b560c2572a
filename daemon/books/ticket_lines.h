#pragma once
/** What a ticket says of a line, for one that is to be made and for one that stands in the ledger. */
#include <vector>

#include "daemon/books/due_tickets.h"
#include "daemon/books/outage_notes.h"
#include "daemon/books/policy.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** The contract that covers the line at that instant; nullptr: none does. */
[[nodiscard]] const contract* terms_for(const std::vector<dated_policy>& policies, const ledger::known_target& line,
                                        wall_t at);
/** As the line is called; of no outage yet. */
[[nodiscard]] reported_line named_line(const ledger::known_target& t);
/** What of its outage stands on the ticket. */
void add_outage(reported_line& line, const availability::outage& o, const outage_note& note);

}  // namespace changtong::books
