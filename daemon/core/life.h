#pragma once
/** Where an instant lies to a target's scope [accepted, closed) (rule 8). */
#include <cstdint>

#include "daemon/core/instant.h"
#include "daemon/core/target.h"

namespace changtong {

/** Before it 未启用, in it, after it 已停用. */
enum class life : std::uint8_t { planned, in_scope, closed };

[[nodiscard]] inline life life_of(const target& t, wall_t at) {
  if (t.closed && at >= *t.closed) return life::closed;
  return t.accepted && at < *t.accepted ? life::planned : life::in_scope;
}

}  // namespace changtong
