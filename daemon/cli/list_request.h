#pragma once
/** A list of the command line, of a ledger or of a running daemon: both give the same text (daemon/lists). */
#include <string>
#include <string_view>

#include "daemon/cli/api_answers.h"
#include "daemon/cli/api_client.h"
#include "daemon/cli/grammar.h"
#include "daemon/lists/lists.h"

namespace changtong {

struct list_options {
  std::string ledger;  ///< or
  api_place api;
  std::string from, to, line, of, format = "table";
  bool open = false;  ///< only what is not over
};

/** --ledger, or --api with --token-file and --ca. */
void list_place_options(grammar sub, list_options& o);
/** What no running daemon answers, and where to ask. */
[[nodiscard]] problem needs_ledger(std::string_view option);
/** --ledger and --api exclude each other, and one of them is needed. */
[[nodiscard]] problem one_of_both();
/** Of the daemon alone; what does not hold of it with it. */
[[nodiscard]] result<told_list> list_of_daemon(const lists::kind& which, const list_options& o);
/** Prints it; the exit code, 1 where something of it does not hold. Says on stderr what does not, where a list without
 * headings is empty, and that whom --line means is closed. */
int list_command(const lists::kind& which, const list_options& o);

}  // namespace changtong
