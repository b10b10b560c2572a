#pragma once
/** `changtong replay`: recorded samples under virtual time into a new ledger (daemon/replay/replay.h). */
#include <string>

namespace changtong {

struct replay_options {
  std::string config, trace, ledger;
};

/** 0; 1 the configuration or the trace is wrong (FILE:LINE: what and what to do); 2 the ledger is there already; 3
 * could not run, or was interrupted. But for 0 nothing is left behind. */
int replay_command(const replay_options& o);

}  // namespace changtong
