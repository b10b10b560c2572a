#pragma once
/** `changtong evaluate`: a plan, a ledger and the files beside the plan become evaluation.json, one evidence file an
 * indicator, and the forms. */
#include <string>
#include <vector>

#include "daemon/cli/centre_place.h"

namespace changtong {

struct evaluate_options {
  std::string plan;
  std::string ledger;                  ///< empty: a plan of stated figures and documents only
  centre_place centre;                 ///< or the books of a centre
  std::string out;                     ///< folder; made if it is not there
  std::string as_of;                   ///< 2026-06-30: 绩效运行监控
  std::string before;                  ///< last year's evaluation.json
  std::vector<std::string> overrides;  ///< N:NAME:REASON, N as the list of what blocks numbers it
  bool final = false;                  ///< refuse, and write nothing, while anything blocks
};

/** Returns the exit code (ending.h): 1 for a plan with problems and for --final while something blocks. */
int evaluate_command(const evaluate_options& o);

}  // namespace changtong
