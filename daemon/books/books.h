#pragma once
/** The books asked for by people: a reader's histories measured, grouped and named. The API and the command line call
 * the same function, so that they cannot differ. */
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/row.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

enum class grouping : std::uint8_t { line, category, carrier, town, day, month };
[[nodiscard]] result<grouping> grouping_named(std::string_view name);

/** Rows of `p` cut at `now`. Lines and sites, never anchors; who has no scope in the period is in no row, and a row
 * without any scope is not there. By line: formula A, in order of id. All others: R1 over all lines and sites of the
 * group; categories in display order (a site's is `website`), carriers and towns in order of their name (an empty key
 * for lines without one; a site that names none is left out), days and months in order of time. Throws
 * std::runtime_error with a sentence where the ledger can no longer be read. */
[[nodiscard]] std::vector<availability::availability_row> books(const ledger::reader& from, period p, wall_t now,
                                                                grouping by);

/** A stretch of time with what people said of a target then: a line that changed its carrier counts with each for the
 * time it was theirs. The words are those of its end, and live as long as the target. */
struct word_stretch {
  const ledger::target_words* words;
  period when;
};
/** The stretches of `p`, in order. Neighbours that are the `same` are one, so that an outage over a change of words
 * that does not matter here counts once. */
[[nodiscard]] std::vector<word_stretch> stretches(
    const ledger::known_target& t, period p,
    const std::function<bool(const ledger::target_words&, const ledger::target_words&)>& same);
/** The same where what matters is the group; stretches in which it belongs to none are left out. */
[[nodiscard]] std::vector<word_stretch> stretches(const ledger::known_target& t, period p, grouping by);
/** The key of a target's group (category, carrier, town) under these words; empty optional: it belongs to none. */
[[nodiscard]] std::optional<std::string> group_of(const ledger::known_target& t, const ledger::target_words& words,
                                                  grouping by);

}  // namespace changtong::books
