#pragma once
/** Rule 7 over observers: what several of them believe of one target -> one history. Pure; README.md holds the rules.
 */
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"

namespace changtong::observers {

/** How far apart the first samples of two observers' runs may lie that are one hiccup. */
inline constexpr milliseconds one_hiccup{10'000};

/** What one merged observer says of a target. */
struct testimony {
  std::string_view observer;
  milliseconds width{0};  ///< of its clock (observer.h)
  const availability::target_history* history = nullptr;
};

/** `of` in order of rank, at least one; each history of the whole of time, so that an outage is the same whatever
 * period is asked for. Spans, outages and unconfirmed runs; scope and windows are the caller's. */
[[nodiscard]] availability::target_history merge(std::span<const testimony> of);

/** A stretch in which one says up and another down. */
struct disagreement {
  std::string target;
  period when{};
  std::vector<std::string> up, down;  ///< who said so in it, by rank
};
/** Those inside `scope` that are longer than half a minute, in order. */
[[nodiscard]] std::vector<disagreement> disagreements(std::span<const testimony> of, period scope);

}  // namespace changtong::observers
