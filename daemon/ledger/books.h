#pragma once
/** The books asked for by people: a reader's histories measured, grouped and named. The API and the command line call
 * the same function, so that they cannot differ. */
#include <string_view>
#include <vector>

#include "daemon/availability/books.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong::ledger {

enum class grouping : std::uint8_t { line, category, carrier, town, day, month };
[[nodiscard]] result<grouping> grouping_named(std::string_view name);

/** Rows of `p` cut at `now`. Lines and sites, never anchors; who has no scope in the period is in no row, and a row
 * without any scope is not there. By line: formula A, in order of id. All others: R1 over all lines and sites of the
 * group; categories in display order (a site's is `website`), carriers and towns in order of their name (an empty key
 * for targets without one; sites have neither and are left out), days and months in order of time. Throws
 * std::runtime_error with a sentence where the ledger can no longer be read. */
[[nodiscard]] std::vector<availability::availability_row> books(const reader& from, period p, wall_t now, grouping by);

}  // namespace changtong::ledger
