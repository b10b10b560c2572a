#pragma once
/** The outer part of a community-based SNMP message (RFC 1901, RFC 3416), read without a library and without
 * allocating.
 *
 * It finds whose message this is before anything else looks at it: floods of foreign, late or forged datagrams end
 * here. It reads what it can, for any answer to our question shows that the line carries; only the request-id must be
 * there, since nothing else ties a datagram to a question. */
#include <cstdint>
#include <limits>
#include <string_view>

#include "collectors/wire/ber.h"
#include "collectors/wire/snmp_oddity.h"

namespace changtong::wire {

inline constexpr std::uint8_t snmp_get_request = 0xa0;
inline constexpr std::uint8_t snmp_response = 0xa2;

struct snmp_envelope {
  bool known = false;          ///< it could be read as far as the request-id; nothing else holds if not, but `cut`
  bool cut = false;            ///< its outermost length is more than the datagram has: an end is missing
  std::int64_t version = 1;    ///< 0 = v1, 1 = v2c
  std::string_view community;  ///< points into the message
  std::uint8_t pdu = 0;        ///< tag of the PDU
  std::int64_t request_id = 0;
  std::size_t id_offset = 0;  ///< where the request-id's value begins, for templates
  std::size_t id_length = 0;
  bytes rest;  ///< of the PDU behind the request-id, as far as it is there
  snmp_oddities odd;
};

/** `whole` is the datagram's length where `message` is only its beginning. */
[[nodiscard]] snmp_envelope read_snmp_envelope(bytes message, std::size_t whole);
[[nodiscard]] inline snmp_envelope read_snmp_envelope(bytes message) {
  return read_snmp_envelope(message, message.size());
}
/** An integer of a header, whatever its tag says; false: none stands there. */
[[nodiscard]] bool read_snmp_integer(ber_cursor& from, std::int64_t& to, snmp_oddities& odd);
/** For the beginning of a packet that somebody quotes: how long it was is not known. */
inline constexpr std::size_t of_unknown_length = std::numeric_limits<std::size_t>::max();

}  // namespace changtong::wire
