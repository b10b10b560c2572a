#pragma once
/** Web addresses and the decisions about them: what may be fetched, where a redirect leads, which status is expected.
 * Pure; input is bounded and never trusted (a Location header comes from outside). */
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/result.h"

namespace changtong::wire {

struct web_address {
  bool tls = false;
  std::string host;  ///< lower case ASCII, without brackets
  std::uint16_t port = 0;
  std::string target;  ///< path and query, percent-encoded, begins with a slash
  friend bool operator==(const web_address&, const web_address&) = default;
};

/** `http://` or `https://` with a host, at most 8 KiB. User names are refused: they would end up in logs. A Chinese
 * host name becomes xn--…; a fragment is dropped; blanks and bytes above 0x7e in the path are percent-encoded, as
 * browsers do. */
[[nodiscard]] result<web_address> parse_web_address(std::string_view text);

/** Where `location` leads from `from` (RFC 3986, 5.2), read as leniently as browsers do; a user name in it is dropped.
 * Leaving TLS is refused unless allowed. */
[[nodiscard]] result<web_address> next_hop(const web_address& from, std::string_view location, bool allow_downgrade);

/** Scheme, host and port are the same. */
[[nodiscard]] bool same_origin(const web_address& a, const web_address& b);

/** What the Host header says: the port only if it is not the scheme's own. */
[[nodiscard]] std::string host_header(const web_address& address);

/** Ranges of HTTP status, as in `200-399` or `200,301-302`; `+` separates as well, for lists inside a check's text. */
class status_ranges {
 public:
  [[nodiscard]] static result<status_ranges> parse(std::string_view text);
  [[nodiscard]] bool holds(unsigned status) const;

 private:
  std::vector<std::pair<unsigned, unsigned>> ranges_{{200, 399}};
};

/** A status whose Location is to be followed (RFC 9110, 15.4). */
[[nodiscard]] bool is_redirect(unsigned status);

}  // namespace changtong::wire
