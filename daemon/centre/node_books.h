#pragma once
/** A node's books as the centre has them: read like those of a ledger. One thread; what the database does not do is
 * thrown as std::runtime_error with a sentence for people. */
#include <memory>

#include "daemon/centre/folded_heads.h"
#include "daemon/centre/pg_tables.h"
#include "daemon/ledger/reader.h"

namespace changtong::centre {

struct node_books {
  std::unique_ptr<ledger::reader> books;
  const pg_tables* rows = nullptr;  ///< that it reads
};
/** Of the branch that goes on. Several questions are one state of the books where the caller has a transaction. */
[[nodiscard]] result<node_books> open_books(database& db, const folded_head& of);

/** Where the scope of its lines is cut (rule 8): what a node has not shipped is unknown; the few seconds that are
 * always under way are not asked for, as a node itself does; of a node that ships no more all ends when that was said.
 */
[[nodiscard]] wall_t cut_of_node(const folded_head& of, wall_t now);

}  // namespace changtong::centre
