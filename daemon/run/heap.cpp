#include "daemon/run/heap.h"

#include <malloc.h>

#include <array>
#include <utility>

namespace changtong {

void give_memory_back() {
  constexpr std::array<std::pair<int, int>, 3> wishes{
      {{M_MMAP_THRESHOLD, 128 << 10}, {M_TRIM_THRESHOLD, 4 << 20}, {M_ARENA_MAX, 2}}};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the header's contract, this is the only thread so far
  for (const auto& [what, value] : wishes) mallopt(what, value);
}

}  // namespace changtong
