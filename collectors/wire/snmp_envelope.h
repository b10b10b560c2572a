#pragma once
/** The outer part of an SNMP v2c message (RFC 1901, RFC 3416), read without a library and without allocating.
 *
 * It finds whose message this is before anything costly looks at it: floods of foreign, late or forged datagrams end
 * here. The values inside are net-snmp's business (collectors/net/snmp_codec.h). */
#include <cstdint>
#include <optional>
#include <string_view>

#include "collectors/wire/bytes.h"

namespace changtong::wire {

inline constexpr std::uint8_t snmp_get_request = 0xa0;
inline constexpr std::uint8_t snmp_response = 0xa2;

struct snmp_envelope {
  std::string_view community;  ///< points into the message
  std::uint8_t pdu = 0;        ///< tag of the PDU
  std::int32_t request_id = 0;
  std::size_t id_offset = 0;  ///< where the request-id's value begins, for templates
  std::size_t id_length = 0;
};

/** Empty unless the message is v2c and whole up to its request-id. With `cut_short`, lengths may point past the end of
 * what is there (an ICMP error quotes the beginning only); otherwise the outermost length must be exactly the
 * message's. */
[[nodiscard]] std::optional<snmp_envelope> read_snmp_envelope(bytes message, bool cut_short = false);

}  // namespace changtong::wire
