#pragma once
/** System calls that fail on demand: zero means the kernel's own. Tests are single-threaded. */
#include <cerrno>
#include <cstdint>
#include <vector>

#include "collectors/net/syscalls.h"

namespace changtong::test {

struct failing_calls {
  inline static int socket_error = 0, connect_error = 0, send_error = 0, raw_error = 0;
  inline static int v6_connect_error = 0;  ///< of connects to IPv6 addresses alone
  inline static int send_at_most = 0;      ///< messages a sendmmsg takes; 0 = all
  inline static int full_for = 0;          ///< so many sendmmsg calls say EAGAIN first
  inline static int sends = 0;

  inline static bool swallow = false;  ///< sendmmsg pretends, and keeps the packets here
  inline static std::vector<std::vector<std::uint8_t>> swallowed;

  static void reset() {
    swallow = false;
    swallowed.clear();
    socket_error = connect_error = v6_connect_error = send_error = raw_error = 0;
    send_at_most = full_for = sends = 0;
  }

  static const net::syscalls& table() {
    static const net::syscalls calls{[](int family, int type, int protocol) {
                                       if (socket_error != 0) return errno = socket_error, -1;
                                       if (raw_error != 0 && (type & 0xff) == SOCK_RAW) return errno = raw_error, -1;
                                       return net::syscalls::kernel().socket(family, type, protocol);
                                     },
                                     [](int fd, const sockaddr* to, socklen_t length) {
                                       if (connect_error != 0) return errno = connect_error, -1;
                                       if (v6_connect_error != 0 && to->sa_family == AF_INET6)
                                         return errno = v6_connect_error, -1;
                                       return net::syscalls::kernel().connect(fd, to, length);
                                     },
                                     [](int fd, mmsghdr* messages, unsigned count, int flags) {
                                       ++sends;
                                       if (full_for > 0) return --full_for, errno = EAGAIN, -1;
                                       if (send_error != 0) return errno = send_error, -1;
                                       if (swallow) return keep(messages, count);
                                       if (send_at_most != 0 && count > static_cast<unsigned>(send_at_most))
                                         count = static_cast<unsigned>(send_at_most);
                                       return net::syscalls::kernel().sendmmsg(fd, messages, count, flags);
                                     },
                                     net::syscalls::kernel().recvmmsg};
    return calls;
  }

 private:
  static int keep(const mmsghdr* messages, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const iovec& part = *messages[i].msg_hdr.msg_iov;
      const auto* p = static_cast<const std::uint8_t*>(part.iov_base);
      swallowed.emplace_back(p, p + part.iov_len);
    }
    return static_cast<int>(count);
  }
};

/** The three errors that must never make a line look down, and the rest of our own. */
struct own_error {
  int error;
  cause why;
};
inline constexpr own_error own_errors[] = {{EPERM, cause::own_permission},   {EACCES, cause::own_permission},
                                           {EMFILE, cause::own_descriptors}, {ENFILE, cause::own_descriptors},
                                           {ENOBUFS, cause::own_buffers},    {ENOMEM, cause::own_buffers},
                                           {ENETUNREACH, cause::own_route},  {EADDRNOTAVAIL, cause::own_address},
                                           {ENETDOWN, cause::own_interface}, {EINVAL, cause::own_failure}};

}  // namespace changtong::test
