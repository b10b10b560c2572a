#pragma once
/** sysUpTime (RFC 3418) as evidence: hundredths of a second in 32 bits, which begin anew after 497 days and when the
 * agent or its device does. Pure. */
#include <cstdint>

#include "daemon/core/instant.h"

namespace changtong {

/** Whether an agent whose count was `before` may have `after` so much later, or earlier where `elapsed` is negative: it
 * neither began anew nor leapt. The turn after 497 days and some percent off our clock are none of either. */
[[nodiscard]] constexpr bool ran_on(std::uint64_t before_centiseconds, std::uint64_t after_centiseconds,
                                    nanoseconds elapsed) {
  constexpr std::int64_t turn = std::int64_t{1} << 32U, slack = 5 * 100;
  const std::int64_t gone = elapsed.count() / 10'000'000, length = gone < 0 ? -gone : gone;
  const std::int64_t off = (static_cast<std::int64_t>(after_centiseconds) % turn -
                            static_cast<std::int64_t>(before_centiseconds) % turn - gone) %
                           turn;
  const std::int64_t one_way = off < 0 ? off + turn : off, other_way = turn - one_way;
  return (one_way < other_way ? one_way : other_way) <= slack + length / 50;
}

/** Whether an agent began anew between two answers that lie `elapsed` apart by our own monotonic clock. The count's
 * turn after 497 days is no new beginning, nor is a count that runs some percent off ours, stands for some seconds or
 * jumps ahead. A second beginning within seconds of one before cannot be seen. */
[[nodiscard]] constexpr bool restarted(std::uint64_t before_centiseconds, std::uint64_t after_centiseconds,
                                       nanoseconds elapsed) {
  constexpr std::uint64_t turn = std::uint64_t{1} << 32U;
  const nanoseconds gone = elapsed.count() < 0 ? nanoseconds{0} : elapsed;
  const std::uint64_t expected = before_centiseconds % turn + static_cast<std::uint64_t>(gone.count() / 10'000'000);
  return after_centiseconds % turn < expected && !ran_on(before_centiseconds, after_centiseconds, gone);
}

}  // namespace changtong
