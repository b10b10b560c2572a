#pragma once
/** Descriptors, each with a number, in an epoll set that is only looked at when asked: no wake-up a descriptor. Made by
 * the first. One thread. */
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "collectors/net/owned_fd.h"

namespace changtong::net {

class ready_set {
 public:
  /** The next of these events is told, once. 0, or why it cannot be watched. */
  [[nodiscard]] int watch(int fd, std::uint32_t number, std::uint32_t events) {
    if (!set_) set_ = owned_fd(::epoll_create1(EPOLL_CLOEXEC));
    if (!set_) return errno;
    epoll_event want{};
    want.events = events | EPOLLONESHOT;
    want.data.u32 = number;
    if (::epoll_ctl(set_.get(), EPOLL_CTL_ADD, fd, &want) == 0) return 0;
    if (errno != EEXIST) return errno;
    return ::epoll_ctl(set_.get(), EPOLL_CTL_MOD, fd, &want) == 0 ? 0 : errno;
  }

  /** Calls `each` with the number of every one that is ready now; one may be gone by what an earlier one brought. */
  template <class Each>
  void drain(Each each) {
    if (!set_) return;
    std::array<epoll_event, 256> events;
    while (true) {
      const int n = ::epoll_wait(set_.get(), events.data(), static_cast<int>(events.size()), 0);
      for (int i = 0; i < n; ++i) each(events[static_cast<std::size_t>(i)].data.u32);
      if (n < static_cast<int>(events.size())) break;
    }
  }

 private:
  owned_fd set_;
};

}  // namespace changtong::net
