#include "daemon/host/clocks.h"

#include <sys/timex.h>

namespace changtong {

clocks system_clocks() {
  return {.mono = host::mono_now, .wall = host::wall_now, .synchronised = [] {
            timex t{};
            return kernel_trust(adjtimex(&t));
          }};
}

mono_t host::mono_now() { return std::chrono::steady_clock::now(); }
wall_t host::wall_now() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

}  // namespace changtong
