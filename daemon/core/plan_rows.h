#pragma once
/** What the files beside a plan say, as daemon/plans reads them. Values. */
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/exact.h"
#include "daemon/core/instant.h"

namespace changtong::plans {

/** An imported counter at an instant; a series is in order of `at`, no instant twice. */
struct counter_value {
  wall_t at{};
  exact value;
  std::string written;  ///< `at` as the file has it
};
struct survey_answer {
  std::string day;  ///< 2026-03-14
  std::string channel, question, answer;
  std::optional<exact> score;  ///< where `answer` is a number
};
/** updates.csv: a section had new content; planned.csv: a line is due. */
struct dated_id {
  std::string id, day;
};

/** A row of an acceptance list 验收清单. */
struct accepted_row {
  std::string name;
  std::string day;  ///< empty: not yet
  std::string result;
};

/** A file that a plan names, as it was read. */
struct named_file {
  std::string name;    ///< as the plan writes it
  std::string sha256;  ///< of its bytes, hex
};

}  // namespace changtong::plans
