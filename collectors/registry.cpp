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

}  // namespace changtong
