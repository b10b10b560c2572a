#pragma once
/** Appends to the journal. One writer a ledger (a lock file says so), used from one thread.
 *
 * commit() is the only door: when it returns, everything in the batch is durable (WAL, synchronous=FULL), the hash
 * chain is extended, projections agree with it. When it fails nothing of the batch is there and it may be tried again.
 */
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/ledger/key.h"

namespace changtong::ledger {

/** What was there when the ledger was opened: enough for verdict to go on. */
struct restored {
  bool fresh = true;     ///< no entry yet
  wall_t heartbeat{};    ///< last durable one
  bool crashed = false;  ///< the last run did not stop cleanly: write gap{heartbeat, open, monitor_stopped}
  struct state {
    std::string target;
    /** As last written, gaps not counted; down as long as an outage is open, also under an unknown belief. */
    line_state believed = line_state::unknown;
    wall_t since{};
    wall_t outage_began{};     ///< for down
    bool cause_known = false;  ///< for down: a cause_found was written
    cause why = cause::none;   ///< for down: what the outage turned out to be, else its first sample's
  };
  std::vector<state> states;
  std::vector<check_memory> memory;
  std::vector<inventory_version> inventory;  ///< the current version of each target
  std::string zone, policy;                  ///< the current ones
};

/** What signs the days. */
struct seal_options {
  std::string key_file{};               ///< empty: LEDGER.key; made where there is none
  algorithm kind = algorithm::ed25519;  ///< of a key that is made; one that is there keeps its own
  /** false: somebody enters something by hand and does not know the configured key, so no key is made or used and the
   * days wait for the next run. */
  bool sealing = true;
};

/** How sealing goes; it never makes a commit fail. */
struct seal_status {
  wall_t until = wall_min;     ///< the end of the last sealed day
  std::int64_t count = 0;      ///< seals in the ledger
  std::uint64_t failures = 0;  ///< of this writer: a seal not made, not filed, or a file that contradicts the ledger
  std::string trouble;         ///< the last of them; empty once a seal was made again
  /** What the ledger's files betrayed when it was opened. It is added to the text of the start, for the first commit
   * signs anew, and nobody could tell later. */
  std::string found;
};

class writer {
 public:
  /** Creates the file if it is not there. Fails with a sentence if another process writes it, if it is not a ledger,
   * or if its schema is newer than this program. A commit that would make the file larger than `size_limit_bytes` fails
   * like a full disk; 0 = the disk decides. A key that cannot be had is logged and counted, and no reason to fail. */
  [[nodiscard]] static result<std::unique_ptr<writer>> open(const std::string& path, std::int64_t size_limit_bytes = 0,
                                                            const seal_options& seals = {});
  virtual ~writer() = default;

  [[nodiscard]] virtual restored restore() const = 0;
  /** Returns the sequence number of the last entry. Errors: disk full, locked, damaged; the text says which. A
   * transition earlier than its target's last one is a bug of ours: it is left out and logged, or it would hold up the
   * books for ever. A batch without heartbeat leaves the mark of a clean stop as it is. */
  [[nodiscard]] virtual result<std::int64_t> commit(const ledger_batch& batch) = 0;
  /** Seals every day that the last heartbeat has passed by an hour: a commit makes 400 seals at most, and after the
   * last one none would follow. Not for a running daemon, whose next commits do it. */
  [[nodiscard]] virtual result<void> seal_the_rest() { return {}; }
  /** A clean stop: gap from `at`, and the mark that no crash happened; then as seal_the_rest(). */
  [[nodiscard]] virtual result<std::int64_t> stop(wall_t at) = 0;
  /** The hash of the last entry as 64 hex digits: it stands for the whole journal. */
  [[nodiscard]] virtual std::string last_hash() const { return {}; }
  /** A writer that is only wrapped around another one need not say it. */
  [[nodiscard]] virtual const seal_status& seals() const {
    static const seal_status none;
    return none;
  }
};

}  // namespace changtong::ledger
