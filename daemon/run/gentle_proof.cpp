#include "daemon/run/gentle_proof.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>

namespace changtong {

std::optional<result<ledger::proof>> prove_gently(const std::string& ledger, host::background& thread,
                                                  const std::stop_token& stop) {
  using clock = std::chrono::steady_clock;
  constexpr clock::duration longest_rest = std::chrono::seconds{2};
  auto last = clock::now();
  bool stopped = false;
  auto p = ledger::prove(ledger, {}, [&](std::int64_t, std::int64_t) {
    stopped = !thread.rest(stop, std::min(4 * (clock::now() - last), longest_rest));
    last = clock::now();
    return !stopped;
  });
  malloc_trim(0);  // the proof has kept every line's tables once more
  if (stopped) return std::nullopt;
  return p;
}

}  // namespace changtong
