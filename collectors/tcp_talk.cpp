#include "collectors/tcp_talk.h"

#include <algorithm>

#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::size_t most_shown = 80;

}  // namespace

tcp_talk::match tcp_talk::hear(std::string_view bytes) {
  // What was looked at before may end with the beginning of what is expected.
  const std::size_t again = std::min(heard_.size(), script_->expect.size() - 1);
  const std::size_t from = heard_.size() - again;
  heard_.append(bytes.substr(0, most_heard - heard_.size()));
  if (heard_.find(script_->expect, from) != std::string::npos) return match::expected;
  return heard_.size() < most_heard ? match::waits : match::other;
}

std::string tcp_talk::complaint() const {
  return to_string(both("应答中没有“{}”，收到的是“{}”", "the answer has no `{}`, it begins with `{}`",
                        escaped(script_->expect, most_shown), escaped(heard_, most_shown)));
}

}  // namespace changtong
