#pragma once
/** What verdict and people hand to the ledger. Each record becomes one journal entry (resumptions of one commit are
 * packed). They name targets by id, not index: a record outlives the inventory it was made under.
 *
 * A target's belief over time is the sequence of its transitions: from `at` on it is `to`, until the next one. All of
 * it is decided: time that still hangs on a pending run has not been written yet. A gap lies over it as unknown. */
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/core/declaration.h"
#include "daemon/core/instant.h"

namespace changtong {

enum class line_state : std::uint8_t { up, down, unknown };
[[nodiscard]] constexpr std::string_view name_of(line_state s) {
  return s == line_state::up ? "up" : s == line_state::down ? "down" : "unknown";
}

/** An edge lies in (after, until] (rule 9). `after` is wall_min where nothing was seen before. */
struct bracket {
  wall_t after = wall_min;
  wall_t until{};
  friend bool operator==(const bracket&, const bracket&) = default;
};

/** The moment belief changed. Written in order of `at` per target. */
struct transition {
  std::string target;
  line_state to = line_state::unknown;
  wall_t at{};         ///< from here on the target is `to`; down: the first bad sample of the confirmed run (rule 3)
  bracket edge{};      ///< down: where the outage began; up after down: where it ended; unknown: {at, at}
  wall_t confirmed{};  ///< label at which it was decided; never before `at`
  cause why = cause::none;        ///< down: the first bad sample's; unknown: why nobody observed
  std::string decided_by;         ///< ids of the checks whose samples decided, separated by spaces
  bool same_outage = false;       ///< down: goes on with an outage that an unknown hole interrupted
  bool after_own_uplink = false;  ///< down: it began within a minute after a silence of our own uplink (rule 10)
  friend bool operator==(const transition&, const transition&) = default;
};

/** A bad run that never confirmed (rule 3): up time, counted once at its first sample. */
struct unconfirmed_run {
  std::string target;
  std::string check;
  wall_t at{};
  wall_t last{};
  std::uint32_t samples = 0;
  cause why = cause::none;
  friend bool operator==(const unconfirmed_run&, const unconfirmed_run&) = default;
};

/** What an outage turned out to be; comes up to 2 s after the outage was confirmed. */
struct cause_found {
  std::string target;
  wall_t began{};  ///< names the outage
  cause why = cause::own_line;
  std::string upstream;  ///< id of the parent that is down, for cause::upstream
  friend bool operator==(const cause_found&, const cause_found&) = default;
};

/** Time in which nobody observed, for every target at once. An open gap (to == wall_max) ends for each target with
 * its next transition, which is written even where the belief is the same as before. */
struct gap {
  wall_t from{};
  wall_t to = wall_max;
  cause why = cause::monitor_stopped;
  std::string text;  ///< for people: "crash", "clean stop", "clock stepped by -30.000 s"
  friend bool operator==(const gap&, const gap&) = default;
};

/** The entry that a start followed, as the one who starts finds it. */
struct branch_point {
  std::string branch{};  ///< of the last start before it; empty where that start names none (format 3)
  std::int64_t seq = 0;  ///< of the last entry; 0 = there is none
  std::string hash{};    ///< of that entry, 64 hex digits
  friend bool operator==(const branch_point&, const branch_point&) = default;
};

/** Every start opens a branch of the journal. The ledger fills in `branch` and `parent`. */
struct started {
  wall_t at{};
  std::string version;
  std::string text;        ///< for people; may be empty
  std::int32_t rules = 1;  ///< books_rules_version of what is recorded from here on
  std::string node{};      ///< whose books: the settings' name of this node
  std::string branch{};    ///< 32 hex digits; handed over empty the ledger makes one; read empty: a start of format 3
  branch_point parent{};   ///< filled in by the ledger, whatever it was
  friend bool operator==(const started&, const started&) = default;
};

using record = decltype(variant_with<transition, unconfirmed_run, cause_found, gap, started>(declarations{}));

/** What a check remembers over a restart, written by verdict and read back by it; opaque to the ledger. */
struct check_memory {
  std::string check;
  std::string text;  ///< empty: nothing to remember (forget the row)
};

/** One commit. All of it or nothing is durable. */
struct ledger_batch {
  wall_t heartbeat{};  ///< every reach check of a line has been judged up to here; never goes back
  std::vector<record> records;
  std::vector<check_memory> memory;
  /** Nothing begun before it is undecided any more, so a day that ended at or before it may be sealed; wall_min = not
   * said, then a day is sealed an hour after its end. */
  wall_t decided = wall_min;
};

}  // namespace changtong
