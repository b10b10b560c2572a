#include "daemon/verdict/condition.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace changtong::verdict {

void condition::take(const condition_limits& limits, outcome what, nanoseconds rtt) {
  if (what == outcome::not_measured) return;
  const std::size_t window = std::clamp<std::size_t>(limits.samples, 8, 1024);
  const std::size_t last = window - 1;
  const std::size_t older = last / 64;  // words of them
  if (bad_before_->size() < older) bad_before_.own().resize(older);
  const auto word = [&](std::size_t w) -> std::uint64_t& { return w == 0 ? bad_ : bad_before_.own()[w - 1]; };
  if (count_ >= window && ((word(older) >> (last % 64)) & 1U)) --bad_count_;
  for (std::size_t w = older; w > 0; --w) word(w) = (word(w) << 1) | (word(w - 1) >> 63);
  bad_ <<= 1;
  if (what == outcome::bad) {
    bad_ |= 1;
    ++bad_count_;
  } else {
    const auto seconds = std::chrono::duration<float>(rtt).count();
    mean_rtt_s_ = mean_rtt_s_ == 0 ? seconds : mean_rtt_s_ + (seconds - mean_rtt_s_) / 16;
  }
  if (count_ < window) ++count_;
  if (count_ < window / 4) return;
  const double loss = static_cast<double>(bad_count_) / count_;
  const double slow = limits.rtt ? mean_rtt_s_ / std::chrono::duration<double>(*limits.rtt).count() : 0;
  if (loss >= limits.loss_ratio || slow >= 1)
    degraded_ = true;
  else if (loss < limits.loss_ratio / 2 && slow < 0.8)
    degraded_ = false;
}

float condition::loss() const {
  static_assert(samples_of_loss == std::numeric_limits<decltype(bad_)>::digits);
  const int seen = std::min<int>(count_, samples_of_loss);
  if (seen == 0) return -1;
  const std::uint64_t mask = seen == samples_of_loss ? ~0ULL : (1ULL << seen) - 1;
  return static_cast<float>(std::popcount(bad_ & mask)) / static_cast<float>(seen);
}

bool flap_watch::changed(const condition_limits& limits, wall_t at) {
  changes_.push_back(at);
  if (changes_.size() > limits.flap_changes) changes_.erase(changes_.begin());
  if (changes_.size() >= limits.flap_changes && at - changes_.front() <= limits.flap_within) flapping_ = true;
  return flapping_;
}

bool flap_watch::settle(const condition_limits& limits, wall_t now) {
  std::erase_if(changes_, [&](wall_t at) { return now - at > limits.flap_within; });
  if (changes_.size() <= limits.flap_changes / 2U) flapping_ = false;
  return flapping_;
}

}  // namespace changtong::verdict
