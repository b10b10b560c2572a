#pragma once
/** Entries as PostgreSQL's COPY takes them (copy_cells.h). Pure. */
#include <cstdint>
#include <span>
#include <string>

#include "daemon/ledger/shipment.h"

namespace changtong::centre {

/** Columns node, branch, seq, at, kind, body, hash. */
[[nodiscard]] std::string copy_rows(std::int32_t node, std::int32_t branch,
                                    std::span<const ledger::shipped_entry> entries);

}  // namespace changtong::centre
