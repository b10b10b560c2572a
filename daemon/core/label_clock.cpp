#include "daemon/core/label_clock.h"

#include <algorithm>

namespace changtong {

std::optional<label_clock::step> label_clock::compare(mono_t mono, wall_t wall, bool synchronised) {
  const nanoseconds apart = difference(mono, wall) - offset_;
  const nanoseconds elapsed = std::max(nanoseconds{0}, mono - last_mono_);
  last_mono_ = mono;
  if (!synchronised)
    synchronised_since_.reset();
  else if (!synchronised_since_)
    synchronised_since_ = mono;
  if (std::chrono::abs(apart) <= tolerance) {
    told_ = false;
    // Follow by at most a tenth of the time that passed, so that labels keep running forward.
    const nanoseconds reach = elapsed / 10;
    offset_ += std::clamp(apart, -reach, reach);
    return std::nullopt;
  }
  const auto by = std::chrono::round<milliseconds>(apart);
  const wall_t before = label(mono);
  const bool trusted = synchronised_since_ && mono - *synchronised_since_ >= patience;
  if (std::chrono::abs(by) > adoptable && !trusted) {
    if (told_) return std::nullopt;
    told_ = true;
    return step{.by = by, .adopted = false, .before = before};
  }
  told_ = false;
  offset_ += apart;
  return step{.by = by, .adopted = true, .before = before};
}

}  // namespace changtong
