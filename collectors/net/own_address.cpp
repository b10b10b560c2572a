#include "collectors/net/own_address.h"

#include <algorithm>

#include "collectors/net/owned_fd.h"
#include "collectors/net/socket_address.h"

namespace changtong::net {
namespace {

constexpr std::uint16_t discard = 9;

/** The source that the kernel would take for it is the address itself. A bind would say so too, but not where binding
 * to foreign addresses is allowed. */
bool is_own(const ip_address& a) {
  const owned_fd fd(::socket(a.v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  socket_address to{}, from{};
  const socklen_t length = write_socket_address(to, a, discard);
  if (!fd || ::connect(fd.get(), &to.any, length) != 0) return false;
  socklen_t got = sizeof from;
  ip_address source;
  std::uint16_t port = 0;
  if (::getsockname(fd.get(), &from.any, &got) != 0) return false;
  read_socket_address(from, source, port);
  return source == a;
}

}  // namespace

bool is_here(const ip_address& a) {
  const auto& b = a.bytes;
  if (!a.v6) return b[0] == 127 || b[0] == 0 || (b[0] == 169 && b[1] == 254) || is_own(a);
  const bool ten_zeros = std::all_of(b.begin(), b.begin() + 10, [](auto x) { return x == 0; });
  if (ten_zeros && b[10] == 0xff && b[11] == 0xff) {  // an IPv4 address in IPv6's clothes
    ip_address v4;
    std::copy(b.begin() + 12, b.end(), v4.bytes.begin());
    return is_here(v4);
  }
  const bool loopback_or_none =
      ten_zeros && std::all_of(b.begin() + 10, b.end() - 1, [](auto x) { return x == 0; }) && b[15] <= 1;
  return loopback_or_none || (b[0] == 0xfe && (b[1] & 0xc0U) == 0x80) || is_own(a);
}

}  // namespace changtong::net
