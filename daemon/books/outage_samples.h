#pragma once
/** The raw samples that the journal keeps of an outage (core/declared_samples.h), for whoever looks at it. They explain
 * the outage and change no figure. */
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/packed_samples.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

struct outage_samples {
  /** The entries, in the order in which they were made, without their texts. Empty: none was made, or not yet. */
  std::vector<samples_record> entries;
  /** What they hold from ten minutes before it began to ten after it ended; each check once, in order of its name, its
   * samples in order of their instants. */
  std::vector<kept_stretch> checks;
  bool unreadable = false;  ///< a text is none: it was not written by us
};

/** Most samples stand in one entry only, so those of the line's outages just before and after are looked at too. Throws
 * as the reader does. */
[[nodiscard]] outage_samples samples_of(const ledger::reader& from, const availability::outage& o);

}  // namespace changtong::books
