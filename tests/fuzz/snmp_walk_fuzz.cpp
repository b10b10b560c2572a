// Any bytes as an agent's answers to a walk, and as the names and numbers in them: it ends within its limits, and the
// rows that it keeps increase.
#include <algorithm>
#include <cstdlib>

#include "collectors/snmp_walk.h"

using namespace changtong;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  snmp_walk walk({1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1}, true, {.rows = 64, .questions = 32, .bytes = 1U << 16U});
  wire::bytes left(data, size);
  while (walk.now() == snmp_walk::state::asking) {
    const std::size_t length = left.empty() ? 0 : std::min<std::size_t>(left[0], left.size() - 1);
    if (left.empty())
      walk.take_silence();
    else
      walk.take(left.subspan(1, length));
    left = left.subspan(left.empty() ? 0 : 1 + length);
  }
  const auto& rows = walk.rows();
  if (rows.size() > 64) std::abort();
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].index <= rows[i - 1].index) std::abort();
  for (const auto& row : rows) {
    static_cast<void>(row.number());
    static_cast<void>(wire::name_text(row.value));
  }
  static_cast<void>(wire::read_object_name({data, size}));
  return 0;
}
