#include "daemon/core/refusal_log.h"

namespace changtong {
namespace {

constexpr std::uint64_t each_one = 10;

bool power_of_ten(std::uint64_t n) {
  while (n % 10 == 0) n /= 10;
  return n == 1;
}

}  // namespace

std::uint64_t refusal_log::note(std::string_view who, mono_t now) {
  const holding lock(mutex_);
  if (times_.empty() || now - began_ >= std::chrono::minutes{1}) {
    times_.clear();
    began_ = now;
  }
  auto at = times_.find(who);
  if (at == times_.end()) at = times_.try_emplace(times_.size() < most_told_apart ? std::string(who) : "").first;
  const std::uint64_t n = ++at->second;
  return n <= each_one || power_of_ten(n) ? n : 0;
}

}  // namespace changtong
