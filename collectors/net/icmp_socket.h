#pragma once
/** Opening an ICMP socket with the least it takes: raw (CAP_NET_RAW), else an unprivileged ping socket
 * (net.ipv4.ping_group_range), else the reason. */
#include <cstdint>

#include "collectors/net/datagram_port.h"

namespace changtong::net {

enum class icmp_mode : std::uint8_t { unopened, raw, ping };

struct icmp_opening {
  icmp_mode mode = icmp_mode::unopened;
  int error = 0;  ///< errno when unopened
};

/** A raw socket is filtered to echo replies and to errors; a ping socket gets errors through its error queue. */
[[nodiscard]] icmp_opening open_icmp(datagram_port& port, bool v6);

}  // namespace changtong::net
