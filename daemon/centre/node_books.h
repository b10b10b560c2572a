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
/** Of the branch that goes on; `frozen`: closed periods as they were closed. Several questions are one state of the
 * books where the caller has a transaction. */
[[nodiscard]] result<node_books> open_books(database& db, const folded_head& of, bool frozen = true,
                                            pg_tables::part part = {});

}  // namespace changtong::centre
