#pragma once
/** A name server that is asked in place of those of the machine's own configuration (/etc/resolv.conf). */
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/core/address.h"

namespace changtong {

struct name_server {
  ip_address address;
  std::uint16_t port = 53;
  friend bool operator==(const name_server&, const name_server&) = default;
};

/** `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]` or `[2001:db8::53]:5353`, port 1 .. 65535; empty otherwise. */
[[nodiscard]] std::optional<name_server> parse_name_server(std::string_view text);
/** As it is written, with the port where that is not 53. */
[[nodiscard]] std::string to_string(const name_server& s);
/** Several, with a blank between them. */
[[nodiscard]] std::string to_string(std::span<const name_server> servers);

}  // namespace changtong
