#include "collectors/net/trap_socket.h"

#include <fcntl.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "collectors/net/datagram_port.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"

namespace changtong::net {
namespace {

constexpr std::size_t control_bytes = 128;

int set(int fd, int level, int option, int value) { return ::setsockopt(fd, level, option, &value, sizeof value); }

/** 0 or errno. */
int prepare(int fd, bool v6, const ip_address& address, std::uint16_t port) {
  if (v6) {
    const bool any = address == ip_address{.bytes = {}, .v6 = true};
    if (set(fd, IPPROTO_IPV6, IPV6_V6ONLY, any ? 0 : 1) != 0) return errno;
    set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  } else {
    set(fd, IPPROTO_IP, IP_PKTINFO, 1);
  }
  set(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
  grow_buffers(fd);
  socket_address at{};
  const socklen_t length = write_socket_address(at, address, port);
  return ::bind(fd, &at.any, length) == 0 ? 0 : errno;
}

}  // namespace

struct trap_socket::buffers {
  std::array<std::array<std::uint8_t, longest>, batch> bytes;
  alignas(cmsghdr) std::array<std::array<std::uint8_t, control_bytes>, batch> control;
  std::array<socket_address, batch> from;
  std::array<iovec, batch> parts;
  std::array<mmsghdr, batch> messages;
  std::array<trap_datagram, batch> out;
};

result<std::unique_ptr<trap_socket>> trap_socket::open(const ip_address& address, std::uint16_t port) {
  const int family = address.v6 ? AF_INET6 : AF_INET;
  owned_fd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int failed = fd ? prepare(fd.get(), address.v6, address, port) : errno;
  if (failed != 0)
    return said(both("不能在 {} 端口 {} 接收陷阱：{}", "traps cannot be received at {} port {}: {}", to_string(address),
                     port, system_words(failed)));
  return std::unique_ptr<trap_socket>(new trap_socket(std::move(fd), address.v6));
}

trap_socket::trap_socket(owned_fd fd, bool v6) : fd_(std::move(fd)), v6_(v6), b_(std::make_unique<buffers>()) {}
trap_socket::~trap_socket() = default;

bool trap_socket::wait(milliseconds most) const {
  pollfd p{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&p, 1, static_cast<int>(most.count())) > 0;
}

std::span<const trap_datagram> trap_socket::receive() {
  buffers& b = *b_;
  for (std::size_t k = 0; k < batch; ++k) {
    b.parts[k] = {.iov_base = b.bytes[k].data(), .iov_len = longest};
    msghdr& m = b.messages[k].msg_hdr;
    m = {};
    m.msg_name = &b.from[k];
    m.msg_namelen = sizeof(socket_address);
    m.msg_iov = &b.parts[k];
    m.msg_iovlen = 1;
    m.msg_control = b.control[k].data();
    m.msg_controllen = control_bytes;
  }
  const int got = ::recvmmsg(fd_.get(), b.messages.data(), batch, MSG_DONTWAIT, nullptr);
  const std::size_t count = got > 0 ? static_cast<std::size_t>(got) : 0;
  for (std::size_t k = 0; k < count; ++k) {
    msghdr& m = b.messages[k].msg_hdr;
    trap_datagram& d = b.out[k] = {};
    d.bytes = std::span(b.bytes[k]).first(b.messages[k].msg_len);
    d.oversized = (m.msg_flags & MSG_TRUNC) != 0;
    d.sender.from = b.from[k];
    d.sender.from_length = m.msg_namelen;
    read_socket_address(b.from[k], d.sender.address, d.sender.port);
    d.sender.address = unmapped(d.sender.address);
    for (cmsghdr* c = CMSG_FIRSTHDR(&m); c != nullptr; c = CMSG_NXTHDR(&m, c)) {
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
        std::memcpy(&lost_, CMSG_DATA(c), sizeof lost_);
      } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
        in_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(c), sizeof info);
        std::memcpy(d.sender.to.bytes.data(), &info.ipi_addr, 4);
      } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
        in6_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(c), sizeof info);
        d.sender.to.v6 = true;
        std::memcpy(d.sender.to.bytes.data(), &info.ipi6_addr, 16);
      }
    }
  }
  return std::span(b.out).first(count);
}

void trap_socket::send(std::span<const std::uint8_t> bytes, const trap_sender& to) const {
  alignas(cmsghdr) std::array<std::uint8_t, control_bytes> control{};
  socket_address peer = to.from;
  std::array<std::uint8_t, longest> copy{};
  const std::size_t length = std::min(bytes.size(), copy.size());
  std::memcpy(copy.data(), bytes.data(), length);
  iovec part{.iov_base = copy.data(), .iov_len = length};
  msghdr m{};
  m.msg_name = &peer;
  m.msg_namelen = to.from_length;
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  if (to.to != ip_address{}) {
    m.msg_control = control.data();
    m.msg_controllen = to.to.v6 ? CMSG_SPACE(sizeof(in6_pktinfo)) : CMSG_SPACE(sizeof(in_pktinfo));
    cmsghdr* c = CMSG_FIRSTHDR(&m);
    if (to.to.v6) {
      in6_pktinfo info{};
      std::memcpy(&info.ipi6_addr, to.to.bytes.data(), 16);
      *c = {.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO};
      std::memcpy(CMSG_DATA(c), &info, sizeof info);
    } else {
      in_pktinfo info{};
      std::memcpy(&info.ipi_spec_dst, to.to.bytes.data(), 4);
      *c = {.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
      std::memcpy(CMSG_DATA(c), &info, sizeof info);
    }
  }
  static_cast<void>(::sendmsg(fd_.get(), &m, MSG_DONTWAIT | MSG_NOSIGNAL));
}

std::uint32_t trap_socket::lost() {
  const std::uint32_t since = lost_ - told_;
  told_ = lost_;
  return since;
}

std::uint16_t trap_socket::port() const {
  socket_address at{};
  socklen_t length = sizeof at;
  ip_address address;
  std::uint16_t port = 0;
  if (::getsockname(fd_.get(), &at.any, &length) == 0) read_socket_address(at, address, port);
  return port;
}

}  // namespace changtong::net
