#pragma once
/** TCP connect, closed at once. Arguments: `port=` (required), `reset=good|bad` (default good: a refusal proves that
 * the host is there). */
#include <cstdint>

#include "collectors/collector.h"
#include "collectors/net/syscalls.h"

namespace changtong {

struct tcp_settings : check_settings {
  std::uint16_t port = 0;
  bool reset_is_good = true;
};

kind_entry tcp_kind();
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_tcp(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
