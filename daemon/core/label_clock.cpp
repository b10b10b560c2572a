#include "daemon/core/label_clock.h"

#include <sys/timex.h>

#include <algorithm>

namespace changtong {

clock_trust kernel_trust(int adjtimex_answer) {
  if (adjtimex_answer < 0) return clock_trust::not_known;
  return adjtimex_answer == TIME_ERROR ? clock_trust::unsynchronised : clock_trust::synchronised;
}

/** Adds up what the clock has said since the step that waits; any other answer, or none for long, begins anew. */
bool label_clock::trusted(mono_t mono, clock_trust trust) {
  if (trust == clock_trust::confirmed) return true;
  if (trust != clock_trust::synchronised) {
    last_synchronised_.reset();
    return false;
  }
  if (!last_synchronised_ || mono - *last_synchronised_ > longest_silence)
    synchronised_for_ = nanoseconds{0};
  else
    synchronised_for_ += mono - *last_synchronised_;
  last_synchronised_ = mono;
  return synchronised_for_ >= patience;
}

std::optional<label_clock::step> label_clock::compare(mono_t mono, wall_t wall, clock_trust trust) {
  const nanoseconds apart = difference(mono, wall) - offset_;
  const nanoseconds elapsed = std::max(nanoseconds{0}, mono - last_mono_);
  last_mono_ = mono;
  if (std::chrono::abs(apart) <= tolerance) {
    waiting_.reset();
    // Follow by at most a tenth of the time that passed, so that labels keep running forward.
    const nanoseconds reach = elapsed / 10;
    offset_ += std::clamp(apart, -reach, reach);
    return std::nullopt;
  }
  const auto by = std::chrono::round<milliseconds>(apart);
  const wall_t before = label(mono);
  const bool noticed = !waiting_ || std::chrono::abs(apart - *waiting_) > tolerance;
  if (noticed) last_synchronised_.reset();  // what was said before a step is no word for the time after it
  if (std::chrono::abs(by) > adoptable && !trusted(mono, trust)) {
    waiting_ = apart;
    if (!noticed) return std::nullopt;
    return step{.by = by, .adopted = false, .before = before};
  }
  waiting_.reset();
  offset_ += apart;
  return step{.by = by, .adopted = true, .before = before};
}

}  // namespace changtong
