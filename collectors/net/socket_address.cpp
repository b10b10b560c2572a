#include "collectors/net/socket_address.h"

#include <cstring>

namespace changtong::net {

socklen_t write_socket_address(socket_address& out, const ip_address& address, std::uint16_t port) {
  if (address.v6) {
    out.v6 = {};
    out.v6.sin6_family = AF_INET6;
    out.v6.sin6_port = htons(port);
    std::memcpy(&out.v6.sin6_addr, address.bytes.data(), 16);
    return sizeof(sockaddr_in6);
  }
  out.v4 = {};
  out.v4.sin_family = AF_INET;
  out.v4.sin_port = htons(port);
  std::memcpy(&out.v4.sin_addr, address.bytes.data(), 4);
  return sizeof(sockaddr_in);
}

void read_socket_address(const socket_address& in, ip_address& address, std::uint16_t& port) {
  address = {};
  port = 0;
  if (in.any.sa_family == AF_INET6) {
    address.v6 = true;
    std::memcpy(address.bytes.data(), &in.v6.sin6_addr, 16);
    port = ntohs(in.v6.sin6_port);
  } else if (in.any.sa_family == AF_INET) {
    std::memcpy(address.bytes.data(), &in.v4.sin_addr, 4);
    port = ntohs(in.v4.sin_port);
  }
}

}  // namespace changtong::net
