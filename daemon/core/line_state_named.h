#pragma once
/** A state by the name that name_of() gives it, wherever it was written down: tables, messages, answers. */
#include <string_view>

#include "daemon/core/record.h"

namespace changtong {

/** unknown for every other word: what a later version may say is not claimed to be up or down. */
[[nodiscard]] constexpr line_state line_state_named(std::string_view name) {
  for (const line_state s : {line_state::up, line_state::down})
    if (name == name_of(s)) return s;
  return line_state::unknown;
}

}  // namespace changtong
