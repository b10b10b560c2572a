#pragma once
/** One datagram out and one in over a connected socket of its own: a source port that nobody can guess, answers from
 * nobody but the peer, and the network's refusals as errors of the next call. */
#include <cstddef>
#include <cstdint>
#include <span>

#include "collectors/net/dial.h"
#include "collectors/net/syscalls.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::net {

/** Connected (error 0) or not; never EINPROGRESS. */
[[nodiscard]] dialled dial_datagram(const syscalls& calls, const ip_address& to, std::uint16_t port);

/** 0 or errno; one that belongs to the network (refused, unreachable) is of a datagram before. */
[[nodiscard]] int send_datagram(const syscalls& calls, int fd, std::span<const std::uint8_t> bytes);

struct received_datagram {
  int error = 0;           ///< EAGAIN: nothing is there; of the network: what became of our datagram
  std::size_t length = 0;  ///< as it came; longer than the room: it was cut
  mono_t at{};             ///< the kernel's time of arrival
};
[[nodiscard]] received_datagram receive_datagram(const syscalls& calls, int fd, std::span<std::uint8_t> room);

}  // namespace changtong::net
