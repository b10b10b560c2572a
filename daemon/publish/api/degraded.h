#pragma once
/** Why an up line or site is shown as degraded: which figure is beyond which limit, in words. */
#include <vector>

#include "daemon/core/board.h"
#include "daemon/publish/api/api.h"

namespace changtong::api {

/** Empty where its state is another. Each value is true by itself: one that has just come back may be missing. */
[[nodiscard]] std::vector<reason> degraded_by(const board& now, target_index t);

}  // namespace changtong::api
