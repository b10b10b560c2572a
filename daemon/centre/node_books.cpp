#include "daemon/centre/node_books.h"

#include <utility>

namespace changtong::centre {

result<node_books> open_books(database& db, const folded_head& of, bool frozen, pg_tables::part part) {
  auto rows =
      std::make_unique<pg_tables>(db, of.number, of.branch, pg_tables::transactions::of_caller, std::move(part));
  node_books out{.books = nullptr, .rows = rows.get()};
  auto books = ledger::reader::over(std::move(rows), frozen);
  if (!books) return books.error();
  out.books = std::move(*books);
  return out;
}

}  // namespace changtong::centre
