#pragma once
/** Which interfaces a check asks about: by ifIndex, or by a name that is looked up on the device. Pure. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace changtong {

inline constexpr std::size_t most_interfaces = 16;

struct interface_wish {
  enum class by : std::uint8_t { index, name, alias };
  by how = by::index;
  std::uint32_t index = 0;  ///< by::index
  std::string text{};       ///< what ifName (or ifDescr) or ifAlias says, UTF-8
  /** What tells its facts apart (fact::index): the ifIndex where that was written; a name's stays when the device
   * numbers its interfaces anew. */
  [[nodiscard]] std::uint32_t shown() const;
  /** As it is written: `2`, `name:GE0/0/1`, `alias:…`. */
  [[nodiscard]] std::string written() const;
  friend bool operator==(const interface_wish&, const interface_wish&) = default;
};

/** `2`, `1+3`, `name:GE0/0/1+alias:20260001`; at most 16, none twice. */
[[nodiscard]] result<std::vector<interface_wish>> parse_interface_wishes(std::string_view text);

}  // namespace changtong
