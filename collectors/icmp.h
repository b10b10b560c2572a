#pragma once
/** Echo requests over IPv4 and IPv6. Arguments: `size=` payload bytes, 24 to 1472, default 56. */
#include "collectors/collector.h"
#include "collectors/net/syscalls.h"

namespace changtong {

struct icmp_settings : check_settings {
  std::size_t payload = 56;
};

kind_entry icmp_kind();
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_icmp(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
