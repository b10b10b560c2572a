#pragma once
/** Traps 陷阱通知 that are known by name: what a device says of itself without being asked (known_trap.def). */
#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/core/fields.h"

namespace changtong {

/** What a trap is about. Names stand in the journal: never rename one, only add. */
enum class trap_class : std::uint8_t {
  link,            ///< an interface or a neighbour on it
  restart,         ///< the device, or its agent, began anew
  authentication,  ///< somebody used a wrong password
  power,           ///< lost: mains, a power supply, a last gasp; of the site or of the device, a person says which
  hardware,        ///< a fan, a board, a temperature, an optical module; power that is back
  routing,         ///< a neighbour or a tunnel of a routing protocol
  other,           ///< everything else
};
[[nodiscard]] constexpr std::string_view name_of(trap_class c) {
  constexpr std::string_view names[]{"link", "restart", "authentication", "power", "hardware", "routing", "other"};
  return names[static_cast<std::size_t>(c)];
}
template <>
struct values_of<trap_class> {
  static constexpr std::array all{trap_class::link,  trap_class::restart,  trap_class::authentication,
                                  trap_class::power, trap_class::hardware, trap_class::routing,
                                  trap_class::other};
};

struct known_trap {
  std::string_view oid;   ///< "1.3.6.1.6.3.1.1.5.3"
  std::string_view name;  ///< as its MIB has it
  trap_class what = trap_class::other;
  std::string_view source;  ///< "standard", or the MIB where its identifier was read
  std::string_view cn, en;
};

/** Null: it has no name here. Any thread. */
[[nodiscard]] const known_trap* find_trap(std::string_view oid);
/** Its name, or the identifier itself. */
[[nodiscard]] std::string_view trap_name(std::string_view oid);

}  // namespace changtong
