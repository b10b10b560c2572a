#include "daemon/publish/http/feed.h"

#include <chrono>
#include <utility>

namespace changtong::http {

bool feed::join(door::guest who, std::function<void()> wake) {
  if (listeners_.size() >= most) return false;
  if (listeners_.empty()) told_ = happened();  // whoever comes has read what is so far
  listeners_.emplace(who, std::move(wake));
  if (!looking_) look_again();
  return true;
}

void feed::look() {
  const std::uint64_t now = happened();
  const mono_t at = std::chrono::steady_clock::now();
  if (now == told_ || (told_at_ != mono_t::min() && at - told_at_ < apart)) return;
  told_ = now;
  told_at_ = at;
  for (const auto& [who, wake] : listeners_) wake();
}

void feed::look_again() {
  looking_ = !listeners_.empty();
  if (!looking_) return;
  timer_.expires_after(looks);
  timer_.async_wait([this](boost::system::error_code ended) {
    if (ended) return;
    look();
    look_again();
  });
}

}  // namespace changtong::http
