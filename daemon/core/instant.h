#pragma once
/** Time, in two kinds that never mix.
 *
 * `mono_t` measures (deadlines, round trips, lateness); `wall_t` labels (journal, books). A wall label is whole
 * milliseconds since 1970 UTC, rounded down. Nothing in core, verdict, ledger or availability asks for the time:
 * it is an argument. */
#include <chrono>
#include <compare>
#include <cstdint>

namespace changtong {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using mono_t = std::chrono::time_point<std::chrono::steady_clock, nanoseconds>;
using wall_t = std::chrono::sys_time<milliseconds>;

/** Half-open: `from` belongs to it, `to` does not. Empty when `to <= from`. */
struct period {
  wall_t from;
  wall_t to;
  friend auto operator<=>(const period&, const period&) = default;
  [[nodiscard]] bool empty() const { return to <= from; }
  [[nodiscard]] milliseconds length() const { return empty() ? milliseconds{0} : to - from; }
  [[nodiscard]] bool holds(wall_t at) const { return from <= at && at < to; }
};

[[nodiscard]] inline period intersect(period a, period b) {
  return {a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to};
}

constexpr wall_t wall_from_ms(std::int64_t ms) { return wall_t{milliseconds{ms}}; }
constexpr std::int64_t ms_of(wall_t at) { return at.time_since_epoch().count(); }
/** The far ends, for "since ever" and "open". Kept inside ±2^53 so that JSON numbers carry them. */
inline constexpr wall_t wall_min = wall_from_ms(-(1LL << 52));
inline constexpr wall_t wall_max = wall_from_ms(1LL << 52);

}  // namespace changtong
