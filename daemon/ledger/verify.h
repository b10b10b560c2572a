#pragma once
/** Is the ledger what was written? The hash chain, every seal, the file of seals beside the ledger and every
 * projection, each against the others. Short read transactions but for the last one, which compares the projections:
 * may run while a daemon writes. Memory is bounded, however long the journal is. Any thread. */
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/ledger/branches.h"
#include "daemon/ledger/seal.h"

namespace changtong::ledger {

struct verify_options {
  std::string seals_file{};                 ///< empty: LEDGER.seals
  std::string public_file{};                ///< empty: LEDGER.pub
  std::vector<std::string> fingerprints{};  ///< as read_fingerprint() gives them; if any, no other key is believed
};

/** A key and the first day that it sealed. */
struct key_since {
  digest fingerprint{};
  std::string day;
};

/** A start, and when it was in the books' zone. */
struct branch_since {
  branch_seen what;
  std::string since;
};

struct proof {
  bool ok = false;
  std::int64_t entries = 0;              ///< of the journal, as far as its chain is whole
  std::int64_t first_bad = 0;            ///< the first entry in doubt; 0 = none, or it cannot be told
  std::size_t bad_seal = 0;              ///< the first bad line among the seals; 0 = none
  std::string bad_day;                   ///< its civil day, or one that should have been sealed
  std::string zone;                      ///< of the last seal; empty without one
  std::int64_t seals = 0;                ///< good ones
  wall_t sealed_to = wall_min;           ///< the end of the last good one
  std::vector<key_since> keys;           ///< in order; more than one: the key was replaced
  std::vector<branch_since> branches;    ///< every start, in order
  std::vector<std::string> differences;  ///< the first rows of projections that are not what the journal says
  std::int64_t different = 0;            ///< how many there are
  std::string state = "unsigned";        ///< the state row: signed, unsigned or wrong
  std::vector<std::string> remarks;      ///< no failures, but to be known
  std::vector<phrase> set_aside;         ///< those among them on seals of another history of this ledger
  std::string text;                      ///< what is wrong and where, or what was checked; Chinese and English
};

/** `progress` (may be empty) hears entries done and total after each read transaction; returning false stops, and the
 * answer is then "not verified". A ledger that cannot be opened is a problem. */
[[nodiscard]] result<proof> prove(const std::string& ledger, const verify_options& options,
                                  const std::function<bool(std::int64_t done, std::int64_t total)>& progress);

}  // namespace changtong::ledger
