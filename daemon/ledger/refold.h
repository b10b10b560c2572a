#pragma once
/** Projections made anew from the journal: asked for by people, or because the program's format is newer than the
 * file's. Internal to daemon/ledger. */
#include <cstdint>
#include <functional>

#include "daemon/ledger/store.h"

namespace changtong::ledger {

/** Inside the caller's transaction; returns the number of entries. `progress` (may be empty) hears entries done and
 * total; if it returns false, or an entry cannot be read, a refusal is thrown. */
std::int64_t refold(store& s, const std::function<bool(std::int64_t, std::int64_t)>& progress);

/** Brings the file of an older program to this one's format, in one transaction: its projections are made anew in their
 * present shape; journal, head, memory and seals stay. Does nothing where the format is the present one. */
void upgrade(store& s);

}  // namespace changtong::ledger
