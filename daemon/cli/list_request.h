#pragma once
/** A list of the command line, of a ledger or of a running daemon: both give the same text (daemon/lists). */
#include <string>
#include <string_view>

#include "daemon/cli/grammar.h"
#include "daemon/lists/lists.h"

namespace changtong {

struct list_options {
  std::string ledger;           ///< or
  std::string api, token_file;  ///< the token may be left out where the daemon has no users
  std::string from, to, line, of, format = "table";
  bool open = false;  ///< only what is not over
};

/** --ledger, or --api with --token-file. */
void list_place_options(grammar sub, list_options& o);
/** Prints it; the exit code. Says on stderr where a list without headings is empty, and that whom --line means is
 * closed. */
int list_command(const lists::kind& which, const list_options& o);

}  // namespace changtong
