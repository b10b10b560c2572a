#pragma once
/** What the district's devices say unasked: traps of v2c from their own addresses. Best effort, like every trap. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/simulate/district.h"

namespace changtong::simulate {

enum class device_word : std::uint8_t { link_down, link_up, dying_gasp, cold_start };

/** The datagram; `interface` is the number of the one that it is about. Pure. */
[[nodiscard]] std::vector<std::uint8_t> trap_datagram(device_word what, std::string_view community, milliseconds uptime,
                                                      std::uint32_t interface);
/** From a line's address to the monitor's port on this host. */
void send_trap(const district& d, std::uint32_t line, const std::vector<std::uint8_t>& datagram);

}  // namespace changtong::simulate
