#pragma once
/** The evaluation 绩效自评: a plan, what was found for each of its indicators, points, totals, and what still blocks
 * the final form. Reads books through a reader and writes nothing; files come read (sources.h).
 *
 * What blocks: an indicator without points (证据不足, not yet decided), a missing reason where E-26 … E-28 ask for one,
 * a ledger that does not verify, a year that is not over. A draft can always be made. */
#include <map>
#include <string>
#include <vector>

#include "daemon/core/plan_tree.h"
#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"
#include "daemon/evaluate/sources.h"

namespace changtong::evaluate {

/** What is said of the ledger as a whole, by who opened it. */
struct ledger_words {
  std::string journal;      ///< 账本条目 1–30212，封存至 …; empty without a ledger
  std::string digest;       ///< hex of the last entry's hash
  std::string fingerprint;  ///< of the newest key, short form
  std::string objection;    ///< not empty: it does not verify
};

/** Last year's evaluation.json, as far as it is compared. */
struct year_before {
  std::string year;
  std::map<std::string, std::string> actual;  ///< by indicator id
  std::string total;                          ///< empty: it had none
};

/** Of books over several nodes, one node's: its lines are those whose ids begin so. */
struct books_part {
  std::string prefix;  ///< 东城区/
  std::vector<policy_version> policies;
};

struct evidence {
  const ledger::reader* books = nullptr;  ///< none: measured indicators have no evidence
  ledger_words ledger;
  std::map<std::string, papers> files;  ///< by indicator id
  year_before before;
  std::string software;
  bool charts = true;               ///< whether months and days are wanted: a walk over the books for each month
  std::vector<books_part> parts{};  ///< empty: the books are one node's
  /** Sentences. What should be in the books and is not at all, so that no measured figure has its evidence; and what is
   * there in part, which coverage tells of already. */
  std::vector<std::string> unseen{}, remarks{};
};

/** The period of a plan. `as_of` (2026-06-30) makes it a mid-year one; it must be a day of the plan's year that the
 * books have seen the end of, else a problem. Without books the whole period counts as past. */
[[nodiscard]] result<occasion> occasion_of(const plans::plan& plan, const ledger::reader* books, wall_t wall,
                                           const std::string& as_of);

/** Throws std::runtime_error with a sentence where the ledger can no longer be read. */
[[nodiscard]] result<evaluation> evaluate(const plans::plan& plan, const evidence& found, const occasion& when);

}  // namespace changtong::evaluate
