#pragma once
/** The probe side of the daemon: samples from schedule go to verdict and the board, records to the recorder, wishes
 * back to schedule. Runs on the probe thread. */
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/counters.h"
#include "daemon/core/label_clock.h"
#include "daemon/run/board_facts.h"
#include "daemon/run/recorder.h"
#include "daemon/schedule/engine.h"
#include "daemon/settings/settings.h"
#include "daemon/verdict/condition.h"
#include "daemon/verdict/gate.h"
#include "daemon/verdict/judge.h"

namespace changtong {

/** Both clocks as they are now. */
struct clocks {
  std::function<mono_t()> mono;
  std::function<wall_t()> wall;
  std::function<clock_trust()> synchronised;
};
[[nodiscard]] clocks system_clocks();

class watch final : public schedule::sample_sink {
 public:
  /** `recalled` is what the ledger held when it was opened. All references outlive the watch. */
  watch(const settings& s, const clocks& c, const ledger::restored& recalled, recorder& records, board_holder& boards,
        daemon_counters& counters, schedule::engine::make_collector make);

  /** A changed configuration; the caller has noted what changed. */
  void adopt(const settings& s);
  /** Records that do not come from samples, in their place among those that do. */
  void note(std::vector<record> records);
  [[nodiscard]] schedule::engine& engine() { return engine_; }
  [[nodiscard]] wall_t label_now() const { return clock_.label(clocks_.mono()); }
  /** Hands everything to the recorder; the heartbeat it carries is the label of the last second of observation. */
  wall_t flush();
  /** For the demo's pause: ticks do nothing until then. */
  void pause_until(mono_t t) { paused_until_ = t; }
  [[nodiscard]] bool paused() const { return clocks_.mono() < paused_until_; }

  void seen(const sample& s) override;
  void judged(const sample& s) override;
  void tick_done(mono_t now) override;

 private:
  /** What colours an up line. */
  struct health {
    std::vector<check_index> leads;                          ///< by target
    std::vector<verdict::condition> conditions;              ///< by target, of its leading check
    std::unordered_map<check_index, std::uint16_t> failing;  ///< health checks: bad samples in a row
    std::vector<std::uint16_t> unwell;                       ///< by target: health checks whose run is long enough
    std::unordered_map<target_index, verdict::flap_watch> flaps;
  };
  void change_board();
  void begin_health();
  void carry_health(const inventory& before);
  void carry_check(const health& old, target_index of, check_index was, check_index is);
  void hand_over(mono_t now, bool all);
  void pass_on(const sample& s);
  void review_uplink(mono_t now);
  void show_uplink();
  void grant_wishes(mono_t now);
  void end_closed_doubts(wall_t label);
  void pace_anchors(mono_t now, std::optional<pace> speed, bool at_once);
  [[nodiscard]] wall_t lines_decided(mono_t now);
  [[nodiscard]] wall_t site_decided(target_index t, mono_t now) const;
  [[nodiscard]] wall_t settled_day(mono_t now);
  void compare_clocks(mono_t now);
  void follow(const record& r);
  /** What time alone changes on the board. */
  void refresh_flapping();
  void health_sample(const sample& s, const check& c);
  void show_condition(target_index t);

  clocks clocks_;
  label_clock clock_;
  recorder& recorder_;
  board_holder& boards_;
  daemon_counters& counters_;
  std::shared_ptr<const inventory> inv_;
  verdict::condition_limits limits_;
  /** How long rule 7 waits for a line's other check; longer than any answer may take that a line should have. */
  static constexpr milliseconds patience{10'000};
  static constexpr milliseconds anchor_pause{50};  ///< between two questions out of turn to the anchors
  verdict::judge judge_;
  verdict::gate gate_;
  verdict::gate::passing pass_;
  schedule::engine engine_;
  board_facts facts_;
  health health_;
  verdict::judgement pending_;  ///< not handed to the recorder yet
  mono_t pending_since_{}, last_heartbeat_{}, paused_until_{};
  std::vector<bool> fast_;  ///< by check: asked at the fast interval …
  std::size_t fast_count_ = 0;
  mono_t anchors_asked_{};
  wall_t heartbeat_ = wall_min;  ///< the last one handed over; never goes back
  civil_zone zone_;
  wall_t day_end_{};  ///< of the first civil day that the ledger has not been told to be settled
};

}  // namespace changtong
