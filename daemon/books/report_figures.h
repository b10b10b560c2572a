#pragma once
/** Gathers what a report shows: one walk over the ledger's histories, nothing decided here. Memory grows with the
 * targets and is bounded in outages, gaps and windows: the longest are kept, the rest is counted. */
#include <functional>
#include <string>

#include "daemon/books/report_figures_types.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong {

/** A civil month, quarter or year of a ledger. */
struct report_period {
  period when;
  std::string name;   ///< 2026年3月, 2026年第1季度, 2026年
  std::string title;  ///< 2026年3月政务专线与网站畅通率月报
  std::string token;  ///< 2026-03, 2026-Q1, 2026: for file names
  bool month = false;
};
/** `2026-03`, `2026-Q1` or `2026`; anything else is a problem that says so. */
[[nodiscard]] result<report_period> report_period_named(const civil_zone& zone, std::string_view text);

/** Of lists: the longest, or first, so many are kept, the rest is counted. */
struct report_limits {
  static constexpr std::size_t outages = 100, gaps = 50, windows = 5000;
};

struct report_request {
  report_period when;
  wall_t now{};
  std::optional<wall_t> as_known_at{};
  std::string fingerprint;  ///< of the ledger's seals; empty = not sealed
  milliseconds step = availability::default_step;
  std::function<void()> go_on{};                ///< called at each target; what it throws ends the gathering
  availability::snapshots* instants = nullptr;  ///< lines are added there as well: R3 over several reports
};

/** A problem where the journal's policy cannot be read. Throws std::runtime_error as a reader does. */
[[nodiscard]] result<report::availability_report> gather_report(const ledger::reader& from, const report_request& r);

}  // namespace changtong
