#pragma once
/** What verdict wants asked: the only way back from verdict to schedule, and it carries no belief. */
#include <cstdint>

#include "daemon/core/sample.h"

namespace changtong {

enum class pace : std::uint8_t { usual, fast };

struct wish {
  check_index check = no_index;
  pace speed = pace::usual;
  bool now = false;        ///< also ask once at once
  bool urgent = false;     ///< fast: a run not yet confirmed, or a parent; served first from the budget
};

}  // namespace changtong
