#pragma once
/** What an agent answers: a handful of objects of a small router with one interface. Pure; time is an argument. */
#include <cstdint>
#include <span>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/simulate/district.h"
#include "daemon/simulate/snmp_request.h"

namespace changtong::simulate {

/** The constants of one line's agent, derived from the line; counters grow at a steady rate from them.
 *
 * An odd agent is one of those that stand in every network: it answers whom it should, but names a community of its own
 * in the answer, and leaves bytes behind the message. */
struct agent {
  std::string name;     ///< sysName: the line's id
  std::string circuit;  ///< ifAlias
  std::uint32_t mbps = 0;
  std::uint64_t up_before_ms = 0;  ///< uptime when the demo began
  std::uint64_t in_rate = 0;       ///< bytes a second
  std::uint64_t out_rate = 0;
  std::uint64_t error_every_ms = 0;  ///< an input error each
  bool odd = false;
  std::uint32_t restarts = 0;  ///< so often since then
  milliseconds restarted{0};   ///< the last one, after the demo began
};
/** How long it has run without a restart. */
[[nodiscard]] std::uint64_t up_time_ms(const agent& who, milliseconds running);
[[nodiscard]] agent make_agent(const district_line& line, std::uint64_t seed);

/** The response to a datagram, `running` after the demo began; 0 bytes where a real agent is silent too (malformed
 * request, wrong community). */
[[nodiscard]] std::size_t answer_datagram(const agent& who, std::string_view community,
                                          std::span<const std::uint8_t> datagram, milliseconds running,
                                          std::span<std::uint8_t, most_response_bytes> out);

}  // namespace changtong::simulate
