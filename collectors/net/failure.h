#pragma once
/** Whose fault an errno is. The one place where that is decided (design.md 4, promise 2). Pure. */
#include "daemon/core/cause.h"
#include "daemon/core/sample.h"

namespace changtong::net {

struct failure {
  outcome what = outcome::not_measured;
  cause why = cause::own_failure;
  friend bool operator==(const failure&, const failure&) = default;
};

/** Where an error came to light: our own system call refused, or the network reported it later about a packet that had
 * left (a finished connect, an error queue). ENETUNREACH is our missing route in the one and a router's word in the
 * other. */
enum class stage { call, network };

/** Never `good`. What is not known is our own failure: an unknown error cannot make a line look down. */
[[nodiscard]] failure failure_of(int error, stage where);

}  // namespace changtong::net
