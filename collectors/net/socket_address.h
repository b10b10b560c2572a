#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#include "daemon/core/address.h"

namespace changtong::net {

union socket_address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

/** Fills `out`; returns the length that goes with it. */
socklen_t write_socket_address(socket_address& out, const ip_address& address, std::uint16_t port);
/** Empty (unset) address for a family that is neither. */
void read_socket_address(const socket_address& in, ip_address& address, std::uint16_t& port);

}  // namespace changtong::net
