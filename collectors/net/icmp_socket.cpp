#include "collectors/net/icmp_socket.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>

#include <cerrno>

namespace changtong::net {
namespace {

constexpr int icmp_filter_option = 1;  // ICMP_FILTER of <linux/icmp.h>, which conflicts with <netinet/ip_icmp.h>

void filter4(int fd) {
  constexpr std::uint32_t wanted = 1U << 0U | 1U << 3U | 1U << 11U;  // echo reply, unreachable, time exceeded
  const std::uint32_t blocked = ~wanted;
  ::setsockopt(fd, SOL_RAW, icmp_filter_option, &blocked, sizeof blocked);
}

void filter6(int fd) {
  icmp6_filter f;
  ICMP6_FILTER_SETBLOCKALL(&f);
  ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &f);
  ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &f);
  ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &f);
  ::setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof f);
}

}  // namespace

icmp_opening open_icmp(datagram_port& port, bool v6) {
  const int protocol = v6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP};
  int error = port.open(v6, SOCK_RAW, protocol, false);
  if (error == 0) {
    if (v6)
      filter6(port.native());
    else
      filter4(port.native());
    return {icmp_mode::raw, 0};
  }
  if (error != EPERM && error != EACCES) return {icmp_mode::unopened, error};
  error = port.open(v6, SOCK_DGRAM, protocol, true);
  if (error == 0) return {icmp_mode::ping, 0};
  return {icmp_mode::unopened, error};
}

}  // namespace changtong::net
