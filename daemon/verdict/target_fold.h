#pragma once
/** Rule 7: the pieces of a target's reach checks -> one belief, as transitions. Pure.
 *
 * The target is up at an instant if a check that speaks is up, else down if one is down, else unknown. Who speaks is
 * the business of witnesses.h. Only time that every check has decided is judged, and only once it is known who speaks
 * in it, so a transition never has to be taken back. */
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/rare.h"
#include "daemon/core/record.h"
#include "daemon/verdict/check_fold.h"
#include "daemon/verdict/passing.h"
#include "daemon/verdict/witnesses.h"

namespace changtong::verdict {

/** What a merge is told besides pieces. */
struct merging {
  const std::string& id;                        ///< names the target in records
  wall_t now;                                   ///< label of deciding
  std::span<const std::string_view> check_ids;  ///< in the order of the queues
  std::span<const wall_t> decided;              ///< each check's decided(), in that order
  milliseconds patience;                        ///< witnesses.h
  std::uint64_t& looked_at;                     ///< judgement.h
};

class target_fold {
 public:
  target_fold(wall_t start, std::uint32_t checks) : cursor_(start), voices_(checks), witnesses_(checks) {}

  /** Pieces of one check, in order. */
  void push(std::uint32_t check, std::span<const piece> pieces);
  void push(short_run run);
  /** A measured sample of a check, in order; the bad ones of a run that stayed too short are taken back. `width`: by
   * how much a good one widens a bracket. */
  void good_sample(std::uint32_t check, wall_t at, milliseconds width) {
    note(voices_[check].goods, {at, width, width});
  }
  void bad_sample(std::uint32_t check, bad_seen bad);
  void take_back(std::uint32_t check, wall_t run_first);
  /** What rule 7 must know of runs and samples of the several checks of one target. */
  [[nodiscard]] witnesses& testimony() { return witnesses_; }

  /** Judges what is decided of all checks. */
  void merge(const merging& with, std::vector<record>& out);
  /** The history has ended: no sample that is still waited for will come. */
  void end_of_history() { witnesses_.end_of_history(); }
  /** Time that all checks have decided waits for another check's answer. */
  [[nodiscard]] bool waits() const { return waits_; }

  /** Up and nothing in doubt: then the owner may carry time on, while some check is up, and say so with glide(). */
  [[nodiscard]] bool carries() const;
  /** The same for a target with one check. */
  [[nodiscard]] bool glides() const { return voices_.size() == 1 && carries(); }
  void glide(wall_t to);
  /** The next up or down is written even if nothing changed. */
  void say_again() { must_write_ = true; }

  [[nodiscard]] line_state state() const { return state_; }
  [[nodiscard]] bool in_outage() const { return in_outage_; }
  [[nodiscard]] wall_t outage_began() const { return began_; }

  /** A new inventory gives the target other checks: `was[k]` is the position that check k had, none for a new one,
   * which begins at `start` (not before judged_until()). What a check that is gone has said still counts up to where
   * its word ends; `old_ids` name the checks in the order of the old positions. */
  void revoice(std::span<const std::optional<std::uint32_t>> was, std::span<const std::string_view> old_ids,
               wall_t start);

  /** Goes on from what is known of it: `believed` as last written, time judged up to `from`. */
  void restore(line_state believed, wall_t outage_began, wall_t from);
  /** After restore(): this check was down before. */
  void restore_down(std::uint32_t check) {
    voices_[check].down_since = wall_min;
    voices_[check].heard = true;
  }
  [[nodiscard]] wall_t judged_until() const { return cursor_; }
  /** The earliest unconfirmed run that is not written yet; wall_max: none waits. */
  [[nodiscard]] wall_t first_short_run() const {
    return short_runs_->empty() ? wall_max : short_runs_->front().what.at;
  }

 private:
  struct trouble {
    std::vector<bad_seen> samples;  ///< bad ones, as `goods`; those whose word counts as nothing are left out
    passing<wall_t> begins;         ///< those of them with which a run began, from cursor_ on
    std::vector<period> silences;   ///< found while doubts are settled, and taken out of the queue at once
  };
  /** What one reach check has said. */
  struct voice {
    passing<piece> queue;          ///< contiguous from cursor_
    std::vector<good_seen> goods;  ///< good samples: the last one before cursor_ and all later ones
    rare<trouble> bad;
    wall_t down_since = wall_max;  ///< wall_max: not down
    wall_t outage = wall_min;      ///< piece::began of its present or last outage
    bool stale = false;            ///< its present or last outage is no testimony …
    bool heard = false;            ///< … or it is, and nothing that comes can make it void
  };
  struct joint {  // what all checks together say of [cursor_, next)
    const piece* said_by = nullptr;
    line_state state = line_state::unknown;
    wall_t good_before = wall_min;
    milliseconds good_width{0};
    bool covered = false, open = false;
    std::string decided_by;
  };
  [[nodiscard]] line_state word_of(std::uint32_t k) const;
  void good_before(const voice& v, joint& j) const;
  static void note(std::vector<good_seen>& in, good_seen g);
  [[nodiscard]] wall_t last_bad() const;
  [[nodiscard]] milliseconds width_at_cursor() const;
  static void drop(voice& v, wall_t before = wall_max);
  void forget_samples();
  void step_to(wall_t next);
  void forget_gone();
  void inherit(voice&& gone);
  void follow_checks();
  [[nodiscard]] bool cross_examine(const merging& with);
  [[nodiscard]] std::optional<wall_t> next_edge(wall_t horizon, std::uint64_t& looked_at) const;
  [[nodiscard]] joint look(std::span<const std::string_view> check_ids, bool with_names) const;
  void judge_short_runs(wall_t next, bool down, std::vector<record>& out);
  void accept(const joint& j, const merging& with, std::vector<record>& out);
  void accept_unknown(const joint& j, const merging& with, std::vector<record>& out);

  wall_t cursor_;                           ///< time is judged up to here
  line_state state_ = line_state::unknown;  ///< as last written
  bool in_outage_ = false;
  bool in_hole_ = true;      ///< unknown directly before cursor_
  bool must_write_ = false;  ///< an open gap needs its end written, even if nothing changed
  bool waits_ = false;
  wall_t began_{};
  wall_t hole_from_{};
  wall_t written_ = wall_min;            ///< the last transition: an open gap from before it is over
  std::vector<voice> voices_;            ///< by the checks' positions; after them those of checks that are gone …
  rare<std::vector<std::string>> gone_;  ///< … whose ids are these
  witnesses witnesses_;                  ///< by the same positions
  wall_t up_until_ = wall_min;           ///< the end of the last time in which the target was up
  rare<passing<short_run>> short_runs_;  ///< by their first samples
  std::uint64_t pushed_ = 0;             ///< short runs so far
};

}  // namespace changtong::verdict
