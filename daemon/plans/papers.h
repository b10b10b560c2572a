#pragma once
/** The files that a plan names: read, hashed and decoded. What is not there or cannot be read is said in words and is
 * missing evidence, not a reason to stop. */
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/declaration.h"
#include "daemon/core/plan_rows.h"
#include "daemon/core/plan_tree.h"
#include "daemon/plans/access_counts.h"

namespace changtong::plans {

/** The files of one indicator, read and decoded. `missing`: those that are not there or cannot be read, in words. */
struct papers {
  std::vector<named_file> files;
  std::vector<std::string> missing;
  std::vector<counter_value> counter{};
  std::optional<access_counts> accesses{};
  std::vector<survey_answer> answers{};
  std::vector<dated_id> days{};  ///< updates, planned openings
  std::vector<accepted_row> accepted{};
  // What people entered into the ledger instead of a file.
  std::vector<std::string> notes{};  ///< who entered each reading, when, from where
  std::optional<indicator_verdict> entered{};
};

/** By indicator id. `so_far`: the part of the plan's year whose log lines count. Access logs are streamed, also
 * gzip-compressed ones; a CSV is at most 64 MB. */
[[nodiscard]] std::map<std::string, papers> read_papers(const plan& what, const civil_zone& zone, period so_far);

}  // namespace changtong::plans
