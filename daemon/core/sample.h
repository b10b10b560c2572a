#pragma once
/** What one slot of a check saw. Three outcomes: our own failure is never the line's (promise 2). */
#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/core/cause.h"
#include "daemon/core/fact.h"
#include "daemon/core/instant.h"

namespace changtong {

enum class outcome : std::uint8_t { good, bad, not_measured };
[[nodiscard]] constexpr std::string_view name_of(outcome o) {
  return o == outcome::good ? "good" : o == outcome::bad ? "bad" : "not_measured";
}

using check_index = std::uint32_t;
using target_index = std::uint32_t;
inline constexpr std::uint32_t no_index = 0xffffffff;

/** One sample. `facts` and `detail` live only while it is handed over: copy what must stay.
 * `at` is the label of `sent`; `interval` the regular interval in force when it was asked (rule 1 of the books). */
struct sample {
  check_index check = no_index;
  outcome what = outcome::not_measured;
  cause why = cause::none;
  mono_t sent{};
  wall_t at{};
  nanoseconds rtt{0};    ///< good samples only
  milliseconds took{0};  ///< bad samples only: how long it was until it was known to be bad (rule 10), rounded down
  bool after_own_uplink = false;  ///< bad samples only: sent within a minute after a silence of our own uplink
  milliseconds interval{0};
  std::uint32_t slots = 1;  ///< more than 1 only for not_measured(late): that many slots in a row, `at` the first
  std::span<const fact> facts{};
  std::string_view detail{};  ///< one sentence for a person, often empty; never a secret
};

}  // namespace changtong
