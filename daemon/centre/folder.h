#pragma once
/** Folds what nodes shipped into the projections (pg_tables.h), node by node, so that figures are read and not made.
 *
 * Of several processes on one database one folds: it holds a lease, a row with an epoch, for ten seconds, and renews it
 * in each of its transactions. Where it does not come back, another one takes the lease with the next epoch, and
 * whoever still has the old one writes nothing any more. What is folded stands in the same transaction as how far it
 * was folded: a crash in the middle repeats nothing and leaves nothing out.
 *
 * An entry that cannot be folded (a newer version's, or one that contradicts those before it) ends a node's figures
 * before it, which is said; the other nodes go on. One thread. */
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>

#include "daemon/centre/folded_heads.h"
#include "daemon/centre/pg_tables.h"
#include "daemon/centre/sheet_maker.h"
#include "daemon/ledger/projections.h"

namespace changtong::centre {

class folder {
 public:
  struct bounds {
    milliseconds term{10'000};             ///< of the lease
    std::int64_t entries = 20'000;         ///< of one transaction
    std::int64_t bytes = 16 * 1024 * 1024; /**< about, of their text */
    sheet_maker::bounds sheets{};
  };
  /** `holder`: who folds, for people. A problem where there are no tables of this version. */
  [[nodiscard]] static result<std::unique_ptr<folder>> open(const database_place& where, std::string holder,
                                                            const bounds& within);
  [[nodiscard]] static result<std::unique_ptr<folder>> open(const database_place& where, std::string holder) {
    return open(where, std::move(holder), bounds{});
  }
  /** Gives the lease back where it can. */
  ~folder();
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  /** Of each node as much as one transaction takes, and where all is folded a year of month sheets of one node; true:
   * there is more. False also while another one folds. After a
   * problem it is to be opened anew: nothing of the transaction in which it happened is there. */
  [[nodiscard]] result<bool> round(const std::stop_token& stop);
  [[nodiscard]] bool holds_lease() const { return epoch_ != 0; }

 private:
  /** The branch of a node that is folded, and up to which entry. */
  struct opened {
    opened(database& db, const folded_head& of)
        : branch(of.branch),
          seq(of.folded),
          counted(of.folded),
          tables(db, of.number, of.branch, pg_tables::transactions::of_caller),
          fold(tables) {
      fold.load();
    }
    std::int32_t branch;
    std::int64_t seq;
    std::int64_t counted;  ///< entries at the count_rows() that it asked for last, or when it was opened
    pg_tables tables;
    ledger::projections fold;
  };
  /** Why entry `seq` of a branch is not folded. */
  struct obstacle {
    std::int32_t branch = 0;
    std::int64_t seq = 0;
    phrase why;
    bool told = false;
  };

  folder(std::unique_ptr<database> db, const database_place& where, std::string holder, const bounds& within)
      : db_(std::move(db)), holder_(std::move(holder)), within_(within), sheets_(where, within.sheets) {}
  [[nodiscard]] result<bool> take_lease();
  /** What was shipped, of each node as much as one transaction takes; true: there is more. */
  [[nodiscard]] result<bool> fold(const std::stop_token& stop);
  [[nodiscard]] bool has_work(const folded_head& of);
  /** Of one node; true: it has more. */
  [[nodiscard]] result<bool> step(const folded_head& seen);
  [[nodiscard]] result<std::optional<folded_head>> hold(const folded_head& seen);
  [[nodiscard]] result<bool> begin_anew(const folded_head& of);
  [[nodiscard]] result<bool> fold_some(const folded_head& of);
  /** The number of the last one folded. */
  [[nodiscard]] std::int64_t apply(opened& to, const table_rows& entries, std::optional<obstacle>& wrong) const;
  [[nodiscard]] result<table_rows> next_entries(const folded_head& of, std::int64_t last);
  [[nodiscard]] result<void> note(const folded_head& of);
  /** Of the first node that lacks any; true: there may be more to make. */
  [[nodiscard]] result<bool> make_sheets(const std::vector<folded_head>& of, const std::stop_token& stop);
  /** `ended`: it was told to stop, or another one folds. */
  [[nodiscard]] result<bool> make_sheets(const folded_head& of, const std::stop_token& stop, bool& ended);
  /** In a transaction as hold() makes it. */
  [[nodiscard]] result<bool> in_transaction(const folded_head& of, const std::function<void()>& work);
  /** The planner knows nothing of tables that have just been filled, and reads them whole for every line. */
  void count_rows();
  void give_up();

  std::unique_ptr<database> db_;
  std::string holder_;
  bounds within_;
  sheet_maker sheets_;
  std::int64_t epoch_ = 0;      ///< 0: another one folds
  std::int64_t uncounted_ = 0;  ///< entries since count_rows()
  bool grown_ = false;          ///< a node has twice the entries of its last count_rows(), or its first hundreds
  std::map<std::int32_t, std::unique_ptr<opened>> nodes_;
  std::set<std::int32_t> ill_;  ///< nodes whose folding failed at the database the last time; said once
  std::map<std::int32_t, obstacle> obstacles_;
};

}  // namespace changtong::centre
