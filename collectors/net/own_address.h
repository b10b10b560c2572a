#pragma once
#include "daemon/core/address.h"

namespace changtong::net {

/** Loopback, link-local, unspecified, or an address of this machine: what no page of somebody else may send us to. Asks
 * the kernel, without a packet. */
[[nodiscard]] bool is_here(const ip_address& a);

}  // namespace changtong::net
