#pragma once
/** Rows that are folded, as they are in the database and as they should be: side by side, in the order of their keys.
 * Internal to daemon/centre; one thread. */
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/centre/database.h"
#include "daemon/core/phrase.h"
#include "daemon/ledger/tables.h"

namespace changtong::centre {

/** The first that differ, each as a sentence, and how many do at all. */
struct row_differences {
  std::vector<phrase> first;
  std::int64_t count = 0;
  void add(phrase what);
};

class row_check {
 public:
  /** `rows`: what the journal folds to; false from `goes_on` ends it. Both outlive it. */
  row_check(database& db, std::int32_t node, std::int32_t branch, const ledger::tables& rows,
            const std::function<bool()>& goes_on);

  /** Every row of every table of that branch but sheets; inside one state of the database. */
  [[nodiscard]] result<row_differences> compare();

 private:
  /** Whole numbers by which its rows are ordered come first among `columns`; `only`: a condition of more. */
  struct table {
    std::string_view name, columns;
    std::size_t keys = 0;
    std::string only;
  };
  using next_row = std::function<bool(table_row&)>;
  /** The rows of one target. */
  using rows_of = std::function<std::vector<table_row>(std::int64_t number, const ledger::target_rows& rows)>;
  class kept;

  [[nodiscard]] result<void> compare_table(const table& t, const next_row& should);
  [[nodiscard]] result<void> compare_targets();
  [[nodiscard]] result<void> compare_by_target(const table& t, const rows_of& rows);
  [[nodiscard]] result<void> compare_said();
  void tell(const table& t, const table_row& should, const table_row& is);
  [[nodiscard]] std::string name_of(const table& t, const table_row& row) const;

  database& db_;
  std::int32_t node_, branch_;
  const ledger::tables& rows_;
  const std::function<bool()>& goes_on_;
  std::vector<std::pair<std::string, ledger::state_row>> targets_;
  row_differences out_;
};

}  // namespace changtong::centre
