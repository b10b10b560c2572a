#include "collectors/net/syscalls.h"

namespace changtong::net {

const syscalls& syscalls::kernel() {
  static const syscalls table{
      [](int family, int type, int protocol) { return ::socket(family, type, protocol); },
      [](int fd, const sockaddr* to, socklen_t length) { return ::connect(fd, to, length); },
      [](int fd, mmsghdr* messages, unsigned count, int flags) { return ::sendmmsg(fd, messages, count, flags); },
      [](int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
        return ::recvmmsg(fd, messages, count, flags, timeout);
      }};
  return table;
}

}  // namespace changtong::net
