#pragma once
/** What the recorder does with batches that wait for the ledger. Pure. Internal to the recorder. */
#include <optional>
#include <vector>

#include "daemon/core/record.h"

namespace changtong {

/** Appends. Where memory runs out, nothing has left `from` yet. */
void merge(ledger_batch& into, ledger_batch&& from);

/** Of each check only the last memory counts: a ledger that is away must not make us keep them all.
 * Where memory runs out, all are as they were. */
void keep_last_memories(std::vector<check_memory>& all);

/** From where on time is not known if this record is lost (wall_max: a lost cause costs no time); none for what must
 * never be lost. */
[[nodiscard]] std::optional<wall_t> spoken_from(const record& r);

}  // namespace changtong
