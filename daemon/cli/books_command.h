#pragma once
/** The subcommands that run and end, as functions: arguments in, text on stdout, exit code out (design.md 6: 0 ok, 1
 * the answer is no, 2 wrong usage, 3 could not run). */
#include <optional>
#include <string>

namespace changtong {

struct books_options {
  std::string ledger, from, to, by = "line", format = "table", line;
  std::string as_known_at;                  ///< empty: as known now
  bool reopened = false;                    ///< as if nothing had been closed
  std::string formula = "R1", step = "5m";  ///< of groups; step: between the instants of R3
  std::string out;                          ///< of --format xlsx; empty = stdout
};

int check_command(const std::string& config, const std::optional<std::string>& against);
int probe_command(const std::string& config, const std::string& target);
int availability_command(const books_options& o);
int outages_command(const books_options& o);
int ledger_rebuild_command(const std::string& ledger);

}  // namespace changtong
