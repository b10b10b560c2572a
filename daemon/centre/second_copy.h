#pragma once
/** What a centre has of a node, for whoever works with ledgers. One thread; blocks. */
#include <cstdint>
#include <functional>
#include <string>

#include "daemon/centre/archive.h"

namespace changtong::centre {

/** How many entries of how many are done; false: it is to end there. */
using told_progress = std::function<bool(std::int64_t done, std::int64_t all)>;

/** All of it up to `of` into a new file, as ledger/second_book keeps it; the number of entries. A problem where an
 * entry does not chain, or this version cannot read it; then the file is there as far as it went. */
[[nodiscard]] result<std::int64_t> copy_out(archive& from, const node_head& of, const std::string& file,
                                            const told_progress& progress);

/** Whether every entry chains from the first to what the head says. */
struct chain_found {
  std::int64_t entries = 0;  ///< that do
  std::int64_t bad = 0;      ///< the first that does not, or is not there; 0: all do
};
[[nodiscard]] result<chain_found> verify(archive& from, const node_head& of, const told_progress& progress);

}  // namespace changtong::centre
