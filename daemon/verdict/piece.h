#pragma once
/** What a check hands to its target: decided pieces of time (check_fold.h makes them, target_fold.h lays them
 * together). */
#include <chrono>
#include <cstdint>

#include "daemon/core/record.h"
#include "daemon/core/sample.h"

namespace changtong::verdict {

struct piece {
  period when;
  line_state state = line_state::unknown;
  cause why = cause::none;
  wall_t good_before = wall_min;  ///< this check's latest good sample before `when.from`
  milliseconds good_width{0};     ///< how much later than its label that sample, or an up piece's first, may speak of
  milliseconds visit{0};          ///< down pieces of a site: how long the first bad visit of the outage took (rule 9)
  wall_t began = wall_min;        ///< down pieces: the first bad sample of the check's outage, if it is known
  wall_t bad_before = wall_min;   ///< up pieces: the last bad sample before the first good one
  bool doubtful = false;          ///< up that only bad samples of a run which stayed too short speak for (rule 7 b)
  bool after_own_uplink = false;  ///< down pieces: the outage began within a minute after a silence of ours (rule 10)
  bool covered = false;           ///< unknown that a gap record tells for all targets
  bool open = false;              ///< covered by a gap without an end
  wall_t gap_from{};              ///< of that gap; the target's next transition after it ends it
};

/** A bad sample, by its label, and the first one of its run, by which an outage is known (as piece::began). */
struct bad_seen {
  wall_t at;
  wall_t run;
};

/** What a check's good samples at one instant say of an edge: where the outage begins after them the last of them
 * counts, where it ends with them the slowest. */
struct good_seen {
  using short_time = std::chrono::duration<std::int32_t, std::milli>;  ///< a round trip is at most a timeout
  wall_t at;
  short_time width, widest;
};

/** An unconfirmed run that waits until it is known whether another check was up at its first sample. */
struct short_run {
  std::uint32_t check = 0;  ///< position among the target's reach checks
  unconfirmed_run what;
  std::uint64_t order = 0;  ///< of being told; target_fold gives it
};

/** What a sample did to the check's runs. */
enum class run_event : std::uint8_t {
  none,
  began,       ///< first bad sample of a run
  grew,        ///< another one, not yet enough
  confirmed,   ///< the outage is confirmed
  refuted,     ///< a good sample, or one that rule 10 takes out, ended a run that was too short
  goes_on,     ///< another bad sample of a confirmed outage
  recovering,  ///< good inside an outage, not yet enough
  ended,       ///< the outage is over
  muted,       ///< at or before the barrier of a backward clock step (rule 6)
};

/** A label is the question's, rounded down; what the answer tells may be younger by the round trip (rule 9). */
[[nodiscard]] inline milliseconds width_of(const sample& s) {
  if (s.rtt <= nanoseconds{0}) return milliseconds{0};
  return std::chrono::floor<milliseconds>(s.rtt) + milliseconds{1};
}

}  // namespace changtong::verdict
