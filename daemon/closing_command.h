#pragma once
/** `changtong ledger close` and `ledger closings`: arguments in, text on stdout, exit code out (commands.h). */
#include <string>

namespace changtong {

struct closing_options {
  std::string ledger, period, by, reason, format = "table";
  bool dry_run = false;
};

int ledger_close_command(const closing_options& o);
int ledger_closings_command(const closing_options& o);

}  // namespace changtong
