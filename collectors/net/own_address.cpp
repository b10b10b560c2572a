#include "collectors/net/own_address.h"

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

bool is_here(const ip_address& written) {
  const ip_address a = unmapped(written);
  const auto& b = a.bytes;
  const bool none = a.v6 ? a == ip_address{{}, true} : b[0] == 0;
  const bool link_local = a.v6 ? b[0] == 0xfe && (b[1] & 0xc0U) == 0x80 : b[0] == 169 && b[1] == 254;
  return is_loopback(a) || none || link_local || is_own(a);
}

}  // namespace changtong::net
