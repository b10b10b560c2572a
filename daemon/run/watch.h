#pragma once
/** The probe side of the daemon: samples from schedule go to verdict and the board, records to the recorder, wishes
 * back to schedule. Runs on the probe thread. */
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/label_clock.h"
#include "daemon/core/mutex.h"
#include "daemon/core/tallies.h"
#include "daemon/host/clocks.h"
#include "daemon/recent/figures.h"
#include "daemon/run/around_outages.h"
#include "daemon/run/board_keeper.h"
#include "daemon/run/recorder.h"
#include "daemon/run/tracing.h"
#include "daemon/schedule/engine.h"
#include "daemon/settings/settings.h"
#include "daemon/verdict/filtered.h"
#include "daemon/verdict/gate.h"
#include "daemon/verdict/judge.h"

namespace changtong {

class watch final : public schedule::sample_sink {
 public:
  /** `recalled` is what the ledger held when it was opened. All references outlive the watch. Without `paths` no path
   * is followed; outages are told apart by the rest. */
  watch(const settings& s, const clocks& c, const ledger::restored& recalled, recorder& records, board_holder& boards,
        daemon_tallies& tallies, schedule::engine::make_collector make, path_doors paths = {});

  /** Usual paths that the ledger knows. Before the first tick. */
  void recall_paths(const std::vector<trace_record>& known) { tracing_.recall(known); }
  /** A changed configuration; the caller has noted what changed. */
  void adopt(const settings& s);
  /** Their checks are asked once at once: something else says that they may be worth a look. */
  void ask_now(const std::vector<std::string>& targets);
  /** Records that do not come from samples, in their place among those that do. */
  void note(std::vector<record> records);
  /** A trap that the ledger has. */
  void heard(const trap_record& t, bool proven) { tracing_.heard(t, proven); }
  /** Whether lines or sites are in doubt: asked fast, and not down yet. Any thread; as of at most 20 ms ago. */
  [[nodiscard]] bool in_doubt() const { return in_doubt_.load(std::memory_order_relaxed); }
  [[nodiscard]] schedule::engine& engine() { return engine_; }
  /** Up to now. Any thread. */
  [[nodiscard]] std::optional<recent::recent_target> recent_of(std::string_view target) const {
    return recent_.of(target, label_anywhere());
  }
  [[nodiscard]] wall_t label_now() const { return clock_.label(clocks_.mono()); }
  /** The same from any thread; a step of the clock is seen within a second. */
  [[nodiscard]] wall_t label_anywhere() const {
    return wall_t{std::chrono::floor<milliseconds>(clocks_.mono().time_since_epoch() +
                                                   nanoseconds{label_offset_.load(std::memory_order_relaxed)})};
  }
  /** Hands everything to the recorder; the heartbeat it carries is the label of the last second of observation. */
  wall_t flush();
  /** For the demo's pause: ticks do nothing until then. */
  void pause_until(mono_t t) { paused_until_ = t; }
  [[nodiscard]] bool paused() const { return clocks_.mono() < paused_until_; }

  void seen(const sample& s) override;
  void judged(const sample& s) override;
  void expect(std::span<const check_index> soon) override;
  void tick_done(mono_t now) override;

  /** A person says that the wall clock is right: the step that waits is adopted within a second, and the journal says
   * who said so. False: none waits. Any thread. */
  [[nodiscard]] bool confirm_clock(std::string_view by);

 private:
  void change_board(const settings& s);
  void hand_over(mono_t now, bool all);
  void pass_on(const sample& s);
  void look_for_filter(const sample& s, target_index t);
  void review_uplink(mono_t now);
  void show_uplink();
  void grant_wishes(mono_t now);
  void look_for_doubts(mono_t now);
  void follow(const record& r);
  void end_closed_doubts(wall_t label);
  void pace_anchors(mono_t now, std::optional<pace> speed, bool at_once);
  [[nodiscard]] wall_t lines_decided(mono_t now);
  [[nodiscard]] wall_t site_decided(target_index t, mono_t now) const;
  [[nodiscard]] wall_t settled_day(mono_t now);
  void compare_clocks(mono_t now);
  void stood_still(wall_t from, wall_t until);

  clocks clocks_;
  label_clock clock_;
  std::atomic<std::int64_t> label_offset_;  ///< clock_.offset(), in ns
  mutex confirming_;
  bool step_waits_ GUARDED_BY(confirming_) = false;   ///< as of the last comparison
  std::string confirmed_by_ GUARDED_BY(confirming_);  ///< since then; empty: nobody
  recorder& recorder_;
  board_holder& boards_;
  daemon_tallies& tallies_;
  std::shared_ptr<const inventory> inv_;
  /** How long rule 7 waits for a line's other check; longer than any answer may take that a line should have. */
  static constexpr milliseconds patience{10'000};
  static constexpr milliseconds standstill{5'000};  ///< of the loop: told as a fault of our own
  static constexpr milliseconds anchor_pause{50};   ///< between two questions out of turn to the anchors
  verdict::judge judge_;
  verdict::gate gate_;
  verdict::gate::passing pass_;
  schedule::engine engine_;
  board_keeper keeper_;
  recent::figures recent_;
  tracing tracing_;
  around_outages around_;
  verdict::filtered filtered_;
  verdict::judgement pending_;  ///< not handed to the recorder yet
  mono_t pending_since_{}, last_heartbeat_{}, paused_until_{};
  std::vector<bool> fast_;  ///< by check: asked at the fast interval …
  std::size_t fast_count_ = 0;
  std::vector<bool> down_;  ///< by target: in an outage, as far as it began under this inventory
  std::atomic<bool> in_doubt_{false};
  mono_t doubts_looked_{};
  static constexpr milliseconds doubts_pause{20};  ///< between two looks for doubts
  mono_t anchors_asked_{};
  wall_t heartbeat_ = wall_min;  ///< the last one handed over; never goes back
  civil_zone zone_;
  wall_t day_end_{};  ///< of the first civil day that the ledger has not been told to be settled
};

}  // namespace changtong
