#pragma once
/** Rule 7 b: a check that was up by its silence alone, while another one had its doubts, was not. Pure. */
#include <cstdint>
#include <span>

#include "daemon/core/instant.h"
#include "daemon/verdict/passing.h"
#include "daemon/verdict/piece.h"

namespace changtong::verdict {

/** What is up of `queue` within `when` (in order of their begins, and of their ends) becomes unknown. Costs the pieces
 * from the first of them to the last, which `looked_at` counts. */
void fall_silent(passing<piece>& queue, std::span<const period> when, std::uint64_t& looked_at);

}  // namespace changtong::verdict
