#pragma once
/** How well an up target is: degraded 劣化 and flapping 抖动. Time inside up; for display and alarms, never the books
 * (design.md 4). Pure. */
#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/rare.h"
#include "daemon/core/sample.h"

namespace changtong::verdict {

struct condition_limits {
  std::uint16_t samples = 64;                ///< how many measured samples are looked at, 8 .. 1024
  double loss_ratio = 0.05;                  ///< degraded at or above
  std::optional<milliseconds> rtt;           ///< degraded at or above, mean of the good ones
  std::uint16_t flap_changes = 6;            ///< flapping from so many transitions …
  milliseconds flap_within{30 * 60 * 1000};  ///< … within this
};

/** What loss is of: the last measured samples, as many at most. */
inline constexpr int samples_of_loss = 64;

/** The last measured samples of one check. */
class condition {
 public:
  void take(const condition_limits& limits, outcome what, nanoseconds rtt);
  /** Judged once a quarter of the samples are there; cleared below half of the limit, so that it does not flicker. */
  [[nodiscard]] bool degraded() const { return degraded_; }
  /** bad / measured among the last samples_of_loss; negative before the first. */
  [[nodiscard]] float loss() const;
  /** Round trip of the good ones, smoothed, seconds; 0 before the first. */
  [[nodiscard]] float mean_rtt() const { return mean_rtt_s_; }

 private:
  std::uint16_t count_ = 0;
  std::uint16_t bad_count_ = 0;  ///< within the limit's window
  float mean_rtt_s_ = 0;
  bool degraded_ = false;
  std::uint64_t bad_ = 0;                        ///< newest sample in bit 0
  rare<std::vector<std::uint64_t>> bad_before_;  ///< those beyond 64, if the limit looks at so many
};

/** Transitions of one target. */
class flap_watch {
 public:
  bool changed(const condition_limits& limits, wall_t at);
  /** Still flapping at `now`? Ends when half as many changes or fewer are left in the window. */
  bool settle(const condition_limits& limits, wall_t now);
  /** Nothing is left to remember. */
  [[nodiscard]] bool forgotten() const { return changes_.empty(); }

 private:
  std::vector<wall_t> changes_;  ///< a handful, oldest first
  bool flapping_ = false;
};

}  // namespace changtong::verdict
