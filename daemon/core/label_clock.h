#pragma once
/** Labels for monotonic instants (design.md 5, rule 6). Pure: readings of both clocks are arguments.
 *
 * Labels follow the wall clock while the two agree to a second; a larger disagreement is a step. Steps of up to five
 * minutes are adopted at once; a larger one only when the clock has said for ten minutes that it is synchronised, or a
 * person confirms it. Labels never run backwards except in a step. One thread. */
#include <optional>

#include "daemon/core/instant.h"

namespace changtong {

class label_clock {
 public:
  static constexpr milliseconds tolerance{1000};
  static constexpr milliseconds adoptable = std::chrono::minutes{5};
  static constexpr std::chrono::minutes patience{10};

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
  /** Compares the clocks; about once a second. `synchronised`: what the kernel says of its clock (adjtimex). */
  std::optional<step> compare(mono_t mono, wall_t wall, bool synchronised);

 private:
  static nanoseconds difference(mono_t mono, wall_t wall) { return wall.time_since_epoch() - mono.time_since_epoch(); }

  nanoseconds offset_;
  mono_t last_mono_;
  bool told_ = false;
  std::optional<mono_t> synchronised_since_;
};

}  // namespace changtong
