#pragma once
/** The books of a centre for an evaluation, with what proves them there. */
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/centre/joined_books.h"
#include "daemon/centre/one_state.h"
#include "daemon/cli/centre_place.h"
#include "daemon/cli/open_centre.h"
#include "daemon/evaluate/evaluate.h"
#include "daemon/run/centre_report.h"

namespace changtong {

struct centre_evidence {
  std::unique_ptr<open_centre> from;
  std::unique_ptr<centre::one_state> held;
  centre_scope scope;
  std::unique_ptr<centre::joined_books> books;  ///< one state of them
  evaluate::ledger_words words;
  std::string heads;  ///< CSV: each node's journal, how far it chains, how far it is folded and known

  /** Books, words, and which nodes lack in `when`. It outlives `e`. */
  void put_into(evaluate::evidence& e, const evaluate::occasion& when) const;
};
/** Where they stand in the folder of an evaluation. */
inline constexpr std::string_view centre_heads_file = "evidence/centre-heads.csv";

/** Opens it, and verifies the centre's own journal and the chain of every node that is asked for, which takes as long
 * as they are. What does not hold is in its words. The problems are sentences for the terminal. */
[[nodiscard]] boost::system::result<centre_evidence, problems> evidence_of_centre(const centre_place& place);

}  // namespace changtong
