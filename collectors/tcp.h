#pragma once
/** TCP connect, closed at once or after the service has answered. Arguments: `port=` (required), `expect=` (bytes that
 * its answer has among the first 4 KiB), `send=` (what it is told first), `reset=good|bad` (default good: a refusal
 * proves that the host is there; bad where an answer is expected). The round trip is the handshake's. */
#include <cstdint>

#include "collectors/collector.h"
#include "collectors/net/syscalls.h"
#include "collectors/tcp_talk.h"

namespace changtong {

struct tcp_settings : check_settings {
  std::uint16_t port = 0;
  bool reset_is_good = true;
  tcp_script script{};
  [[nodiscard]] bool talks() const { return !script.expect.empty(); }
};

kind_entry tcp_kind();
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_tcp(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
