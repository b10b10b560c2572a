// Any bytes as an access log: every line has exactly one fate, and there are never more visits than views.
#include <cstdint>
#include <cstdlib>

#include "daemon/plans/access_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  using namespace changtong::plans;
  access_tally counter({wall_from_ms(0), wall_from_ms(4'102'444'800'000)});
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    counter.add(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const access_counts c = counter.counts();
  if (c.visits > c.views ||
      c.views + c.robots + c.other_method + c.other_status + c.no_page + c.outside_period + c.unreadable != c.lines)
    std::abort();
  return 0;
}
