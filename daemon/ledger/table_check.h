#pragma once
/** Are the projections what the journal says? The entries are folded anew into tables of their own, in bounded memory
 * (store::mode::scratch), and every row of every table is compared with what the ledger has. Internal to daemon/ledger;
 * one thread. Throws what the store throws. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/last_word.h"
#include "daemon/ledger/projections.h"
#include "daemon/ledger/schema.h"
#include "daemon/ledger/sql_tables.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

/** The first rows that differ, each as a sentence with table and key, and how many differ at all. */
struct table_differences {
  std::vector<std::string> first;
  std::int64_t count = 0;
};

class table_check {
 public:
  table_check();
  /** In order of `seq`, without holes. The first entry that cannot be folded ends it; problem() then says why. */
  void fold(std::int64_t seq, std::string_view kind, wall_t at, std::string_view body);
  [[nodiscard]] const phrase& problem() const { return problem_; }
  [[nodiscard]] std::int64_t bad() const { return bad_; }  ///< that entry; 0 = none
  [[nodiscard]] const last_word& spoken() const { return spoken_; }
  [[nodiscard]] std::string zone() const;  ///< of the last policy; empty without one
  /** `s` in one read transaction that ends with the last entry folded. */
  [[nodiscard]] table_differences compare(store& s);

 private:
  void compare_table(store& s, const std::string& name, table_differences& into);
  void expect_none(const kept_table& t, std::int64_t format, table_differences& into);
  [[nodiscard]] std::string name_of_row(const statement& row, const std::vector<std::string>& keys,
                                        const std::vector<int>& places);

  store store_;
  sql_tables tables_;
  projections fold_;
  transaction filling_;
  last_word spoken_;
  phrase problem_;
  std::int64_t bad_ = 0;
};

}  // namespace changtong::ledger
