#pragma once
/** Views of a board with room for every fact, whatever their checks may bring. */
#include <vector>

#include "daemon/core/board.h"

namespace changtong::test {

inline std::vector<fact_view> roomy_views(std::size_t n) {
  std::vector<fact_view> views(n);
  std::uint64_t all = 0;
  for (const fact_row& row : fact_table) all |= fact_view::bit(row.name);
  for (fact_view& v : views) v.make_room(all);
  return views;
}

}  // namespace changtong::test
