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
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/ledger/branches.h"
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

/** A file LEDGER.seals.DAY that says more than the ledger's seals, or something else. */
struct file_aside {
  std::string path;
  std::string day;       ///< of the first line that the ledger does not have
  std::size_t line = 1;  ///< that line, from 1
};
/** In order of name. */
[[nodiscard]] std::vector<file_aside> files_aside(const std::string& ledger, std::span<const std::string> rows);
[[nodiscard]] phrase remark_on(const file_aside& f);

/** What the start after it says: that the file was set aside because the ledger is a backup from before `day` was
 * sealed. The ledger's name is left out, for that may change. */
[[nodiscard]] std::string words_of_backup(const std::string& path, std::string_view day);
/** Whether a start's text says so of this file. */
[[nodiscard]] bool tells_of_backup(std::string_view text, const std::string& path);
/** Why what lies aside does not excuse that the ledger lacks it, as a sentence; empty: it does. It does only where the
 * daemon put it there: a start says so, and under a signed state row nobody without the key made that start up. */
[[nodiscard]] phrase why_not_excused(std::span<const file_aside> files, bool state_signed,
                                     std::span<const branch_seen> starts);
/** What a start says where the file is newer and `why` the ledger is not taken for a backup all the same. */
[[nodiscard]] phrase words_of_doubt(const phrase& why);
[[nodiscard]] bool tells_of_doubt(std::string_view text);

}  // namespace changtong::ledger
