#pragma once
/** What whoever enters duty records should know of the days to come: nobody there, or several. */
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/ledger/reader.h"

namespace changtong::entries {

/** Adds notices where `to` holds duty records: of the next 14 days those between two rostered ones that nobody has, and
 * of the days that were entered those that several have. Throws std::runtime_error where the ledger cannot be read. */
void note_roster(const ledger::reader& books, const civil_zone& zone, wall_t now, entered& to);

}  // namespace changtong::entries
