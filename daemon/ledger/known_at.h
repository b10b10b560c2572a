#pragma once
/** The books as they were known at an instant: the journal folded anew as far as it stood then. Internal to
 * daemon/ledger.
 *
 * Of a ledger that was recorded as time went by this is what stood before the first entry with a later label; its
 * heartbeat is the instant, or where a gap written later begins, if that was before: then nobody was observing.
 *
 * A replay writes its entries when it brings the books up to date, some of them hours of the trace's time later, packs
 * what belongs to a whole day into one entry, and labels what has no instant of its own with the day's end. There each
 * record counts by the instant at which it was decided:
 *
 *   transition, resumed   `confirmed`, of each target by itself and never before an earlier one of its own
 *   unconfirmed           `last`, of each run by itself
 *   cause                 with its outage's `confirmed` (the judge has it at most 2 s later)
 *   gap                   `from`
 *   all others            their own `at`
 *
 * So the books of the middle of a trace are those of the trace cut there, but for runs that were pending there: the
 * journal has what they became, and knows nothing of them before. */
#include <memory>

#include "daemon/ledger/memory_tables.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

/** True if the ledger's first start says "replay". */
[[nodiscard]] bool is_replay(store& s);
/** Throws a refusal where an entry cannot be read. Inside the caller's transaction. */
[[nodiscard]] std::unique_ptr<memory_tables> known_at(store& s, wall_t at);

}  // namespace changtong::ledger
