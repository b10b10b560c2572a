#pragma once
/** What one slot of a check saw. Three outcomes: our own failure is never the line's (promise 2). */
#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/core/cause.h"
#include "daemon/core/instant.h"

namespace changtong {

enum class outcome : std::uint8_t { good, bad, not_measured };
[[nodiscard]] constexpr std::string_view name_of(outcome o) {
  return o == outcome::good ? "good" : o == outcome::bad ? "bad" : "not_measured";
}

/** A number that came with an answer. The unit is part of the name; `index` tells interfaces apart (ifIndex), else 0.
 */
enum class fact_name : std::uint8_t {
  up_time_centiseconds,        ///< sysUpTime.0, RFC 3418; wraps after 497 days
  interface_oper_status,       ///< ifOperStatus, RFC 2863: 1 up, 2 down, …
  interface_admin_status,      ///< ifAdminStatus, RFC 2863
  interface_in_octets,         ///< ifHCInOctets
  interface_out_octets,        ///< ifHCOutOctets
  interface_in_errors,         ///< ifInErrors
  interface_out_errors,        ///< ifOutErrors
  http_status,                 ///< of the last answer of the redirect chain
  page_bytes,                  ///< body bytes of the last answer, after chunked decoding
  resolve_nanoseconds,         ///< first name resolution of the chain
  connect_nanoseconds,         ///< TCP connect of the last hop
  tls_nanoseconds,             ///< TLS handshake of the last hop
  first_byte_nanoseconds,      ///< from the first connect to the last hop's header
  redirects,                   ///< how many were followed
  certificate_expiry_seconds,  ///< notAfter of the leaf, Unix time
};
[[nodiscard]] std::string_view name_of(fact_name n);
struct fact {
  fact_name name;
  std::uint32_t index;
  std::int64_t value;
};

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
