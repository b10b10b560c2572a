#pragma once
/** Commands of people against the books: what each would enter, or why not. The one place for their rules; the daemon
 * and the command line both ask here, and then commit what they get. Reads, writes nothing, asks for no time. */
#include <functional>
#include <span>

#include "daemon/core/command.h"
#include "daemon/core/node_rank.h"
#include "daemon/ledger/reader.h"

namespace changtong::entries {

/** All or nothing: the first command that may not be entered refuses them all. `now` labels the records; a record of a
 * window is never labelled before the one it follows. `books` must hold everything committed so far, and nobody else
 * may commit between this and the commit of what it returns. `same` tells whether two names are one person's, `rank`
 * which node of a pair makes numbers. Throws std::runtime_error where the ledger cannot be read.
 */
[[nodiscard]] entering draft(const ledger::reader& books, std::span<const command> what, const author& who, wall_t now,
                             const same_person& same = std::equal_to<>(), node_rank rank = node_rank::first);

/** Closings: they are proven from the ledger that they are in alone, so they are held against that, and not against
 * what people entered on another node besides. */
[[nodiscard]] bool of_one_ledger(std::span<const command> what);

}  // namespace changtong::entries
