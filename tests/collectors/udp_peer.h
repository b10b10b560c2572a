#pragma once
/** A UDP socket of the test's own on loopback, port chosen by the kernel, and a few words of SNMP to say with it. */
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "collectors/net/owned_fd.h"
#include "collectors/net/socket_address.h"

namespace changtong::test {

using byte_vector = std::vector<std::uint8_t>;

class udp_peer {
 public:
  explicit udp_peer(const char* address = "127.0.0.1") {
    const ip_address where = parse_address(address).value();
    fd_ = net::owned_fd(::socket(where.v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0));
    net::socket_address a{};
    socklen_t length = net::write_socket_address(a, where, 0);
    if (::bind(fd_.get(), &a.any, length) != 0) throw std::runtime_error("bind");
    ::getsockname(fd_.get(), &a.any, &length);
    ip_address ignored;
    net::read_socket_address(a, ignored, port_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

  /** The next datagram within two seconds; remembers who sent it. */
  std::optional<byte_vector> next(int wait_ms = 2000) {
    pollfd p{fd_.get(), POLLIN, 0};
    if (::poll(&p, 1, wait_ms) != 1) return std::nullopt;
    byte_vector packet(65536);
    socklen_t length = sizeof from_;
    const auto n = ::recvfrom(fd_.get(), packet.data(), packet.size(), 0, &from_.any, &length);
    from_length_ = length;
    packet.resize(static_cast<std::size_t>(n < 0 ? 0 : n));
    return packet;
  }
  void reply(const byte_vector& packet) const { reply_from(fd_.get(), packet); }
  void reply_from(int fd, const byte_vector& packet) const {
    ::sendto(fd, packet.data(), packet.size(), 0, &from_.any, from_length_);
  }

 private:
  net::owned_fd fd_;
  std::uint16_t port_ = 0;
  net::socket_address from_{};
  socklen_t from_length_ = 0;
};

}  // namespace changtong::test
