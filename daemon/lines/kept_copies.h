#pragma once
/** What a file was before each change stands beside it, FILE.20260314-092653, and must not fill the disk over the
 * years. Any thread; several at once remove the same, each once. */
#include <cstddef>
#include <cstdint>
#include <string>

namespace changtong::lines {

/** A copy stays that is among the newest or not older than `since`, as long as all that stay have room. */
struct copy_bounds {
  std::size_t newest = 50;
  std::string since;                            ///< as in the names
  std::uintmax_t bytes = 256ULL * 1024 * 1024;  ///< together; the newest copy stays whatever it has
};

/** Removes copies of `path`, the oldest first; of any other file none. What cannot be removed stays: there will be a
 * next change. Returns how many went. */
std::size_t prune_copies(const std::string& path, const copy_bounds& most);
/** By the bounds above and thirty days before now. */
std::size_t prune_copies(const std::string& path);

}  // namespace changtong::lines
