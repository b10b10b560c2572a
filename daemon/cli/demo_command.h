#pragma once
/** `changtong demo`: the real daemon and a simulated district in one process; or the district alone, which others
 * watch. */
#include <cstdint>
#include <string>

namespace changtong {

struct demo_command_options {
  std::uint32_t lines = 417;  ///< 22 townships, 295 villages, 40 health and 60 education units
  std::string listen = "127.0.0.1:8080";
  double speed = 1;
  std::uint64_t seed = 1;
  std::string webhook, dir;
  std::uint32_t ports = 0;  ///< the first of the district's own; 0: the usual ones
  bool alone = false;       ///< no daemon: whoever has the files in `dir` may watch it
};

int demo_command(const demo_command_options& options);

}  // namespace changtong
