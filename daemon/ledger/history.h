#pragma once
/** A target's rows laid together into what availability measures. Pure; internal to daemon/ledger. */
#include <optional>
#include <vector>

#include "daemon/availability/figures.h"

namespace changtong::ledger {

/** What the tables say of one target. */
struct belief {
  bool known = false;  ///< it has a transition; before `first` nothing is known
  wall_t first{};
  std::vector<availability::outage> outages;      ///< in order of began; holes not filled in
  std::vector<availability::state_span> unknown;  ///< in any order, may overlap
};

/** `unknown` of `b` in order and without overlap: where two overlap, the earlier one names the cause. With the time
 * before the first transition and after the heartbeat. */
[[nodiscard]] std::vector<availability::state_span> unknown_time(const belief& b, wall_t heartbeat);

/** Fills in the holes. An open outage ends its known part with a hole to wall_max. `unknown` as unknown_time() gives
 * it. */
void cut_holes(std::vector<availability::outage>& outages, const std::vector<availability::state_span>& unknown);

/** up, down and unknown inside `p`, in order, without holes between them. */
[[nodiscard]] std::vector<availability::state_span> spans_of(const std::vector<availability::outage>& outages,
                                                             const std::vector<availability::state_span>& unknown,
                                                             period p);

}  // namespace changtong::ledger
