#pragma once
/** What was said of the outages of a merged book (daemon/observers). People say it of outages as one node's ledger has
 * them, which may have begun a little earlier or later, or be two where both together have one: of a merged outage
 * counts what was said of those that lie over it. It changes no figure. */
#include <string>
#include <vector>

#include "daemon/books/outage_notes.h"

namespace changtong::books {

struct merged_listed {
  listed_outage row;
  std::vector<std::string> own;  ///< ids of `own`'s outages that lie over it, in order: what `ack` takes
};
/** `outages` are of `merged`; `own` is what this node saw, with what people said of it. Throws as readers do. */
[[nodiscard]] std::vector<merged_listed> merged_noted(const ledger::reader& merged, const ledger::reader& own,
                                                      std::vector<availability::outage> outages);

}  // namespace changtong::books
