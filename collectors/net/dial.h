#pragma once
/** TCP connects without blocking. */
#include <cstdint>

#include "collectors/net/owned_fd.h"
#include "collectors/net/syscalls.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::net {

struct dialled {
  owned_fd fd;    ///< empty if the socket could not be had
  int error = 0;  ///< of our own calls; EINPROGRESS: wait for writability, 0: connected at once
};

[[nodiscard]] dialled dial(const syscalls& calls, const ip_address& to, std::uint16_t port);

/** How a connect that became writable ended: 0 or errno, EINPROGRESS if it has not. A socket that met itself (possible
 * on loopback when nobody listens) counts as refused. */
[[nodiscard]] int connect_result(int fd);

/** The kernel's own measure of the handshake; zero where it has none (SYN sent again). */
[[nodiscard]] nanoseconds handshake_time(int fd);

/** Closes by reset: a prober that asks every second must not leave a TIME_WAIT behind for each question. */
void hang_up(owned_fd fd);

}  // namespace changtong::net
