#pragma once
/** An IPv4 or IPv6 address as bytes; core knows no socket. */
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changtong {

struct ip_address {
  std::array<std::uint8_t, 16> bytes{};  ///< IPv4 in the first four
  bool v6 = false;
  friend auto operator<=>(const ip_address&, const ip_address&) = default;
};

/** Exactly an IPv4 dotted quad or an IPv6 literal without zone; empty otherwise. */
[[nodiscard]] std::optional<ip_address> parse_address(std::string_view text);
[[nodiscard]] std::string to_string(const ip_address& address);
/** ::ffff:192.0.2.1 as the 192.0.2.1 that it is in other words (RFC 4291, 2.5.5.2); any other as it is. */
[[nodiscard]] ip_address unmapped(const ip_address& address);
/** 127.0.0.0/8 or ::1, also where it is mapped. */
[[nodiscard]] bool is_loopback(const ip_address& address);

}  // namespace changtong
