#pragma once
/** `changtong availability` and `changtong outages`: the books of a period. */
#include <string>

#include "daemon/cli/api_client.h"
#include "daemon/cli/observed_books.h"

namespace changtong {

struct books_options {
  observers_asked books;
  api_place api;  ///< or a running daemon, which answers for its own ledger as it is known now
  std::string from, to, by = "line", format = "table", line;
  std::string as_known_at;                  ///< empty: as known now
  bool reopened = false;                    ///< as if nothing had been closed
  bool disagreements = false;               ///< where observers disagree, instead of the outages
  std::string formula = "R1", step = "5m";  ///< of groups; step: between the instants of R3
  std::string out;                          ///< a file; empty = stdout
  std::string headings;                     ///< of csv: keys or chinese; empty: chinese in a file, keys on stdout
};

/** Text on stdout; returns the exit code (ending.h). */
int availability_command(const books_options& o);

}  // namespace changtong
