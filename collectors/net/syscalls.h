#pragma once
/** The system calls that can fail for our own reasons, as a table, so that tests can make them fail.
 * Whoever takes a table keeps a reference: it must live as long. Stateless functions; `kernel()` is the normal one. */
#include <sys/socket.h>

#include <ctime>

namespace changtong::net {

struct syscalls {
  int (*socket)(int family, int type, int protocol);
  int (*connect)(int fd, const sockaddr* to, socklen_t length);
  int (*sendmmsg)(int fd, mmsghdr* messages, unsigned count, int flags);
  int (*recvmmsg)(int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout);

  [[nodiscard]] static const syscalls& kernel();
};

}  // namespace changtong::net
