#pragma once
/** One page of the audit log, for who looks at it, and whether its chain holds. Walks the whole of it: of a log of
 * 512 MiB for seconds. Any thread. */
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/accounts/trail.h"

namespace changtong::accounts {

struct trail_query {
  std::string who{};   ///< exactly; empty: anybody
  std::string word{};  ///< a part of what it is about, how it ended, where from or which deed; empty: anything
  std::size_t skip = 0, most = 100;
};

struct trail_page {
  std::vector<trail_entry> entries;  ///< the latest first
  std::uint64_t found = 0;           ///< how many there are of the query
  chain_walk chain{};                ///< over every line
};

[[nodiscard]] result<trail_page> read_page(const trail& of, const trail_query& q);

}  // namespace changtong::accounts
