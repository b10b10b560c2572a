#pragma once
/** The tables of the centre: made and versioned here, and whether this database may be trusted with journals. */
#include <cstdint>

#include "daemon/centre/database.h"

namespace changtong::centre {

/** What a conversation rests on; whoever changes that raises the epoch, and who still rests on the old one writes
 * nothing any more. */
struct foundation {
  std::int64_t epoch = 0;
};

/** Makes the tables where there are none; two that begin at once wait for each other. A problem for a database that
 * loses what it has confirmed (fsync = off), that keeps another encoding, or whose tables are a newer version's. */
[[nodiscard]] result<foundation> lay(database& db);

/** The same for whoever only reads: where there are no tables, that is a problem. */
[[nodiscard]] result<foundation> find(database& db);

/** For conversations that only ask about what is folded: every row there is found by an index, and a planner that knows
 * nothing yet of tables that have just been filled would read them whole. */
[[nodiscard]] result<void> ask_by_index(database& db);

}  // namespace changtong::centre
