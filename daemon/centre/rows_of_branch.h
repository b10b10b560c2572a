#pragma once
/** What sheets and how lines stand after them share: the rows of one node's branch. Internal to them. Throws
 * database_refusal; inside a transaction of the caller. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/centre/copy_cells.h"
#include "daemon/centre/pg_tables.h"
#include "daemon/centre/sheets.h"

namespace changtong::centre {

[[nodiscard]] table_rows asked(database& db, const std::string& statement, const std::vector<std::string>& values = {});
void copy(database& db, std::string_view into, copied_rows rows);
/** The condition; `table` stands before its columns. */
[[nodiscard]] std::string here(branch_of_node of, std::string_view table = {});
/** A null of the database is none. */
copied_rows& text(copied_rows& row, const std::optional<std::string>& cell);
[[nodiscard]] std::optional<std::string> text_in(const std::optional<std::string>& cell);

}  // namespace changtong::centre
