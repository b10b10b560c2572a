#pragma once
/** Rules 1 to 6 of the books (design.md 5) for one check: samples in, decided pieces of time out.
 *
 * A piece is decided: no later sample changes it. Time that hangs on a pending run (bad samples not yet confirmed, or
 * good ones inside an outage) is held back until the run is decided, with the unknown holes in it. Pure: no clock, no
 * allocation in the steady state. */
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/check.h"
#include "daemon/core/rare.h"
#include "daemon/core/sample.h"
#include "daemon/verdict/piece.h"

namespace changtong::verdict {

class check_fold {
 public:
  /** Time begins at `start`, unknown until the first measured sample. */
  explicit check_fold(wall_t start) : cursor_(start) {}

  /** Judges one sample; `at` never lies before an earlier call's, except after a backward clock step, where it is
   * muted. Pieces are appended to `out`. */
  run_event take(const timing& rules, const sample& s, std::vector<piece>& out);
  /** The steady state, good after good in time, needs no fold: the owner may carry it on in a glide (judge.h) and hand
   * it back with land(). Only between samples of an up, undoubted check that speaks. */
  struct steady_state {
    wall_t last = wall_min;          ///< the last good sample
    wall_t speaks_until = wall_min;  ///< wall_min: not gliding
    milliseconds width{0};
  };
  [[nodiscard]] bool may_glide() const {
    return !down_ && !pending() && speaking_ && last_was_good_ && cursor_ == last_good_;
  }
  [[nodiscard]] steady_state take_off() const {
    return {.last = last_good_, .speaks_until = speaks_until_, .width = good_width_};
  }
  void land(const steady_state& s) {
    cursor_ = last_good_ = s.last;
    speaks_until_ = s.speaks_until;
    good_width_ = s.width;
  }
  /** Is a good sample at `at` in time, so that there is no hole before it? Asked of a steady check. */
  [[nodiscard]] bool speaks_until(wall_t at) const { return speaking_ && at <= speaks_until_; }
  /** A steady check has taken good samples up to `s.last`; what they speak for is the owner's to tell. */
  void carry(const steady_state& s) {
    land(s);
    speaking_ = last_was_good_ = true;
    covered_ = false;
  }
  /** No sample before `to` is still to come. */
  void advance(wall_t to, std::vector<piece>& out);
  /** Nobody observed in [from, to); `to` == wall_max: until the next measured sample. */
  void gap(period when, cause why, std::vector<piece>& out);
  /** The history ends, or the check is taken away: a pending run stays too short. True if it was a bad run of an up
   * check (rule 3). */
  bool conclude(wall_t end, std::vector<piece>& out);
  [[nodiscard]] bool down() const { return down_; }
  /** Of the present outage; wall_min where that is not known any more (after a restart). */
  [[nodiscard]] wall_t outage_began() const { return outage_->began; }
  [[nodiscard]] bool pending() const { return run_->count > 0; }
  /** Everything before is decided and has been handed out. */
  [[nodiscard]] wall_t decided() const { return pending() ? run_->first : cursor_; }
  /** Until when nothing changes by silence alone; wall_max where silence changes nothing. */
  [[nodiscard]] wall_t quiet_until() const { return speaking_ ? std::max(speaks_until_, cursor_) : wall_max; }
  [[nodiscard]] wall_t last_good() const { return last_good_; }
  [[nodiscard]] wall_t last_bad() const { return last_bad_; }

  struct run {
    std::uint32_t count = 0;
    wall_t first{}, last{};
    cause why = cause::none;
    wall_t before = wall_min;       ///< the last sample of the other colour before it
    milliseconds width{0};          ///< good run: of its first sample; bad run: of the last good sample
    std::vector<piece> holes;       ///< unknown time inside
    milliseconds visit{0};          ///< of its first sample, as in piece
    bool after_own_uplink = false;  ///< the same
  };
  [[nodiscard]] const run& pending_run() const { return *run_; }

  /** True if a restart needs nothing but "it was up". */
  [[nodiscard]] bool steady() const { return !down_ && !pending(); }
  [[nodiscard]] std::string remember() const;
  /** The inverse; the fold then stands at `heartbeat`, and what follows is an open gap. False if text is damaged. */
  [[nodiscard]] bool recall(std::string_view text, wall_t heartbeat);
  /** For a check without memory: up, last seen good somewhere before `heartbeat`. */
  void assume_up(wall_t last_good) { last_good_ = last_good; }

 private:
  /** The first bad sample of an outage, and what was known then. */
  struct outage {
    cause why = cause::none;
    bool after_own_uplink = false;
    wall_t began = wall_min;
    wall_t good_before = wall_min;  ///< the last good sample before it
    milliseconds good_width{0};
    milliseconds visit{0};
  };
  void settle(wall_t to, std::vector<piece>& out);
  void unknown(period when, cause why, std::vector<piece>& out);
  void spoken(period when, line_state state, std::vector<piece>& out);
  void resolve(line_state state, std::vector<piece>& out, bool bad_run = false);
  void confirm(std::vector<piece>& out);
  [[nodiscard]] piece spoken_piece(period when, line_state state) const;
  run_event good(const timing& rules, const sample& s, std::vector<piece>& out);
  run_event bad(const timing& rules, const sample& s, std::vector<piece>& out);

  wall_t cursor_;      ///< time is classified up to here
  bool down_ = false;  ///< belief; a check begins as up with its first measured sample (rule 4)
  bool speaking_ = false;
  bool last_was_good_ = false;
  bool covered_ = false;  ///< the present silence is told by an open gap
  cause silence_ = cause::not_started;
  wall_t gap_from_{};  ///< where that gap began
  wall_t speaks_until_{};
  wall_t last_good_ = wall_min, last_bad_ = wall_min;
  milliseconds good_width_{0};
  wall_t up_bad_before_ = wall_min;  ///< bad_before of the present up stretch
  rare<run> run_;                    ///< count == 0: none is pending
  rare<outage> outage_;              ///< the present one, or the last one
};

}  // namespace changtong::verdict
