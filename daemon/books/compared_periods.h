#pragma once
/** What a report's figures are held against: 环比, the period before, and 同比, the same one a year ago. One walk over
 * the histories each; a period that the ledger does not know is none. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/availability/figures.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

struct earlier_period {
  std::string name;  ///< 2025年11月
  availability::seconds sums;
  std::int64_t targets = 0;  ///< that were in scope
  bool whole = false;        ///< the ledger begins before it
};
struct compared_periods {
  std::optional<earlier_period> before, year_ago;
};
/** Of a period by its token: 2026-03, 2026-Q1, 2026; any other has nothing to be held against. Of a year the one before
 * is both, and stands in `before` alone. Throws std::runtime_error as a reader does. */
[[nodiscard]] compared_periods compared_with(const ledger::reader& from, std::string_view token, wall_t now);

}  // namespace changtong::books
