#pragma once
/** Closing a period's books 结账 (promise 6; P15): what the entry says, and whether the books still agree with it. Pure
 * but for the readers. */
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/availability/row.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong::entries {

struct closing_request {
  period when;
  std::string author;
  std::string reason;  ///< must be given from the second version on
};

/** The entry that closes `request.when` now. `as_closed` reads with closed periods frozen, `as_now` without: what
 * differs between the two in this period is what a new version changes. Refused, with a sentence: an empty period, one
 * whose end observation has not passed, one without any scope, a second version without a reason or without any
 * difference. The caller must know that no pending run reaches into the period (design.md 5, rule 4). */
[[nodiscard]] result<period_closed> closing_of(const ledger::reader& as_closed, const ledger::reader& as_now,
                                               const closing_request& request, wall_t at);

/** A figure that two states of the books give differently. */
struct difference {
  std::string key, field;
  std::int64_t before = 0, after = 0;
};
/** Rows by key; a row that only one side has counts as zeros on the other. In order of key. */
[[nodiscard]] std::vector<difference> differences(const std::vector<availability::availability_row>& before,
                                                  const std::vector<availability::availability_row>& after);

/** The sums of a row by the names that closings give them: lengths, in whole milliseconds, and counts. */
inline constexpr std::array<std::pair<std::string_view, milliseconds availability::seconds::*>, 7> closed_lengths{
    {{"up_ms", &availability::seconds::up},
     {"down_ms", &availability::seconds::down},
     {"down_min_ms", &availability::seconds::down_min},
     {"down_mid_ms", &availability::seconds::down_mid},
     {"down_max_ms", &availability::seconds::down_max},
     {"excluded_ms", &availability::seconds::excluded},
     {"unknown_ms", &availability::seconds::unknown}}};
inline constexpr std::array<std::pair<std::string_view, std::int64_t availability::seconds::*>, 2> closed_counts{
    {{"outages", &availability::seconds::outages}, {"unconfirmed", &availability::seconds::unconfirmed}}};

/** One row as canonical JSON: key, whole milliseconds and counts; no ratio, because each follows from them. */
[[nodiscard]] std::string sums_json(const availability::availability_row& row);
/** SHA-256, hex, over the rows' JSON, each followed by a line feed. */
[[nodiscard]] std::string sheet_digest(const std::vector<availability::availability_row>& rows);

/** Recomputes the newest closing of each period (`as_closed` reads frozen); empty: all agree. Else one sentence each.
 */
[[nodiscard]] std::vector<std::string> closings_that_disagree(const ledger::reader& as_closed);

}  // namespace changtong::entries
