#pragma once
/** Windows that come again: the same civil hours each day, week or month. Pure. */
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong {

enum class repeated : std::uint8_t { day, week, month };

/** `times` periods, the first as it is. A month that has no such day is served on its last one; a time that a change of
 * the clocks skips or repeats is a problem that names it. */
[[nodiscard]] result<std::vector<period>> occurrences(const civil_zone& zone, period first, repeated every,
                                                      std::uint32_t times);
/** 割接-01, 割接-02 …: so many digits that all are as long. */
[[nodiscard]] std::string numbered_id(const std::string& id, std::uint32_t nth, std::uint32_t times);

}  // namespace changtong
