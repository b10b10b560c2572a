#pragma once
/** `changtong ledger close` and `ledger closings`: arguments in, text on stdout, exit code out (commands.h). */
#include <string>

#include "daemon/cli/entry_commands.h"

namespace changtong {

struct closing_options {
  entry_place place;
  std::string period, reason, format = "table";
  bool dry_run = false;
};

int ledger_close_command(const closing_options& o);
int ledger_closings_command(const closing_options& o);

}  // namespace changtong
