#pragma once
/** ICMP and ICMPv6 echo as bytes (RFC 792, RFC 4443): our request, the reply, and errors that quote our request.
 *
 * Payload of ours: magic (4), table index (4), random cookie (8), zeros. The sequence number is the low half of the
 * index, so that a router which quotes only eight bytes can still be matched. Pure; no allocation. */
#include <cstddef>
#include <cstdint>
#include <optional>

#include "collectors/wire/bytes.h"
#include "daemon/core/address.h"
#include "daemon/core/cause.h"

namespace changtong::wire {

inline constexpr std::size_t echo_header = 8;
inline constexpr std::size_t echo_payload_min = 24;
inline constexpr std::size_t echo_payload_max = 1472;

struct echo {
  std::uint16_t id = 0;
  std::uint32_t index = 0;
  std::uint64_t cookie = 0;
};

/** Writes header and payload; `out` holds at least echo_header + payload bytes. Returns the packet's length. The
 * checksum is filled in for IPv4 only: for IPv6 it covers addresses that the kernel knows. */
std::size_t write_echo(std::uint8_t* out, const echo& e, std::size_t payload, bool v6);

/** What an ICMP packet says to us. */
struct icmp_news {
  enum class sort : std::uint8_t {
    foreign,    ///< well-formed, but not about an echo of ours (another program's ping)
    malformed,  ///< truncated, wrong checksum, lengths that contradict each other
    reply,      ///< `about` is complete
    refusal,    ///< an error about an echo with our id; see `why`, `to`
  };
  sort what = sort::malformed;
  echo about;          ///< refusal: index is only its low half unless `whole`
  bool whole = false;  ///< index and cookie were in the packet
  cause why = cause::none;
  ip_address to;  ///< refusal: where the quoted echo was going
};

/** IPv4 packet as a raw socket delivers it, IP header first. `id` is our echo id. */
[[nodiscard]] icmp_news read_icmp4_packet(bytes packet, std::uint16_t id);
/** ICMP message without IP header (ping socket, whose id the kernel keeps for us: give no id, any is accepted). */
[[nodiscard]] icmp_news read_icmp4(bytes message, std::optional<std::uint16_t> id);
/** ICMPv6 message; raw and ping sockets both deliver it without IPv6 header and with the checksum verified. */
[[nodiscard]] icmp_news read_icmp6(bytes message, std::optional<std::uint16_t> id);

/** Our echo request as an error queue hands it back: from its ICMP header on, perhaps cut short. */
[[nodiscard]] std::optional<echo> read_own_request(bytes message, bool v6);

/** The cause behind an error message of type and code; none where it says nothing about the target. */
[[nodiscard]] cause cause_of_icmp4(std::uint8_t type, std::uint8_t code);
[[nodiscard]] cause cause_of_icmp6(std::uint8_t type, std::uint8_t code);

[[nodiscard]] std::uint16_t internet_checksum(bytes message);

}  // namespace changtong::wire
