#pragma once
/** Entries of an extract folded into books, in memory and without a database: the same fold and the same reader as the
 * daemon's. Memory grows with outages, unknowns and inventory versions, not with the journal. One thread. */
#include <memory>
#include <vector>

#include "daemon/audit/extract.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/ledger/memory_tables.h"
#include "daemon/ledger/projections.h"
#include "daemon/ledger/reader.h"

namespace changtong::audit {

/** A policy with what the tables do not keep of it. */
struct policy_entry {
  std::int64_t seq = 0;
  policy_version what;
};

struct folded_books {
  std::unique_ptr<ledger::reader> books;        ///< closed periods as they were closed
  const ledger::memory_tables* rows = nullptr;  ///< owned by `books`
  std::vector<policy_entry> policies;           ///< in order of the journal
};

class folding {
 public:
  folding() : rows_(std::make_unique<ledger::memory_tables>()), fold_(*rows_) {}

  /** In order of the journal. A problem says what this entry contradicts; after one the folding is of no use. */
  [[nodiscard]] result<void> take(const journal_line& l);
  /** Once, at the end. */
  [[nodiscard]] result<folded_books> finish(wall_t heartbeat);

 private:
  std::unique_ptr<ledger::memory_tables> rows_;
  ledger::projections fold_;
  std::vector<policy_entry> policies_;
};

}  // namespace changtong::audit
