#pragma once
/** Whether what is folded is what the journal says: the entries are folded anew, in memory, a node at a time, and every
 * row and sheet, and how lines go on after the last one, compared with what the database has up to the same entry.
 * Whether the journal itself was rewritten is the chain's to say (second_copy.h, own_proof.h). One thread. */
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/centre/folded_heads.h"
#include "daemon/centre/second_copy.h"

namespace changtong::centre {

struct folded_found {
  std::int64_t entries = 0;      ///< that were folded anew
  std::int64_t sheets = 0;       ///< that were compared
  std::vector<phrase> first;     ///< of what differs
  std::int64_t differences = 0;  ///< all of it
  bool in_the_making = false;    ///< nothing is folded of it yet, or it is folded anew just now: nothing was compared
  std::optional<std::int64_t> stuck; /**< an entry that could not be folded: figures end before it */
};
/** Of the branch that goes on. A problem for what could not be looked at. `db` is in no transaction; `progress` is told
 * of entries. */
[[nodiscard]] result<folded_found> verify_folded(database& db, const folded_head& of, const told_progress& progress);

/** What is folded is taken away and folded anew by whoever folds (folder.h), of that node or, where it is empty, of
 * all; meanwhile figures know nothing of it. How many nodes: 0 where nothing was folded. The journals stay. */
[[nodiscard]] result<std::int64_t> fold_anew(database& db, const std::string& node);

}  // namespace changtong::centre
