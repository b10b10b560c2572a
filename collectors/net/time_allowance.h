#pragma once
/** How much of its thread's own time one answer may take: handshake, header, unpacking. A usual one takes a
 * millisecond. */
#include <cstddef>
#include <cstdint>

#include "daemon/core/instant.h"

namespace changtong::net {

class time_allowance {
 public:
  static constexpr nanoseconds at_once = milliseconds{100}, a_mebibyte = milliseconds{25};

  /** `more` has been spent, with so many bytes of the page there by now. False: more than it is allowed. */
  [[nodiscard]] bool spend(nanoseconds more, std::size_t page_bytes) {
    spent_ += more;
    return spent_ <= at_once + a_mebibyte * static_cast<std::int64_t>(page_bytes >> 20U);
  }

 private:
  nanoseconds spent_{0};
};

}  // namespace changtong::net
