#pragma once
/** Seconds per state -> figures. Pure arithmetic on intervals, integer milliseconds, one ratio at the end.
 * Formulas: rules.md 4.3 (A, A_low, A_high, c, MTTR) and 4.4 (group R1: sums first); design.md 5 rules 8 and 9. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/core/instant.h"
#include "daemon/core/record.h"

namespace changtong::availability {

/** A stretch of one belief. Spans of a target are in order and do not overlap; holes between them are unknown. */
struct state_span {
  period when;
  line_state state = line_state::unknown;
  cause why = cause::none;
};

/** One outage: a longest stretch of down time, with unknown inside it but no up (rule 7). */
struct outage {
  std::string target;
  wall_t began{};
  wall_t confirmed{};
  wall_t ended = wall_max;  ///< wall_max: still open
  bracket began_edge{};
  bracket ended_edge{};       ///< meaningful when it ended
  std::vector<period> holes;  ///< unknown time inside, in order; an open outage's last one reaches to wall_max
  cause why = cause::none;    ///< the first bad sample's
  cause found = cause::none;  ///< upstream, own_line, … once known
  std::string upstream;
  std::string decided_by;
  bool after_own_uplink = false;  ///< began within a minute after a silence of our own uplink: shown, not excluded
  std::int32_t rules = 1;         ///< version of the books' rules under which it was recorded
};

/** One target's life inside a period, as the ledger knows it. */
struct target_history {
  std::string target;
  period scope;                     ///< [accepted, closed) cut at now; not yet cut to the period asked for
  std::vector<period> outside;      ///< inside `scope` and yet not in scope, in order, not overlapping; rarely any
  std::vector<state_span> spans;    ///< up, down, unknown
  std::vector<outage> outages;      ///< that touch the period
  std::vector<period> excluded;     ///< approved windows, in order, not overlapping
  std::vector<wall_t> unconfirmed;  ///< first bad samples of unconfirmed runs
};

/** Sums over a period. up + down + excluded + unknown = length of scope inside the period, always. */
struct seconds {
  milliseconds up{0}, down{0}, excluded{0}, unknown{0};
  milliseconds down_min{0}, down_mid{0}, down_max{0};  ///< by the brackets of rule 9
  std::int64_t outages = 0;                            ///< whose down time after exclusion is not empty here
  std::int64_t unconfirmed = 0;
  std::optional<period> scope;  ///< hull of the scope inside the period
  seconds& operator+=(const seconds& other);
};

/** Rule 8's precedence: not in scope > excluded > unknown > down or up. */
[[nodiscard]] seconds measure(const target_history& history, period p);

struct figures {
  std::optional<double> availability, lower, upper, coverage, mttr_s;
  std::string_view formula;  ///< "A = U/(U+D)" for one line, "R1 = ΣU/Σ(U+D)" for a group
};
[[nodiscard]] figures compute(const seconds& s, bool group);

/** A ratio as a percentage text with `decimals` digits, truncated, never rounded up (rules.md 4.6); 100 % only if
 * down = 0 and unknown = 0. With down = 0 and unknown > 0: 「未观测到中断（下限 99.9xxxx %，未观测 h:mm:ss）」. */
[[nodiscard]] std::string chinese_ratio(const seconds& s, int decimals = 5);
/** numerator/denominator truncated to `decimals` digits of a percentage, by integer arithmetic, without the sign; "—"
 * for 0/0. */
[[nodiscard]] std::string truncated_percent(std::int64_t numerator, std::int64_t denominator, int decimals);

}  // namespace changtong::availability
