#pragma once
/** What an outage does to this month's figure, for the message that says that it is over. */
#include <optional>
#include <span>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** Both as percentages without the sign, truncated to four digits. */
struct month_effect {
  std::string availability;  ///< R1 of the civil month of `now` up to it, over the targets (of one line: A)
  std::string lost;          ///< their down time from `began` on, as a part of the month's observed time
};

/** None: nothing of them was observed this month. `targets` are ids; those that nobody knows count for nothing. Throws
 * std::runtime_error with a sentence where the ledger can no longer be read. */
[[nodiscard]] std::optional<month_effect> effect_on_month(const ledger::reader& from,
                                                          std::span<const std::string> targets, wall_t began,
                                                          wall_t now);

}  // namespace changtong::books
