#pragma once
/** What we believe: samples in, records and wishes out (design.md 4 and 5).
 *
 * A pure fold. No clock, no I/O, no library: the same samples in the same order give the same records, live and in a
 * replay. Samples of one target must come in order of sending (schedule takes care); between targets any order will do.
 *
 *   check_fold   rules 1-6, one check        target_fold  rule 7, the checks of one target
 *   anchors      rule 10                     judge        all targets, parents, causes, wishes
 *
 * One judge belongs to one thread. It does not know metrics, alerts or the ledger: whoever owns it passes records on.
 */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/sample.h"
#include "daemon/core/target.h"
#include "daemon/core/wish.h"
#include "daemon/verdict/anchors.h"
#include "daemon/verdict/target_fold.h"

namespace changtong::verdict {

/** What one call brought forth. The caller clears it; vectors keep their storage. */
struct judgement {
  wall_t now =
      wall_min;  ///< IN: label of the present instant, for `confirmed`; a replay may leave it, then the sample's
  std::vector<record> records;
  std::vector<wish> wishes;
  std::vector<check_index> changed;  ///< checks whose memory must be written anew; may name one twice
};

/** What the ledger knows of a target when a run begins. */
struct remembered {
  std::string_view target;
  line_state believed = line_state::unknown;
  wall_t outage_began{};
  bool cause_known = false;
};

class judge {
 public:
  static constexpr milliseconds fast_time = std::chrono::minutes{10};  ///< of an outage; then at the outage pace
  static constexpr milliseconds cause_time{2000};                      ///< how long a cause may wait for the parent

  judge(std::shared_ptr<const inventory> inv, wall_t start);

  /** Goes on after a stop or crash: call recall() for each memory and known target, before the first sample. What lies
   * between `heartbeat` and a target's next sample is an open gap that the caller records. */
  void recall(const std::vector<remembered>& targets, const std::vector<check_memory>& memory, wall_t heartbeat,
              judgement& out);

  /** A new inventory. Checks that are still there (same id) go on; targets that are gone end as unknown. */
  void adopt(std::shared_ptr<const inventory> inv, wall_t now, judgement& out);

  void take(const sample& s, judgement& out);
  /** Every question to a line sent before `decided` has been judged: silence becomes unknown, overdue causes are
   * settled. A site's page may take long, so sites have their own instant, asked of `site_decided`. */
  void advance(wall_t decided, judgement& out, const std::function<wall_t(target_index)>& site_decided = {});
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
  [[nodiscard]] bool run_pending(check_index c) const { return checks_[c].fold.pending(); }

 private:
  struct check_state {
    check_fold fold;
    target_index target = no_index;  ///< no_index: not a reach check, never judged
    std::uint32_t position = 0;      ///< among the target's reach checks
    std::optional<pace> speed;       ///< as last wished
    std::vector<wall_t> run;         ///< labels of the pending bad run; kept only where anchors are configured
  };
  struct target_state {
    target_fold fold;
    std::vector<check_index> reach;
    check_index lead = no_index;
    wall_t quiet_until = wall_max;
    bool cause_open = false;  ///< in an outage whose cause is not written yet
  };
  struct waiting_cause {
    target_index target;
    wall_t began, deadline;
  };

  void build(const inventory& inv, wall_t start);
  bool glide(const sample& s);
  void take_off(check_index c);
  void land(check_index c);
  void land_all();
  void keep(check_index now, const check_state& before);
  target_state& owner(check_index c) { return targets_[inv_->checks[c].target]; }
  void drain(target_index t, check_index c);
  void settle(target_index t, wall_t at, judgement& out);
  void react(check_index c, run_event event, const sample& s, judgement& out);
  void run_began(check_index c, const sample& s, judgement& out);
  void run_short(check_index c, const check_fold::run& run, wall_t at);
  bool ours(check_index c, const sample& s);
  void want(check_index c, pace speed, bool now, bool urgent, judgement& out);
  void calm(target_state& t, judgement& out);
  void explain(target_index t, wall_t began, wall_t now, judgement& out);
  void explain_children(target_index parent, judgement& out);
  void settle_causes(wall_t now, judgement& out);

  std::shared_ptr<const inventory> inv_;
  std::vector<check_state> checks_;
  /** Checks that have been good all along and are their target's only one: a few words each instead of a fold, because
   * what a steady sample costs is cache misses. `speaks_until` == wall_min: not gliding, the folds know. */
  std::vector<check_fold::steady_state> glides_;
  std::vector<target_state> targets_;
  anchors anchors_;
  std::vector<waiting_cause> causes_;
  std::vector<piece> pieces_;            ///< scratch
  std::vector<std::string_view> names_;  ///< scratch
  wall_t barrier_ = wall_min;
  std::uint64_t muted_ = 0;
};

}  // namespace changtong::verdict
