#pragma once
/** What we believe: samples in, records and wishes out (design.md 4 and 5).
 *
 * A pure fold. No clock, no I/O, no library: the same samples in the same order give the same records, live and in a
 * replay. Samples of one target must come in order of sending (schedule takes care); between targets any order will do.
 *
 *   check_fold   rules 1-6, one check        target_fold, witnesses  rule 7, the checks of one target
 *   causes       why an outage is            judge                   all targets, wishes
 *
 * Rule 10 is decided before a sample comes here (uplink.h, gate.h): what it takes out arrives as
 * not_measured(own_uplink).
 *
 * One judge belongs to one thread. It does not know metrics, alerts or the ledger: whoever owns it passes records on.
 */
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/sample.h"
#include "daemon/core/target.h"
#include "daemon/core/warm.h"
#include "daemon/verdict/causes.h"
#include "daemon/verdict/docket.h"
#include "daemon/verdict/judgement.h"

namespace changtong::verdict {

class judge {
 public:
  static constexpr milliseconds fast_time = std::chrono::minutes{10};  ///< of an outage; then at the outage pace

  /** `patience`: how long rule 7 waits for a check that does not answer (witnesses.h). */
  judge(std::shared_ptr<const inventory> inv, wall_t start, milliseconds patience = witnesses::for_ever);
  judge(judge&&) = default;
  judge& operator=(judge&&) = default;
  judge(const judge&) = delete;  // its targets point into reach_
  judge& operator=(const judge&) = delete;
  ~judge() = default;

  /** Goes on after a stop or crash: call recall() for each memory and known target, before the first sample. What lies
   * between `heartbeat` and a target's next sample is an open gap that the caller records. */
  void recall(const std::vector<remembered>& targets, const std::vector<check_memory>& memory, wall_t heartbeat,
              judgement& out);

  /** A new inventory. Checks that are still there (same id) go on, with the runs that are pending; what hangs on a run
   * of a check that is gone is unknown, for nobody will decide it; targets that are gone end as unknown. */
  void adopt(std::shared_ptr<const inventory> inv, wall_t now, judgement& out);

  void take(const sample& s, judgement& out);
  /** Samples of these checks may come in a moment. */
  void expect(std::span<const check_index> soon) const {
    for (const check_index c : soon) warm(&glides_[c]);
  }
  /** The same as taking all these samples of one target's checks in order of time (of one check: in order of the list),
   * in constant time; no record comes of it. False where that cannot be known beforehand: then nothing has been taken,
   * and they must be taken one by one. Only an up, undoubted target with a check that speaks without a hole will do. */
  [[nodiscard]] bool take_good_runs(target_index t, std::span<const good_run> runs);
  /** Every question to a line sent before `decided` has been judged: silence becomes unknown, overdue causes are
   * settled. A site's page may take long, so sites have their own instant, asked of `site_decided`. */
  void advance(wall_t decided, judgement& out, const std::function<wall_t(target_index)>& site_decided = {});
  /** A check speaks for up, and none has a run or an outage of its own: only then take_good_runs() may do. */
  [[nodiscard]] bool undoubted(target_index t) const;
  /** The same for one target; causes are left alone. */
  void advance(target_index t, wall_t decided, judgement& out);
  /** Causes that have waited for a parent long enough by `now`. */
  void settle_causes(wall_t now, judgement& out) {
    causes_.settle(now, out.records, [this](target_index p, wall_t at) { return well_since(p, at); });
  }
  /** Whose good samples a settle_causes() looks at. */
  [[nodiscard]] const causes& waiting_causes() const { return causes_; }
  /** The history ends at `end`: pending runs stay too short (rules 3 and 4). Nothing may be taken afterwards. */
  void conclude(wall_t end, judgement& out);
  /** Nothing that began before it is undecided, when all before `decided` was judged by advance(): no pending run, no
   * site's page, no cause that still waits. Looks at every check that does not glide: ask once a second, not a sample.
   */
  [[nodiscard]] wall_t settled_before(wall_t decided,
                                      const std::function<wall_t(target_index)>& site_decided = {}) const;
  /** Nobody observed in `when`; the caller records the gap. */
  void gap_over_all(period when, cause why, judgement& out);
  /** What was said may not have been kept: every target's belief is written again, from where it is next decided. The
   * caller records the open gap that this ends. */
  void say_again();
  /** A backward step of the clock: labels up to and including `barrier` are muted (rule 6). */
  void mute_until(wall_t barrier) { barrier_ = std::max(barrier_, barrier); }

  [[nodiscard]] check_memory memory_of(check_index check) const;
  [[nodiscard]] std::uint64_t muted() const { return muted_; }
  [[nodiscard]] line_state state_of(target_index t) const { return targets_[t].fold.state(); }
  /** When silence alone would change what is believed of a target; wall_max where it changes nothing. */
  [[nodiscard]] wall_t quiet_until(target_index t) const;

 private:
  void build(const inventory& inv, wall_t start);
  run_event fold_in(const sample& s);
  bool glide(const sample& s);
  void take_off(check_index c);
  void land(check_index c);
  void land_all();
  void keep(check_index now, const check_state& before);
  void end_of(target_index t, check_index c, wall_t end);
  target_state& owner(check_index c) { return targets_[inv_->checks[c].target]; }
  void drain(target_index t, check_index c);
  void settle(target_index t, wall_t at, judgement& out);
  void react(check_index c, run_event event, const sample& s, judgement& out);
  void run_began(check_index c, judgement& out);
  void run_short(check_index c, const check_fold::run& run, wall_t at);
  void testify(check_index c, const sample& s, run_event event, const check_fold::run& before);
  void want(check_index c, pace speed, bool now, bool urgent, judgement& out);
  [[nodiscard]] wall_t outage_began(check_index c);
  [[nodiscard]] bool dead_agent(check_index c);
  void calm(target_state& t, judgement& out);
  void stay_fast(check_index c, const sample& s, judgement& out);
  [[nodiscard]] std::function<line_state(target_index)> states() const;
  /** When the last question was sent that failed; wall_max: none. */
  [[nodiscard]] wall_t last_bad(target_index t) const;
  /** A check of it that nothing speaks against was answered to a question sent at `at` or later. */
  [[nodiscard]] bool well_since(target_index t, wall_t at) const;

  std::shared_ptr<const inventory> inv_;
  std::vector<check_state> checks_;
  /** Checks that have been good all along and are their target's only one: a few words each instead of a fold, because
   * what a steady sample costs is cache misses. `speaks_until` == wall_min: not gliding, the folds know. */
  std::vector<check_fold::steady_state> glides_;
  std::vector<target_state> targets_;
  std::vector<check_index> reach_;  ///< reach checks of all targets, one target's side by side
  causes causes_;
  milliseconds patience_;
  std::vector<piece> pieces_;            ///< scratch
  std::vector<std::string_view> names_;  ///< scratch
  std::vector<wall_t> decided_;          ///< scratch
  wall_t barrier_ = wall_min;
  std::uint64_t muted_ = 0;
};

}  // namespace changtong::verdict
