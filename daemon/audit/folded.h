#pragma once
/** Entries of an extract folded into books, in memory and without a database: the same fold and the same reader as the
 * daemon's. Memory grows with outages, unknowns and inventory versions, not with the journal. One thread. */
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/audit/entry_form.h"
#include "daemon/audit/extract.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/ledger/branches.h"
#include "daemon/ledger/last_word.h"
#include "daemon/ledger/memory_tables.h"
#include "daemon/ledger/projections.h"
#include "daemon/ledger/reader.h"

namespace changtong::audit {

struct folded_books {
  std::unique_ptr<ledger::reader> books;        ///< closed periods as they were closed
  const ledger::memory_tables* rows = nullptr;  ///< owned by `books`
  /** In order of the journal, with what the tables do not keep of them. */
  std::vector<ledger::declared_row<policy_version>> policies;
  std::vector<rules_from> rules{{1, 1}};      ///< in order of the journal; never empty
  std::vector<ledger::branch_seen> branches;  ///< every start, in order of the journal
};

class folding {
 public:
  folding() : rows_(std::make_unique<ledger::memory_tables>()), fold_(*rows_) {}

  /** In order of the journal. A problem says what this entry contradicts; after one the folding is of no use. An entry
   * that this program does not know is noted in strange(), and nothing after it is folded. */
  [[nodiscard]] result<void> take(const journal_line& l);
  /** What this program does not know -> the first entry with it. If any, no figure follows from the books. */
  [[nodiscard]] const std::map<std::string, std::int64_t>& strange() const { return strange_; }
  /** Fields of known entries that this program does not know -> the first entry with it; no figure depends on them. */
  [[nodiscard]] const std::map<std::string, std::int64_t>& fields() const { return fields_; }
  /** Every start so far, and whether each follows the entry that it names. */
  [[nodiscard]] const ledger::branch_walk& branches() const { return branches_; }
  /** What is wrong with the start in entry branches().bad(), Chinese and English; empty: none is. */
  [[nodiscard]] const std::string& seam() const { return seam_; }
  /** What no genuine heartbeat is before. */
  [[nodiscard]] const ledger::last_word& spoken() const { return spoken_; }
  /** The entry that take() has taken last; none where it is unknown. */
  [[nodiscard]] const std::optional<ledger::entry>& last() const { return last_; }
  /** Once, at the end. */
  [[nodiscard]] result<folded_books> finish(wall_t heartbeat);

 private:
  std::unique_ptr<ledger::memory_tables> rows_;
  ledger::projections fold_;
  std::vector<ledger::declared_row<policy_version>> policies_;
  std::vector<rules_from> rules_{{1, 1}};
  void walk_branches(const journal_line& l, const ledger::entry& e);
  ledger::branch_walk branches_;
  std::string seam_;
  ledger::last_word spoken_;
  std::optional<ledger::entry> last_;
  std::map<std::string, std::int64_t> strange_, fields_;
};

}  // namespace changtong::audit
