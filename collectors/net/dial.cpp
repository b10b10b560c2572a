#include "collectors/net/dial.h"

#include <netinet/tcp.h>

#include <cerrno>
#include <cstring>

#include "collectors/net/socket_address.h"

namespace changtong::net {

dialled dial(const syscalls& calls, const ip_address& to, std::uint16_t port) {
  dialled d;
  d.fd = owned_fd(calls.socket(to.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!d.fd) {
    d.error = errno;
    return d;
  }
  socket_address address{};
  const socklen_t length = write_socket_address(address, to, port);
  if (calls.connect(d.fd.get(), &address.any, length) == 0)
    d.error = connect_result(d.fd.get());
  else
    d.error = errno == EINTR ? EINPROGRESS : errno;  // an interrupted connect goes on by itself
  return d;
}

int connect_result(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  if (error != 0) return error;
  socket_address here{}, there{};
  socklen_t here_length = sizeof here, there_length = sizeof there;
  if (::getpeername(fd, &there.any, &there_length) != 0) return errno == ENOTCONN ? EINPROGRESS : errno;
  if (::getsockname(fd, &here.any, &here_length) == 0 && here_length == there_length &&
      std::memcmp(&here, &there, here_length) == 0)
    return ECONNREFUSED;
  return 0;
}

nanoseconds handshake_time(int fd) {
  tcp_info told{};
  socklen_t length = sizeof told;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &told, &length) != 0 || told.tcpi_total_retrans != 0)
    return nanoseconds{0};
  return std::chrono::microseconds{told.tcpi_rtt};
}

void hang_up(owned_fd fd) {
  constexpr linger at_once{1, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace changtong::net
