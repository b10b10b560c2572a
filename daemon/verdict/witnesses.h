#pragma once
/** Rule 7: which of a target's several checks may speak for up, and which outage of a check is testimony. Pure.
 *
 * Knows the runs of bad samples and the measured samples of each check, not their time: target_fold.h lays that
 * together and asks. Where an answer hangs on a sample that is not known yet, it is `open`: nothing is guessed. A live
 * monitor cannot wait for ever for a check that it cannot ask, though; after `patience`, or once the check could not
 * be measured, such a sample is taken as one that never came. A replay waits (milliseconds::max()).
 *
 * Checks are named by their position among the voices of the target. All labels. Of a single check only its runs are
 * kept: a reload may add another one in the middle of a doubt. */
#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "daemon/core/rare.h"
#include "daemon/verdict/passing.h"
#include "daemon/verdict/piece.h"

namespace changtong::verdict {

class witnesses {
 public:
  static constexpr milliseconds for_ever = milliseconds::max();
  enum class answer : std::uint8_t { no, yes, open };

  explicit witnesses(std::uint32_t checks) : all_(checks) {}

  /** There is more than one check, those that a reload has taken away and whose word is not judged yet included. */
  [[nodiscard]] bool several() const { return all_.size() > 1; }

  // What happens, in order of sending.
  /** The first bad sample of a run of an up check; `leads`: it opens a doubt. */
  void run_began(std::uint32_t check, wall_t at, bool leads);
  void run_short(std::uint32_t check, wall_t ended);     ///< by the sample at `ended`, or the check's removal
  void run_confirmed(std::uint32_t check);               ///< it is an outage
  void outage_ended(std::uint32_t check, wall_t ended);  ///< at the first of the good samples that end it
  void measured(std::uint32_t check, wall_t at, run_event what, bool good);
  void unmeasured(std::uint32_t check, wall_t at) {
    if (several()) all_[check].unmeasured = at;
  }
  void recovery_failed(std::uint32_t check);  ///< the pending good run inside its outage stays too short
  void end_of_history() { ended_ = true; }
  /** Goes on after a restart with a check whose run is pending, or that is down. */
  void restore(std::uint32_t check, wall_t run_first, bool outage, bool leads);

  // What follows from it. `decided`: how far the time of each check is decided.
  struct asking {
    wall_t now;
    std::span<const wall_t> decided;
    milliseconds patience;
  };
  /** Sentence (a): up to where it is known which words from before a doubt stand; those that do not are handed to
   * `ends(check, from, to)`, once each. At most `horizon`. */
  template <class Ends>
  [[nodiscard]] wall_t settle_doubts(wall_t horizon, const asking& q, Ends ends);
  /** Sentence (b): in a doubt that another check opened. */
  [[nodiscard]] bool doubted(std::uint32_t check, wall_t at) const;
  /** Is the outage of `check` that began at `began` void, because another check that is not down answered first? */
  [[nodiscard]] answer refuted(std::uint32_t check, wall_t began, const asking& q) const;
  /** The next instant after `at` at which a doubt begins or ends; wall_max: none. Counts the doubts it looks at. */
  [[nodiscard]] wall_t next_edge(wall_t at, std::uint64_t& looked_at) const;
  /** Nothing before `at` will be asked for any more. */
  void forget(wall_t at);
  /** Runs that were over before `at` will not be asked for any more. */
  void pass(wall_t at);
  [[nodiscard]] bool calm() const { return runs_->doubts.empty() && runs_->others.empty(); }

  /** New checks exist from `start` on: they are no witnesses of what began before. */
  void revoice(std::span<const std::optional<std::uint32_t>> was, wall_t start);
  void forget_voice(std::uint32_t check);
  /** No sample of this check will come any more. */
  void gone(std::uint32_t check) { all_[check].gone = true; }
  /** Its word from before a doubt has ended, and no measured sample of it has come since. */
  [[nodiscard]] bool silent(std::uint32_t check) const { return all_[check].silent; }

 private:
  struct seen {
    wall_t at;
    bool good;
    bool down;  ///< inside an outage of its check …
    bool open;  ///< … or perhaps its end: not known yet
  };
  struct run {
    std::uint32_t check;
    wall_t from, to;
    bool outage, settled;
  };
  using runs = passing<run>;  ///< in order of beginning
  struct asked_for {          ///< runs that may still be asked for
    runs doubts;              ///< of checks that led when they began; the first ones are settled
    runs others;
  };
  [[nodiscard]] run* last_run(std::uint32_t check);
  [[nodiscard]] wall_t end_of(std::uint32_t check, wall_t began) const;
  void take_out(wall_t at, wall_t ended);
  [[nodiscard]] const seen* first_from(std::uint32_t check, wall_t at) const;
  [[nodiscard]] bool will_not_come(std::uint32_t check, wall_t since, const asking& q) const;
  [[nodiscard]] answer stands(std::uint32_t check, const run& doubt, const asking& q) const;

  /** Of one check. One list for all of it: there is one for every target, and most have two checks. */
  struct witness {
    passing<seen> samples;
    wall_t unmeasured = wall_min;  ///< its last slot that could not be asked
    wall_t since = wall_min;       ///< from when on it exists
    bool gone = false, silent = false;
    bool leads = false;  ///< its last run is among the doubts
  };
  std::vector<witness> all_;  ///< by check
  rare<asked_for> runs_;
  bool ended_ = false;
};

template <class Ends>
wall_t witnesses::settle_doubts(wall_t horizon, const asking& q, Ends ends) {
  asked_for* all = runs_.kept();
  if (all == nullptr) return horizon;
  for (auto it = std::ranges::partition_point(all->doubts, &run::settled); it != all->doubts.end(); ++it) {
    run& doubt = *it;
    if (doubt.from >= horizon) break;
    const auto voices = static_cast<std::uint32_t>(all_.size());
    for (std::uint32_t k = 0; k < voices; ++k)
      if (k != doubt.check && stands(k, doubt, q) == answer::open) return doubt.from;
    for (std::uint32_t k = 0; k < voices; ++k) {
      if (k == doubt.check || stands(k, doubt, q) == answer::yes) continue;
      const seen* next = first_from(k, doubt.from);
      all_[k].silent = next == nullptr;
      ends(k, doubt.from, next == nullptr ? wall_max : next->at);
    }
    doubt.settled = true;
  }
  return horizon;
}

}  // namespace changtong::verdict
