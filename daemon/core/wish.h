#pragma once
/** What verdict wants asked: the only way back from verdict to schedule, and it carries no belief. */
#include <cstdint>
#include <optional>

#include "daemon/core/sample.h"

namespace changtong {

/** usual: the regular interval. fast: the fast interval. outage: regular, but at least every 10 s. */
enum class pace : std::uint8_t { usual, fast, outage };

struct wish {
  check_index check = no_index;
  std::optional<pace> speed;  ///< none: as it is
  bool now = false;           ///< also ask once at once
  bool urgent = false;        ///< fast: a run not yet confirmed, or a parent; served first from the budget
};

}  // namespace changtong
