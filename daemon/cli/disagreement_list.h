#pragma once
/** Where observers disagree, as text: table, JSON and CSV. JSON and CSV have target, from, to, disagreed_s, up, down
 * (who says so), up_paths (each side's usual path) and down_causes, down_paths (what each saw when its outage began).
 */
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/observers/trails.h"
#include "daemon/report/book_text.h"

namespace changtong {

[[nodiscard]] std::string write_disagreements(const std::vector<observers::told_disagreement>& all, report::format f,
                                              const civil_zone& zone);

}  // namespace changtong
