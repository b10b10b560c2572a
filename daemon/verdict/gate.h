#pragma once
/** Where a bad sample waits until it is known whose fault it is (rule 10, uplink.h), and what comes after it of the
 * same target behind it. What passes goes on to the judge in the order of each target; what is our own uplink's fault
 * passes as not_measured(own_uplink). Without anchors, and for all that is not bad, nothing waits.
 *
 * Pure; one thread, the judge's. */
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/core/sample.h"
#include "daemon/core/target.h"
#include "daemon/verdict/uplink.h"

namespace changtong::verdict {

class gate {
 public:
  using passing = std::function<void(const sample&)>;
  /** Beyond this a sample stays bad: anchors that can neither be reached nor asked must not hide an outage. */
  static constexpr milliseconds longest_wait{10'000};

  explicit gate(std::shared_ptr<const inventory> inv);
  /** Call forget() before: nothing may wait. */
  void adopt(std::shared_ptr<const inventory> inv);

  /** Any sample, as soon as it is known and in any order: signs and silence. */
  void seen(const sample& s);
  /** A sample of a reach check, in the order of its target; bad ones wait until review(). */
  void take(const sample& s, const passing& pass);
  /** What the schedule knows at `now`: every question sent before is answered or too old. */
  struct known {
    mono_t lines;                                ///< of lines
    std::function<mono_t(target_index)> anchor;  ///< of one anchor
  };
  void review(mono_t now, const known& k, const passing& pass);
  /** Drops what waits, as a reload drops the questions under way: what it would have been is not known. */
  void forget();
  /** Decides what waits by what is known: the session ends. */
  void conclude(mono_t now, const passing& pass);
  /** Samples with labels up to and including `barrier` are no signs. */
  void mute_until(wall_t barrier) { barrier_ = std::max(barrier_, barrier); }

  /** A bad sample became known since the last call: every anchor is asked at once. */
  [[nodiscard]] bool wants_anchors() { return std::exchange(ask_, false); }
  [[nodiscard]] const std::vector<check_index>& anchor_checks() const { return anchor_checks_; }

  /** The least label that waits, of lines; wall_max: none. */
  [[nodiscard]] wall_t first_waiting() const;
  [[nodiscard]] wall_t first_waiting(target_index t) const;
  /** A sample of the target waits, or its last one was ours: what we show is unknown. */
  [[nodiscard]] bool undecided(target_index t) const;
  /** Targets for which undecided() may have changed since the last call. */
  [[nodiscard]] std::vector<target_index> changed() { return std::exchange(changed_, {}); }

  [[nodiscard]] bool silent() const { return silence_.any() && silence_.silent(); }
  /** An anchor has been silent while others answered, or has never answered, for a minute. */
  [[nodiscard]] bool contradicted(mono_t now) const;
  [[nodiscard]] std::uint64_t taken_out() const { return taken_out_; }

 private:
  struct waiting {
    sample what;
    uplink::tick sent, until;
  };
  using queue = std::deque<waiting>;
  void hand_on(target_index t, sample s, uplink::whose fault, const passing& pass);
  void drain(uplink::tick now, const uplink::known& k, const passing& pass);
  [[nodiscard]] bool is_sign(const sample& s, const target& t) const;

  std::shared_ptr<const inventory> inv_;
  uplink silence_;
  std::vector<std::size_t> place_;     ///< by target: an anchor's place in silence_
  std::vector<target_index> anchors_;  ///< by place
  std::vector<check_index> anchor_checks_;
  std::vector<bool> ours_;  ///< by target: its last sample was taken out
  nanoseconds answer_within_{0};
  std::map<target_index, queue> waiting_;
  std::vector<target_index> changed_;
  wall_t barrier_ = wall_min;
  mono_t first_seen_{};
  bool ask_ = false;
  std::uint64_t taken_out_ = 0;
};

}  // namespace changtong::verdict
