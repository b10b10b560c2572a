#pragma once
/** One DNS question to a name server, over UDP, and over TCP where the answer is too long for a datagram. Arguments:
 * `name=` (required), `type=`, `expect=`, `match=`, `recursive=`, `transport=`, `port=`; see arguments.def. The round
 * trip lasts from the first datagram to the end of the answer that counts. */
#include "collectors/collector.h"
#include "collectors/net/syscalls.h"

namespace changtong {

kind_entry dns_kind();
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_dns(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
