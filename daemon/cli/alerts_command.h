#pragma once
/** `changtong ack`, `ticket` and `alerts`: who takes care of an outage, what its carrier was told and answered, and the
 * alerts that were sent. Exit codes as in ending.h: 1 where an entry is refused. */
#include <string>
#include <vector>

#include "daemon/cli/entry_commands.h"
#include "daemon/core/civil.h"
#include "daemon/core/result.h"

namespace changtong {

/** `what`: the id of an alert (A20260314-0007), of a line or site (its open outage), or of an outage as `outages`
 * prints it (LINE@INSTANT). */
[[nodiscard]] result<acknowledgement_command> acknowledgement_of(const std::string& what, const civil_zone& zone);
int ack_command(const entry_place& place, const std::string& what, const std::string& note);

struct ticket_options {
  entry_place place;
  ticket_command what;
  std::string began;  ///< as written; empty: none
};
int ticket_step_command(const ticket_options& o);

}  // namespace changtong
