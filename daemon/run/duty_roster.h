#pragma once
/** The roster of alerts, read from the ledger as it grows: who is on duty, who is next. */
#include <string>

#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/publish/alerts/delivery.h"

namespace changtong {

/** Records are read anew where the last reading is more than half a minute ago, whatever instant is asked for; while
 * the ledger cannot be read the last ones hold, then `staff` takes turns. For one thread. */
[[nodiscard]] alerts::roster duty_roster_of(std::string ledger, const alert_settings& s, civil_zone zone);

}  // namespace changtong
