#pragma once
/** Bodies of POST requests: JSON text <-> commands. Pure; any bytes are safe. Unknown keys are refused, for a
 * misspelt one would quietly be left out. A body is one entry, or {"entries":[…]} with up to most_commands of them,
 * all or nothing. Whether an entry agrees with the books is not asked here. */
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/result.h"

namespace changtong::api {

/** The commands of a body, all of the same kind as `kind`. Keys are those of core/command.h; a request of a
 * window may say "id", and "target" for one of "targets"; a period is closed alone. */
[[nodiscard]] result<std::vector<command>> read_commands(const command& kind, std::string_view body,
                                                         const civil_zone& zone);
/** {"step":"approve"|"revise"|"cancel","targets"?,"below"?,"from"?,"to"?,"text"?} of the window `id`. */
[[nodiscard]] result<std::vector<command>> read_window_step(std::string_view body, std::string_view id,
                                                            const civil_zone& zone);
/** One entry of a body, which read_commands or, for a step, read_window_step takes for the same command. */
[[nodiscard]] std::string json_of(const command& what, const civil_zone& zone);

}  // namespace changtong::api
