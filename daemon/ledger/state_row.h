#pragma once
/** The signed line of the state row: heartbeat, clean stop, the journal's end and the confirm counters of one commit,
 * so that none of them is moved within the unsealed day. All but state_trouble() is internal to daemon/ledger. */
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/ledger/branches.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/last_word.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

/** A digest of the rows of `memory` in no order, kept up row by row (LtHash: 1024 sums of 16 bits, Lewi et al. 2019).
 * A sum of plain SHA-256 modulo 2^256 would not do: whoever chooses many rows freely finds an equal sum in about 2^32
 * steps (Wagner's generalized birthday); over this lattice it costs more than 2^200. */
class memory_sum {
 public:
  void add(std::string_view check, std::string_view text) { fold(check, text, 1); }
  void take(std::string_view check, std::string_view text) { fold(check, text, -1); }
  [[nodiscard]] digest value() const;

 private:
  void fold(std::string_view check, std::string_view text, int sign);
  std::array<std::uint16_t, 1024> lanes_{};
};

/** One pass over the table. */
[[nodiscard]] memory_sum sum_of_memory(store& s);

struct state_line {
  wall_t heartbeat{};
  bool clean = false;
  std::int64_t seq = 0;
  digest hash{}, memory{};
  algorithm by = algorithm::ed25519;
  digest key{};
  std::string signature;  ///< raw bytes
};

[[nodiscard]] std::string signed_text(const state_line& s);
[[nodiscard]] std::string line_of(const state_line& s);
/** The inverse; nothing for whatever is not byte for byte what line_of() writes. Any input is safe. */
[[nodiscard]] std::optional<state_line> read_state_line(std::string_view line);

/** The line that the file has; nothing where the row is not signed. */
[[nodiscard]] std::optional<std::string> stored_state_line(store& s);
/** What of the file is not what was signed, as a sentence; empty: all of it is. Inside one read transaction. Fails
 * where the public keys cannot be read. `fingerprints`: as seal_trust has them. */
[[nodiscard]] result<phrase> state_contradiction(store& s, std::string_view line, const std::string& public_file,
                                                 const std::vector<std::string>& fingerprints);
/** Why a ledger's heartbeat and counters cannot be relied on, as a sentence; empty: they are as they were signed, or
 * the ledger is older than signatures. For whoever signs what he finds there with the key in `key_file` (empty:
 * LEDGER.key): the auditor's pack. */
[[nodiscard]] result<phrase> state_trouble(const std::string& ledger, const std::string& key_file = {});
/** Who may have signed the state row, as seal_trust has them: whoever sealed last, and today's key. The file of public
 * keys is anybody's to append to. Empty where nothing is sealed yet: then any key of that file. */
[[nodiscard]] std::vector<std::string> signers_of_state(store& s, const signing_key& own);
/** What is said of a row without signature; `sealed`: a key sealed this ledger. */
[[nodiscard]] phrase unsigned_state(bool sealed);

/** Of a ledger whose row is not signed and whose days are not sealed: why its entries are not proven, as a sentence;
 * empty: it is only as young or as old as that. `public_keys`: their file; `named`: a fingerprint is to be compared. */
[[nodiscard]] phrase why_nothing_is_proven(const std::vector<branch_seen>& starts, const std::string& public_keys,
                                           bool named);

/** Calls `each` with every start after entry `after`, until it says true; whether it did. From the journal: the table
 * of starts is anybody's to edit before it is believed. */
[[nodiscard]] bool some_start(store& s, std::int64_t after, const std::function<bool(const started&)>& each);
/** Whether a run of format 4, which signs the state row, ever wrote here. */
[[nodiscard]] bool some_branch(store& s);
/** What the entries after some entry say. */
struct tail_of_journal {
  phrase unreadable;  ///< the first one that cannot be read as an entry, and why, as a sentence; empty: all can
  last_word spoken;   ///< up to there
};
[[nodiscard]] tail_of_journal tail_after(store& s, std::int64_t after);

}  // namespace changtong::ledger
