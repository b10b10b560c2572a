#pragma once
/** `changtong window`, `annotate`, `duty`, `counter` and `verdict`: what people enter from the command line.
 * Entries go either into the ledger itself (no daemon may be running on it) or to the running daemon's API. Exit
 * codes as in ending.h: 1 where the entry is refused. */
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/cli/api_client.h"
#include "daemon/core/command.h"

namespace changtong {

/** Where entries go: `ledger` with `by`, or `api` with its token. */
struct entry_place {
  std::string ledger, by;
  api_place api;
  std::string zone = "Asia/Shanghai";  ///< of times sent to an API; a ledger has its own
};

inline constexpr std::uint32_t usual_times = 12;

struct window_options {
  entry_place place;
  window_command::act act = window_command::act::request;
  std::vector<std::string> ids;  ///< of approve and cancel: several; else at most one
  std::vector<std::string> targets;
  std::string from, to, text;
  std::string every;        ///< day, week, month: a request that comes again
  std::uint32_t times = 0;  ///< and how often in all; 0: not said, then `usual_times`
  bool below = false, dry_run = false;
};
int window_command_line(const window_options& o);

/** An entry that is one command, as the command line has it. */
template <class Command>
struct entry_options {
  entry_place place;
  Command what;
  std::string about{};  ///< its instant, as written; empty: none
};
/** `option`: which one `about` came from. */
int enter_command(const entry_place& place, command what, const std::string& about = {}, const char* option = "");

/** `document`: path of a file, which is hashed here and stays where it is. */
struct verdict_options {
  entry_place place;
  std::string plan, indicator, verdict, points, document, text;
};
int verdict_add_command(const verdict_options& o);

enum class entry_file : std::uint8_t { windows, duty, counters };
struct import_options {
  entry_place place;
  std::string file;
  entry_file holds = entry_file::duty;
  bool dry_run = false;  ///< shows what would be entered and enters nothing
};
int import_command(const import_options& o);

}  // namespace changtong
