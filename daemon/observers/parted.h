#pragma once
/** Who went on by itself after a copy of its books did. */
#include <optional>
#include <span>
#include <vector>

#include "daemon/ledger/reader.h"
#include "daemon/observers/observer.h"

namespace changtong::observers {

/** As beginnings(), but without those that knew a line last at an instant at which the other one knows nothing of it.
 * Reads the last 31 days of both, where one seems to be another's beginning. In the order of `all`; threads and errors
 * as theirs.
 */
[[nodiscard]] std::vector<std::optional<std::size_t>> same_books(std::span<const ledger::reader* const> all,
                                                                 const std::vector<signature>& signatures);

}  // namespace changtong::observers
