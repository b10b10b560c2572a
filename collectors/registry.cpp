#include "collectors/registry.h"

#include <array>

namespace changtong {

#define KIND(name, role, chinese) kind_entry name##_kind();
#include "collectors/kinds.def"
#undef KIND

std::span<const kind> kinds() {
  static const std::array table{
#define KIND(name, role, chinese) kind{#name, chinese, check_role::role, name##_kind()},
#include "collectors/kinds.def"
#undef KIND
  };
  return table;
}

std::optional<kind_index> kind_named(std::string_view name) {
  const auto all = kinds();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return static_cast<kind_index>(i);
  return std::nullopt;
}

}  // namespace changtong
