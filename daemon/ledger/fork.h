#pragma once
/** Two journals against each other: which entries both have, and whether both went on from there. Walks both chains
 * first, so that equal hashes mean equal entries; of seals and tables it says nothing. May run while daemons write. Any
 * thread. */
#include <cstdint>
#include <functional>
#include <string>

#include "daemon/core/result.h"
#include "daemon/ledger/branches.h"
#include "daemon/ledger/entry.h"

namespace changtong::ledger {

enum class kinship : std::uint8_t {
  same,       ///< entry by entry
  behind,     ///< ours is the beginning of theirs
  ahead,      ///< theirs is the beginning of ours
  fork,       ///< two children of one entry
  strangers,  ///< not even the first entry is the same
  broken,     ///< a chain that is not whole cannot be compared
};
[[nodiscard]] std::string_view name_of(kinship k);

/** One of the two, from the last entry that both have. */
struct journal_side {
  std::int64_t entries = 0;
  std::int64_t after = 0;   ///< entries that only this one has
  std::int64_t starts = 0;  ///< among them
  branch_seen branch;       ///< that wrote the first of them; of a side that has none, the last one's
  std::string since;        ///< when it started, in the books' zone; empty where nothing was started
};

struct journal_comparison {
  kinship what = kinship::broken;
  std::int64_t common = 0;  ///< the last entry that both have; 0 = none
  digest hash{};            ///< its hash
  std::string label;        ///< its instant, in the books' zone
  journal_side ours, theirs;
  std::string text;  ///< Chinese and English

  [[nodiscard]] bool ok() const { return what <= kinship::ahead; }
};

/** `progress` (may be empty) hears entries done and total of each in turn; returning false stops, as a problem. A
 * ledger that cannot be opened is one too. */
[[nodiscard]] result<journal_comparison> compare_journals(
    const std::string& ours, const std::string& theirs,
    const std::function<bool(std::int64_t done, std::int64_t total)>& progress);

}  // namespace changtong::ledger
