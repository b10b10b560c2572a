#pragma once
/** Seals 封存: a signed line a civil day that says how far the journal went and what its hash was. Pure: text, the rule
 * when a day is due, and what a list of lines proves; README.md gives the format in prose. Knows no database, so that
 * the auditor's pack can use it. */
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/key.h"

namespace changtong::ledger {

struct seal {
  std::int64_t number = 1;  ///< counts from 1 without holes
  std::string day;          ///< civil: 2026-03-14, of `zone`
  period when;              ///< begins where the seal before ended
  std::string zone;         ///< IANA name
  wall_t made{};            ///< the heartbeat of the commit that sealed; never before the end of `when`
  std::int64_t seq = 0;     ///< the last journal entry that it covers
  digest hash{};            ///< that entry's hash
  digest previous{};        ///< SHA-256 of the line before, without its line feed; zeros for seal 1
  algorithm by = algorithm::ed25519;
  digest key{};           ///< fingerprint of the public key
  std::string signature;  ///< raw bytes
};

/** The line (without a line feed) up to where its signature's key begins: exactly what is signed. */
[[nodiscard]] std::string signed_text(const seal& s);
[[nodiscard]] std::string line_of(const seal& s);
/** The inverse; refuses whatever is not byte for byte what line_of() writes. Any input is safe. */
[[nodiscard]] result<seal> read_seal(std::string_view line);
[[nodiscard]] digest digest_of(std::string_view line);
/** Fills in key and signature. */
[[nodiscard]] result<void> sign(seal& s, const signing_key& with);

inline constexpr milliseconds sealed_at_latest = std::chrono::hours{1};  ///< after a day's end (design.md 4)
inline constexpr std::size_t most_seal_bytes = 2048;                     ///< of a line
inline constexpr std::size_t most_seals_file_bytes = 64 << 20;

/** Whether a day that ends at `end` is to be sealed now. `decided`: nothing begun before it is undecided; wall_min
 * where nobody says, then the hour decides. */
[[nodiscard]] bool due(wall_t end, wall_t heartbeat, wall_t decided);

/** What a list of seals proves. `line` counts from 1 and is 0 where every line is good. */
struct seals_proof {
  std::size_t line = 0;
  std::string day;         ///< of the bad line, where it can be read
  std::int64_t entry = 0;  ///< the first journal entry that the bad line puts in doubt; 0 = none
  phrase text;             ///< what is wrong
  std::vector<seal> good;  ///< the lines before the bad one
};

struct seal_trust {
  std::span<const public_key> keys;
  std::vector<std::string> fingerprints;  ///< raw, or their first 16 bytes; if any, no other key is believed
};

/** Walks the lines from the first: format, number, link, day after day, key, signature, and whether the journal has the
 * hash that was signed. `hash_at`: the hash of an entry; nothing if there is no such entry. */
[[nodiscard]] seals_proof check_seals(std::span<const std::string> lines, const seal_trust& trust,
                                      const std::function<std::optional<digest>(std::int64_t seq)>& hash_at);

/** The lines of a seals file, without line feeds. An unfinished last line (a crash) comes along as it is. */
[[nodiscard]] std::vector<std::string> lines_in(std::string_view file);

}  // namespace changtong::ledger
