#pragma once
/** Today's figures of every target, for readers that must not wait for the books (metrics). A value, replaced whole. */
#include <limits>
#include <memory>
#include <vector>

#include "daemon/core/target.h"

namespace changtong {

struct day_ratios {
  /** NaN where the formula has no value. */
  struct ratios {
    double availability = std::numeric_limits<double>::quiet_NaN();
    double lower = std::numeric_limits<double>::quiet_NaN();
    double coverage = std::numeric_limits<double>::quiet_NaN();
  };
  std::shared_ptr<const inventory> of;  ///< whose indices `by_target` has; another inventory's reader skips it
  std::vector<ratios> by_target;
};

}  // namespace changtong
