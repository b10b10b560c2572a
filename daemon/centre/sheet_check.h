#pragma once
/** Sheets as they are in the database, and as the books make them. Internal to daemon/centre. */
#include <cstdint>
#include <functional>
#include <memory>

#include "daemon/centre/folded_heads.h"
#include "daemon/centre/row_check.h"
#include "daemon/ledger/tables.h"

namespace changtong::centre {

/** Every sheet that may be used, and how lines go on after the last one, made anew in one walk over these rows, which
 * have no end (their heartbeat is wall_max); how many sheets. Inside one state of the database; false from `goes_on`
 * ends it. Throws std::runtime_error where the database does not do it. */
[[nodiscard]] result<std::int64_t> check_sheets(database& db, const folded_head& of,
                                                std::unique_ptr<ledger::tables> rows,
                                                const std::function<bool()>& goes_on, row_differences& into);

}  // namespace changtong::centre
