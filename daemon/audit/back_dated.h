#pragma once
/** Entries of people that say an instant before a seal that does not cover them. Whoever enters something gets the
 * later one of clock and heartbeat as its label, so such an entry was written by another hand. Pure. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/audit/extract.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/seal.h"

namespace changtong::audit {

class back_dated {
 public:
  /** Two clerks may race: an entry may get its label this long before the seal of a commit that overtook it. */
  static constexpr milliseconds overtaken = std::chrono::minutes{5};

  back_dated() = default;
  /** As far as they can be read, in order. */
  explicit back_dated(std::vector<ledger::seal> seals) : seals_(std::move(seals)) {}
  /** In order of the journal; `l` is the entry's own line. The finding's text, Chinese and English. After a seal a
   * backward step of the clock, or a start with a clock that stood before it, explains what labels say; programs before
   * format 4 took the clock as it stood, so nothing is said before the first start with a branch. */
  [[nodiscard]] std::optional<std::string> step(const journal_line& l, const ledger::entry& e);

 private:
  std::vector<ledger::seal> seals_;
  std::size_t passed_ = 0;  ///< seals whose last entry came by
  bool branched_ = false, excused_ = false;
};

}  // namespace changtong::audit
