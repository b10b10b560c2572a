#pragma once
/** A ledger restored from a backup is older than the file of its seals. That file is then moved aside, under the last
 * day that it seals; it stays as evidence of what was recorded after the backup. Internal to daemon/ledger. */
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/ledger/seal.h"

namespace changtong::ledger {

/** What the ledger knows of itself when it is opened. */
struct ledger_end {
  std::int64_t seals = 0;  ///< rows
  std::int64_t seq = 0;    ///< of the last entry; 0 = there is none
  wall_t heartbeat{};
  std::function<std::optional<digest>(std::int64_t seq)> hash_at;
};

/** The seals that `lines`, which begin with the ledger's own, have beyond them, if that is this ledger's file of a
 * later time: each one is signed and linked, contradicts no entry that is there, and was made after the ledger's
 * heartbeat. Otherwise none: then the file is evidence of something else. Pure. */
[[nodiscard]] std::vector<seal> later_seals(std::span<const std::string> lines, std::span<const public_key> keys,
                                            const ledger_end& end);

/** Moves the seals file to LEDGER.seals.DAY, or DAY.2, DAY.3 … where that is taken; never over a file. The count of
 * posted lines is lowered to those that stay. Returns the new name. */
[[nodiscard]] result<std::string> set_seals_aside(const std::string& ledger, const std::string& day,
                                                  std::int64_t staying);

/** One sentence for each file set aside that says more than the ledger's seals, or something else. */
[[nodiscard]] std::vector<std::string> remarks_on_set_aside(const std::string& ledger,
                                                            std::span<const std::string> rows);

}  // namespace changtong::ledger
