#pragma once
/** The centre's own journal: a node's table, head and chain, but written by the centre itself, by whichever of its
 * processes holds the head's row. It has what people at the centre say, closings, and seals over the heads of all
 * nodes. One thread; a conversation that is in no transaction but where it is said. */
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/centre/database.h"
#include "daemon/centre/own_entry.h"
#include "daemon/core/civil.h"
#include "daemon/ledger/key.h"

namespace changtong::centre {

/** Where it ends. */
[[nodiscard]] result<ledger::shipped_head> own_head(database& db);
/** Entries after `after` up to `last`, some hundred at most; the number of the last one shown, `after` if there is
 * none. */
[[nodiscard]] result<std::int64_t> read_own(database& db, std::int64_t after, std::int64_t last,
                                            const std::function<void(const ledger::shipped_entry&)>& each);
/** The newest entries of a kind, latest first; `beginning`: how their bodies begin. */
[[nodiscard]] result<std::vector<ledger::shipped_entry>> newest_own(database& db, std::string_view kind,
                                                                    std::string_view beginning, std::int64_t most);

/** Inside a transaction of the caller's, to whose end it holds the head's row: who waits for that row holds no other
 * that somebody else may want. A problem also where its words are none that may stand for ever (check_words). */
[[nodiscard]] result<ledger::shipped_head> add_own(database& db, const own_entry& e);

/** A transaction in which `work` writes; nothing of it stands where it, or the commit, is a problem. */
template <class Work>
[[nodiscard]] auto written(database& db, Work work) -> decltype(work()) {
  if (const auto begun = db.ask("BEGIN"); !begun) return begun.error();
  auto done = work();
  if (done) {
    const auto over = db.ask("COMMIT");
    if (over) return done;
    done = over.error();
  }
  if (db.good()) (void)db.ask("ROLLBACK");
  return done;
}
/** Holds the head's row to the end of the caller's transaction. */
[[nodiscard]] result<ledger::shipped_head> hold_own(database& db);

/** A seal 封存, as it is shown. */
struct last_seal {
  std::int64_t number = 0;
  wall_t at{};
  std::string day;
  ledger::digest hash{};  ///< of its entry: who keeps it elsewhere proves all that was before it
  ledger::digest key{};   ///< fingerprint of the key that signed
  std::size_t heads = 0;
  phrase unread{};  ///< why its entry cannot be read (somebody changed it, or a later version made it): then only its
                    ///< label and hash are known; empty: all is
};
/** None: nothing was sealed yet. */
[[nodiscard]] result<std::optional<last_seal>> newest_seal(database& db);

enum class sealed_when : std::uint8_t { once_a_day, at_once };
/** Who seals. */
struct sealing {
  const ledger::signing_key& key;
  std::string centre;
  civil_zone zone;  ///< of its days
};
/** Seals the heads of all nodes and the journal so far, also over entries that cannot be read. None: it is to be once a
 * day, and that day has its seal. A seal that is ahead of `now` counts for no day. */
[[nodiscard]] result<std::optional<last_seal>> seal_heads(database& db, const sealing& by, sealed_when when,
                                                          wall_t now);

/** The label of a seal that is ahead of `now`, the farthest; none: no clock was ahead, or a person has said since that
 * it was. */
[[nodiscard]] result<std::optional<wall_t>> sealed_ahead(database& db, wall_t now);
/** A person's word that a clock was ahead; the seals stay as they are. A problem where there is none to speak of. */
[[nodiscard]] result<void> explain_ahead(database& db, const std::string& by, const std::string& why, wall_t now);

}  // namespace changtong::centre
