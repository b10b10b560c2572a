#pragma once
/** Numbers that come with answers. How each of them is told stands in fact_table.h. */
#include <cstdint>

namespace changtong {

/** The unit is part of the name. */
enum class fact_name : std::uint8_t {
  up_time_centiseconds,        ///< sysUpTime.0, RFC 3418; wraps after 497 days
  interface_in_octets,         ///< ifHCInOctets; ifInOctets, of 32 bits, where an agent has no other
  interface_out_octets,        ///< ifHCOutOctets, ifOutOctets
  interface_in_errors,         ///< ifInErrors
  interface_out_errors,        ///< ifOutErrors
  interface_oper_status,       ///< ifOperStatus, RFC 2863: 1 up, 2 down, …
  resolve_nanoseconds,         ///< first name resolution of the chain
  connect_nanoseconds,         ///< TCP connect of the last hop
  tls_nanoseconds,             ///< TLS handshake of the last hop
  first_byte_nanoseconds,      ///< from the first connect to the last hop's header
  http_status,                 ///< of the last answer of the redirect chain
  page_bytes,                  ///< body bytes of the last answer, decoded
  redirects,                   ///< how many were followed
  certificate_expiry_seconds,  ///< the earliest notAfter of all certificates of all hops, Unix time
  http_version,                ///< of the last answer: 10 or 11
  tls_version,                 ///< of the last hop over TLS: 10 … 13
  address_family,              ///< of the last hop: 4 or 6
};

/** `index` tells interfaces apart (ifIndex), else 0. */
struct fact {
  fact_name name;
  std::uint32_t index;
  std::int64_t value;  ///< of a counter (fact_unit) its 64 bits, which have no sign
};
/** What a check may bring. */
struct fact_place {
  fact_name name;
  std::uint32_t index = 0;
};

}  // namespace changtong
