#pragma once
/** Sets of instants as sorted, disjoint, non-empty half-open periods. Pure. */
#include <vector>

#include "daemon/core/instant.h"

namespace changtong::availability {

/** In order, overlapping and touching ones joined, empty ones dropped. */
[[nodiscard]] std::vector<period> united(std::vector<period> periods);
/** What of `from` is not in `holes`; both as united() returns them. */
[[nodiscard]] std::vector<period> without(const std::vector<period>& from, const std::vector<period>& holes);
/** `periods`, as united() returns them, cut to `frame`. */
[[nodiscard]] std::vector<period> clipped(const std::vector<period>& periods, period frame);
[[nodiscard]] milliseconds total(const std::vector<period>& periods);

}  // namespace changtong::availability
