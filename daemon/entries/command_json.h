#pragma once
/** Bodies of POST requests: JSON text -> commands. Pure; any bytes are safe. Unknown keys are refused, for a
 * misspelt one would quietly be left out. A body is one entry, or {"entries":[…]} with up to most_commands of them,
 * all or nothing. Whether an entry agrees with the books is not asked here. */
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/result.h"

namespace changtong::api {

/** {"id"?,"targets":[…] or "target","below"?,"from","to","text"?} */
[[nodiscard]] result<std::vector<command>> read_window_requests(std::string_view body, const civil_zone& zone);
/** {"step":"approve"|"revise"|"cancel","targets"?,"below"?,"from"?,"to"?,"text"?} of the window `id`. */
[[nodiscard]] result<std::vector<command>> read_window_step(std::string_view body, std::string_view id,
                                                            const civil_zone& zone);
/** {"target","about"?,"text"} */
[[nodiscard]] result<std::vector<command>> read_annotations(std::string_view body, const civil_zone& zone);
/** {"day"?,"person"?,"text"?} */
[[nodiscard]] result<std::vector<command>> read_duties(std::string_view body, const civil_zone& zone);
/** {"period","reason"?} */
[[nodiscard]] result<std::vector<command>> read_closings(std::string_view body, const civil_zone& zone);
/** {"counter","value","about"?,"unit"?,"source"?} */
[[nodiscard]] result<std::vector<command>> read_counters(std::string_view body, const civil_zone& zone);
/** {"plan","indicator","verdict","points"?,"text"?,"document"?,"sha256"?} */
[[nodiscard]] result<std::vector<command>> read_verdicts(std::string_view body, const civil_zone& zone);

}  // namespace changtong::api
