#pragma once
/** The port that traps come to: datagrams by the batch, and answers to where they came from, from the address that they
 * were sent to. One thread receives; send() may be called from another. */
#include <cstdint>
#include <memory>
#include <span>

#include "collectors/net/owned_fd.h"
#include "collectors/net/socket_address.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong::net {

/** Where a datagram came from, and to which of our addresses. */
struct trap_sender {
  socket_address from{};
  socklen_t from_length = 0;
  ip_address to;       ///< of ours; unset where the system does not say
  ip_address address;  ///< `from` without its port; IPv4 also where it came mapped into IPv6
  std::uint16_t port = 0;
};

struct trap_datagram {
  std::span<const std::uint8_t> bytes;
  trap_sender sender;
  bool oversized = false;  ///< longer than any trap that we take; `bytes` is its beginning
};

class trap_socket {
 public:
  static constexpr std::size_t batch = 64, longest = 8192;

  /** The unspecified IPv6 address takes IPv4 as well. A problem says what the system said. */
  [[nodiscard]] static result<std::unique_ptr<trap_socket>> open(const ip_address& address, std::uint16_t port);
  ~trap_socket();
  trap_socket(const trap_socket&) = delete;
  trap_socket& operator=(const trap_socket&) = delete;

  /** Waits at most so long until something can be received. */
  [[nodiscard]] bool wait(milliseconds most) const;
  /** Never blocks; spans are valid until the next call. */
  [[nodiscard]] std::span<const trap_datagram> receive();
  /** Best effort. */
  void send(std::span<const std::uint8_t> bytes, const trap_sender& to) const;
  /** What the kernel could not hold, since the last call. */
  [[nodiscard]] std::uint32_t lost();
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct buffers;
  explicit trap_socket(owned_fd fd, bool v6);
  owned_fd fd_;
  bool v6_;
  std::unique_ptr<buffers> b_;
  std::uint32_t lost_ = 0, told_ = 0;
};

}  // namespace changtong::net
