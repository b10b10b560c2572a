#include "daemon/centre/rows_of_branch.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/centre/pg_cells.h"

namespace changtong::centre {

table_rows asked(database& db, const std::string& statement, const std::vector<std::string>& values) {
  auto rows = db.ask(statement, values);
  if (!rows) throw database_refusal(words_of(rows.error()));
  return std::move(*rows);
}

void copy(database& db, std::string_view into, copied_rows rows) {
  if (rows.empty()) return;
  const auto done = db.copy(fmt::format("COPY {} FROM STDIN (FORMAT binary)", into), rows.taken());
  if (!done) throw database_refusal(words_of(done.error()));
}

std::string here(branch_of_node of, std::string_view table) {
  const std::string_view dot = table.empty() ? "" : ".";
  return fmt::format("{0}{1}node = {2} AND {0}{1}branch = {3}", table, dot, of.node, of.branch);
}

copied_rows& text(copied_rows& row, const std::optional<std::string>& cell) {
  return cell ? row.cell(*cell) : row.null();
}

std::optional<std::string> text_in(const std::optional<std::string>& cell) {
  return cell ? std::optional(bytes_in(cell)) : std::nullopt;
}

}  // namespace changtong::centre
