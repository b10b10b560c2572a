#pragma once
/** Who a request is from where proxies that are trusted hand it on. Decides without a socket. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/web.h"

namespace changtong {

struct ip_network {
  ip_address base;         ///< what does not belong to the network is 0; never a mapped IPv4 address
  std::uint8_t bits = 32;  ///< that its addresses share: 0 .. 32, of IPv6 .. 128
  friend bool operator==(const ip_network&, const ip_network&) = default;
};

/** "10.0.0.0/8", "2001:db8::/32" or one address. Empty for anything else, also where bits behind the length are set: it
 * would be a guess which of the two is meant. */
[[nodiscard]] std::optional<ip_network> parse_network(std::string_view text);
[[nodiscard]] std::string to_string(const ip_network& network);
/** A mapped address is the IPv4 address that it maps. */
[[nodiscard]] bool holds(const ip_network& network, const ip_address& address);

struct proxy_settings {
  std::vector<ip_network> trusted;                ///< empty: nobody's word counts
  std::string client_header = "x-forwarded-for";  ///< lower case
  std::string user_header;                        ///< lower case; empty: no proxy says who somebody is
  friend bool operator==(const proxy_settings&, const proxy_settings&) = default;
};

/** Puts into `request` who asked and whom a proxy vouches for. Its peer is whom the connection is from: if that is no
 * trusted proxy, the request stays as it is. Else the client is, of the addresses that the header lists, the last one
 * that is not trusted: what stands before it anybody can have written. A list that cannot be read up to there ends at
 * the last trusted address in it. */
void hand_on(const proxy_settings& by, web_request& request);

}  // namespace changtong
