#pragma once
/** The set of kinds, derived from kinds.def. An explicit table: a static library would silently drop
 * self-registering objects. */
#include <span>
#include <string_view>

#include "collectors/collector.h"

namespace changtong {

struct kind {
  std::string_view name;
  std::string_view chinese;
  check_role role;
  kind_entry entry;
};

/** In the order of kinds.def; `kind_index` is the position. */
[[nodiscard]] std::span<const kind> kinds();

}  // namespace changtong
