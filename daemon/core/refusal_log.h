#pragma once
/** Which refusals are worth a line of the log: an attacker must not fill it, and must not stay out of it either. */
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"

namespace changtong {

/** Of each one who is refused the first ten times a minute, then the 100th, the 1,000th and so on. At most 64 are told
 * apart in a minute; all others count as one. Thread-safe. */
class refusal_log {
 public:
  /** How often `who` has been refused in this minute, now included, where that is worth a line; otherwise 0. `now`
   * never goes back. */
  [[nodiscard]] std::uint64_t note(std::string_view who, mono_t now);

 private:
  static constexpr std::size_t most_told_apart = 64;
  mutex mutex_;
  mono_t began_ GUARDED_BY(mutex_){};
  std::map<std::string, std::uint64_t, std::less<>> times_ GUARDED_BY(mutex_);
};

}  // namespace changtong
