#pragma once
/** Sheets as they are in the database, and as the books make them. Internal to daemon/centre. */
#include <cstdint>
#include <functional>
#include <memory>

#include "daemon/centre/row_check.h"
#include "daemon/centre/sheets.h"
#include "daemon/ledger/tables.h"

namespace changtong::centre {

/** Of every sheet that may be used, made anew from these rows in one walk; how many. Inside one state of the database;
 * false from `goes_on` ends it. Throws std::runtime_error where the database does not do it. */
[[nodiscard]] result<std::int64_t> check_sheets(database& db, branch_of_node of, std::unique_ptr<ledger::tables> rows,
                                                const std::function<bool()>& goes_on, row_differences& into);

}  // namespace changtong::centre
