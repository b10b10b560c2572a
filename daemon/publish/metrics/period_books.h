#pragma once
/** The books of the civil day, month and year so far, of every target, group and contract: what no query over samples
 * can give, since it would drop the time that nobody observed. A value, computed from the ledger alone. */
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/contracts.h"
#include "daemon/availability/figures.h"
#include "daemon/core/contract.h"
#include "daemon/core/target.h"
#include "daemon/ledger/reader.h"

namespace changtong::metrics {

inline constexpr std::array<std::string_view, 3> window_names{"today", "month", "year"};
inline constexpr std::size_t window_count = window_names.size();

/** One target in one window; NaN where the formula has no value. */
struct target_figures {
  double availability, lower, coverage;
  double down_s;         ///< NaN: not in scope in this window
  std::int32_t outages;  ///< -1: likewise
};

struct group_sums {
  std::string by, key, name;
  std::array<availability::seconds, window_count> sums;  ///< without a scope: nothing of it lies in this window
};

/** A contract's lines over its period so far, by its own rules (availability::judge). */
struct contract_sums {
  contract terms;
  availability::seconds sums;
  std::optional<milliseconds> budget{};  ///< down time that the target allows them over the whole contract period
  std::array<std::int64_t, 5> lines{};   ///< by availability::judgement
};

struct period_books {
  wall_t cut{};                         ///< figures speak up to here
  std::shared_ptr<const inventory> of;  ///< whose indices `by_target` has
  std::vector<std::array<target_figures, window_count>> by_target;
  std::vector<group_sums> groups;
  std::vector<contract_sums> contracts;
};

/** One look at the ledger. Groups are those of names.h; a line that changed its carrier counts with each for the time
 * it was theirs. Throws as the reader does, and host::ended_early where `stop` asks for it. */
[[nodiscard]] period_books compute_books(const ledger::reader& from, std::shared_ptr<const inventory> inv,
                                         const std::vector<contract>& contracts, wall_t now,
                                         const std::stop_token& stop = {});

}  // namespace changtong::metrics
