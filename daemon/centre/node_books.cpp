#include "daemon/centre/node_books.h"

#include <algorithm>
#include <utility>

#include "daemon/core/so_far.h"

namespace changtong::centre {

result<node_books> open_books(database& db, const folded_head& of) {
  auto rows = std::make_unique<pg_tables>(db, of.number, of.branch, pg_tables::transactions::of_caller);
  node_books out{.books = nullptr, .rows = rows.get()};
  auto books = ledger::reader::over(std::move(rows), true);
  if (!books) return books.error();
  out.books = std::move(*books);
  return out;
}

wall_t cut_of_node(const folded_head& of, wall_t now) {
  const wall_t cut = cut_of(now, of.folded_to);
  return of.retired ? std::min(cut, *of.retired) : cut;
}

}  // namespace changtong::centre
