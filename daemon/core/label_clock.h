#pragma once
/** Labels for monotonic instants (design.md 5, rule 6). Pure: readings of both clocks are arguments.
 *
 * Labels follow the wall clock while the two agree to a second; a larger disagreement is a step. Steps of up to five
 * minutes are adopted at once; a larger one waits until the clock has said for ten minutes, all of them after the step,
 * that it is synchronised, or until a person confirms it. Labels never run backwards except in a step. One thread. */
#include <cstdint>
#include <optional>

#include "daemon/core/instant.h"

namespace changtong {

/** Whether the wall clock can be trusted. Only what was said counts: no answer is no yes. */
enum class clock_trust : std::int8_t {
  not_known = -1,  ///< the kernel did not answer (a filter, an old kernel)
  unsynchronised,  ///< the kernel says that it does not follow a time source
  synchronised,    ///< the kernel says that it does
  confirmed,       ///< a person says that the wall clock is right now; said once, it is for the step that waits then
};
/** What adjtimex(2) returned, as trust. */
[[nodiscard]] clock_trust kernel_trust(int adjtimex_answer);

class label_clock {
 public:
  static constexpr milliseconds tolerance{1000};
  static constexpr milliseconds adoptable = std::chrono::minutes{5};
  static constexpr std::chrono::minutes patience{10};
  /** Of the patience only time between two answers of yes counts that lie no further apart than this. */
  static constexpr std::chrono::seconds longest_silence{10};

  label_clock(mono_t mono, wall_t wall) : offset_(difference(mono, wall)), last_mono_(mono) {}

  [[nodiscard]] wall_t label(mono_t at) const {
    return wall_t{std::chrono::floor<milliseconds>(at.time_since_epoch() + offset_)};
  }
  [[nodiscard]] nanoseconds offset() const { return offset_; }

  struct step {
    milliseconds by{0};
    bool adopted = false;  ///< false: noticed, waiting for the clock to be trusted; told once
    wall_t before{};       ///< the label just before the step
  };
  /** Whether a step is waiting for the clock to be trusted. */
  [[nodiscard]] bool waits() const { return waiting_.has_value(); }
  /** Compares the clocks; about once a second. */
  std::optional<step> compare(mono_t mono, wall_t wall, clock_trust trust);

 private:
  static nanoseconds difference(mono_t mono, wall_t wall) { return wall.time_since_epoch() - mono.time_since_epoch(); }

  bool trusted(mono_t mono, clock_trust trust);

  nanoseconds offset_;
  mono_t last_mono_;
  std::optional<nanoseconds> waiting_;       ///< the disagreement at the last comparison: a step that is not adopted
  nanoseconds synchronised_for_{0};          ///< while it waits
  std::optional<mono_t> last_synchronised_;  ///< the last answer, if it was yes
};

}  // namespace changtong
