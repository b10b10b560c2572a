#pragma once
/** What every list of entries on the command line begins with: the ledger, the period and the format that were asked
 * for. */
#include <memory>

#include "daemon/cli/entry_commands.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"
#include "daemon/report/book_text.h"

namespace changtong {

struct list_request {
  std::unique_ptr<ledger::reader> reader;
  period when;  ///< without --from and --to all of time
  report::format format;
  std::string line;  ///< its id; empty: of any
};

/** A problem for an unknown format, a ledger that is none, a period that makes no sense, a line that nobody knows. */
[[nodiscard]] result<list_request> open_list(const entry_list_options& o);

}  // namespace changtong
