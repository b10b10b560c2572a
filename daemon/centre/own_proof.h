#pragma once
/** What the centre's own journal proves: its chain, its seals, and that what they sealed is still there. One thread. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/own_journal.h"
#include "daemon/centre/second_copy.h"

namespace changtong::centre {

struct own_found {
  std::int64_t entries = 0;            ///< that chain, from the first on
  std::int64_t seals = 0;              ///< that hold
  std::vector<ledger::digest> keys;    ///< fingerprints of those that signed them, in order of their first seal
  std::vector<ledger::digest> hashes;  ///< of their entries, oldest first
  std::optional<last_seal> last;       ///< none: no seal holds
  phrase wrong;                        ///< what does not hold first; empty: all does
  std::vector<phrase> asked;  ///< what no entry and no seal speaks of, or what a clock may explain: a person knows
  std::int64_t unsealed = 0;  ///< entries of nodes since the last seal
};
/** Every entry in order: it chains; a seal follows the one before, is signed over all before it, and every node's
 * journal still has the entry that it names, with that hash, and is known as far as it was then; and the tables have no
 * branch and no retired node that the journal does not say (but from before its first entry), and no row beyond a head.
 * What is folded is folded_proof.h's. `fingerprints`: raw, or their first 16 bytes; if any, no other key is believed. A
 * problem for what could not be looked at. */
[[nodiscard]] result<own_found> verify_own(database& db, const std::vector<std::string>& fingerprints, wall_t now,
                                           const told_progress& progress);

}  // namespace changtong::centre
