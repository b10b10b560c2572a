#pragma once
/** The roster of alerts, read from the ledger as it grows: who is on duty, who is next. */
#include "daemon/publish/alerts/delivery.h"
#include "daemon/run/book_door.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** Records are read anew where the last reading is more than half a minute ago, whatever instant is asked for; while
 * the ledger cannot be read the last ones hold. Where no record names anybody of api.people, `staff` takes turns. For
 * one thread. */
[[nodiscard]] alerts::roster duty_roster_of(book_door books, const settings& s);

}  // namespace changtong
