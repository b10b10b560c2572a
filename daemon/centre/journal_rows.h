#pragma once
/** Entries as the table `journal` has them, of a node or of the centre itself. Internal to daemon/centre. */
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/centre/database.h"
#include "daemon/ledger/shipment.h"

namespace changtong::centre {

[[nodiscard]] std::string hex_of(const ledger::digest& d);
/** Of `encode(…, 'hex')`; zeros for anything but a digest, which nobody's chain has. */
[[nodiscard]] ledger::digest digest_in(const std::optional<std::string>& cell);

/** Entries after `after` up to `last`, `most` at most; the number of the last one shown, `after` if there is none. */
[[nodiscard]] result<std::int64_t> read_journal(database& db, std::int32_t node, std::int32_t branch,
                                                std::int64_t after, std::int64_t last, std::int64_t most,
                                                const std::function<void(const ledger::shipped_entry&)>& each);

}  // namespace changtong::centre
