#include "daemon/core/address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace changtong {

std::optional<ip_address> parse_address(std::string_view text) {
  const std::string copy(text);
  if (copy.size() != copy.find('\0') && copy.find('\0') != std::string::npos) return std::nullopt;
  ip_address a;
  if (inet_pton(AF_INET, copy.c_str(), a.bytes.data()) == 1) return a;
  a.v6 = true;
  if (inet_pton(AF_INET6, copy.c_str(), a.bytes.data()) == 1) return a;
  return std::nullopt;
}

std::string to_string(const ip_address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
  return text.data();
}

ip_address unmapped(const ip_address& address) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!address.v6 || !std::equal(mapped.begin(), mapped.end(), address.bytes.begin())) return address;
  ip_address v4;
  std::copy(address.bytes.begin() + mapped.size(), address.bytes.end(), v4.bytes.begin());
  return v4;
}

bool is_loopback(const ip_address& address) {
  constexpr ip_address one{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, true};
  const ip_address a = unmapped(address);
  return a.v6 ? a == one : a.bytes[0] == 127;
}

}  // namespace changtong
