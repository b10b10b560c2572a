#pragma once
/** What a contract makes of a line's history: availability against the target, repairs against their limit, credits by
 * the bands (rules.md 5.1, 5.5, S-8, S-17). Pure, exact: ratios are compared by integers, money is whole fen.
 *
 * Rules, all printed in the report:
 * - The figure is A = U/(U+D) of the contract's period inside its validity and the line's scope. Windows are removed or
 *   counted as the contract says; an outage found to be 用户侧断电 is removed where the contract excludes it.
 * - A contract that covers the line for a part of the period only judges that part, and the result says so: time before
 *   it began, after it ended or while the line was another carrier's is none of its own.
 * - The budget 中断额度 is the down time that the target allows over the whole contract period, time still to come
 *   included as if it were observed: (1 - target) · (U + D + what is left), rounded down. So it does not grow from day
 *   to day, and once the period is over more down time than it means exactly that the target was missed.
 * - A credit by availability: of all bands that A lies below, the lowest one. A credit by length: of the bands that an
 *   outage is longer than, the longest one; each outage counts once, in the period in which it began, with its whole
 *   down time less what is excluded. Credits add up, at most `credit_cap` of the period's fee.
 * - The fee of a year is 12 months. A day's fee is the period's fee divided by the period's civil days. Each credit is
 *   rounded half up to a fen. A period that has not ended has no credit yet. */
#include <optional>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/contract.h"

namespace changtong::availability {

enum class judgement : std::uint8_t { no_contract, no_target, no_value, met, missed };

/** A repair measured against its limit. `undecided`: the contract counts from the report, whose time the journal does
 * not have; from discovery it took longer than the limit, so it may have been too long. */
enum class repair_judgement : std::uint8_t { no_limit, within, over, undecided };

struct repair {
  const outage* what = nullptr;  ///< of the history given
  milliseconds took{0};          ///< discovery (confirmation) to the first good sample; so far, while it lasts
  milliseconds down{0};          ///< down time less what is excluded
  repair_judgement judgement = repair_judgement::no_limit;
  bool too_long = false;  ///< longer than max_single_outage
};

struct credit {
  const credit_band* band = nullptr;  ///< of the contract given
  std::optional<fen> amount;          ///< empty: the contract states no fee
};

/** One contract, one line, one contract period. */
struct contract_result {
  period when;  ///< hull of what was measured: bucket, validity and scope together
  /** What was measured, where that is not all of the bucket's time in scope as far as it is known; else empty. */
  std::vector<period> only;
  bool complete = true;
  seconds sums;
  std::optional<seconds> with_windows;  ///< for windows: shown
  milliseconds power{0};                ///< down time removed as 用户侧断电
  judgement target = judgement::no_target;
  bool proven = false;          ///< met even if the line was down in all time that nobody observed
  std::vector<repair> repairs;  ///< of outages that began in it and have down time left, in order
  std::vector<credit> credits;
  std::optional<fen> fee, total;       ///< of the period; total after the cap
  std::optional<milliseconds> budget;  ///< down time allowed over the whole contract period; empty without a target
};

/** A contract period as the calendar has it. */
struct contract_bucket {
  period when;
  std::int64_t days = 30;  ///< civil days in it
};

/** When a contract covers a line, in one contract period; in order, not overlapping. */
struct contract_time {
  std::vector<period> measured;  ///< what is asked for
  std::vector<period> later{};   ///< the rest of the contract period, of which only the budget speaks
  bool goes_on = true;           ///< false: the line is in no inventory any more, so nothing is left
};

/** `known_to`: nothing was observed or can have happened after it. Results point into `c` and `h`. */
[[nodiscard]] contract_result judge(const contract& c, const target_history& h, const contract_bucket& bucket,
                                    const contract_time& covered, wall_t known_to);

/** The sums of `parts` as the contract counts them: windows removed or counted, 用户侧断电 removed where it says so.
 * The books themselves never depend on a contract (rule 8); its own figure does, here and in the carrier's sheet. */
[[nodiscard]] seconds agreed_sums(const contract& c, const target_history& h, const std::vector<period>& parts);

/** An outage's own down time inside `frame`: without its holes and without `excluded` (as united() returns it). */
[[nodiscard]] milliseconds down_time(const outage& o, period frame, const std::vector<period>& excluded);

}  // namespace changtong::availability
