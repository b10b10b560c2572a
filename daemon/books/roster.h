#pragma once
/** Who is on duty at an instant, and who is next: from duty records, which are entered for days to come as well, else
 * from people who take turns, a day each. Pure. */
#include <span>
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/record.h"

namespace changtong::books {

struct duty_turns {
  civil_zone zone;
  int handover = 0;                ///< minute of the civil day at which its duty begins, until the same of the next one
  std::vector<std::string> staff;  ///< who takes turns where no record names anybody; may be empty
};

struct duty_roster {
  std::vector<std::string> now;   ///< each once, in the order entered; empty: nobody is known
  std::vector<std::string> next;  ///< of the first day after it that has somebody else, at most 14 days on
};

/** Records entered by `at` count, whatever their order; the monitor's own daily checks name nobody. A turn goes by the
 * number of the day, so that it is the same after every start. */
[[nodiscard]] duty_roster roster_at(std::span<const duty_record> records, const duty_turns& turns, wall_t at);
/** The civil day, as 2026-03-14, whose duty it is at `at`: before the hour of handover that of yesterday. */
[[nodiscard]] std::string duty_day(const civil_zone& zone, int handover, wall_t at);

}  // namespace changtong::books
