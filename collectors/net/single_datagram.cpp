#include "collectors/net/single_datagram.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "collectors/net/clock.h"
#include "collectors/net/socket_address.h"

namespace changtong::net {

dialled dial_datagram(const syscalls& calls, const ip_address& to, std::uint16_t port) {
  dialled d;
  d.fd = owned_fd(calls.socket(to.v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
  if (!d.fd) {
    d.error = errno;
    return d;
  }
  const int on = 1;
  ::setsockopt(d.fd.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  ::setsockopt(d.fd.get(), to.v6 ? IPPROTO_IPV6 : IPPROTO_IP, to.v6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
  socket_address address{};
  const socklen_t length = write_socket_address(address, to, port);
  if (calls.connect(d.fd.get(), &address.any, length) != 0) d.error = errno;
  return d;
}

int send_datagram(const syscalls& calls, int fd, std::span<const std::uint8_t> bytes) {
  iovec part{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  mmsghdr message{};
  message.msg_hdr.msg_iov = &part;
  message.msg_hdr.msg_iovlen = 1;
  while (calls.sendmmsg(fd, &message, 1, 0) != 1)
    if (errno != EINTR) return errno;
  return 0;
}

received_datagram receive_datagram(const syscalls& calls, int fd, std::span<std::uint8_t> room) {
  iovec part{room.data(), room.size()};
  alignas(cmsghdr) std::array<char, 128> control;
  mmsghdr message{};
  int got = -1;
  do {
    message.msg_hdr = {};
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
    message.msg_hdr.msg_control = control.data();
    message.msg_hdr.msg_controllen = control.size();
    got = calls.recvmmsg(fd, &message, 1, MSG_DONTWAIT | MSG_TRUNC, nullptr);
  } while (got < 0 && errno == EINTR);
  if (got != 1) return {.error = got < 0 ? errno : EAGAIN};
  received_datagram r{.length = message.msg_len, .at = mono_now()};
  const nanoseconds offset = wall_minus_mono();
  for (cmsghdr* c = CMSG_FIRSTHDR(&message.msg_hdr); c != nullptr; c = CMSG_NXTHDR(&message.msg_hdr, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec t;
    std::memcpy(&t, CMSG_DATA(c), sizeof t);
    r.at = std::min(r.at, mono_t{nanoseconds{t.tv_sec * 1'000'000'000LL + t.tv_nsec} - offset});
  }
  return r;
}

}  // namespace changtong::net
