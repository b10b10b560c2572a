#include "daemon/traps/heard_engines.h"

#include <algorithm>

#include "daemon/core/stable_hash.h"

namespace changtong::traps {

standing heard_engines::take(const message& m, mono_t now) {
  const auto at = engines_.find(m.engine);
  if (at == engines_.end()) {
    if (engines_.size() >= most_engines) return standing::refused;
    engines_.emplace(m.engine, engine{.boots = m.boots, .time = m.time, .at = now, .since = now, .from = m.from});
    return standing::heard;
  }
  engine& e = at->second;
  const std::int64_t expected = e.time + std::chrono::floor<std::chrono::seconds>(now - e.at).count();
  const bool newer = m.boots > e.boots || (m.boots == e.boots && m.time > e.time);
  if (m.boots < e.boots || (m.boots == e.boots && m.time < expected - window_s)) return standing::refused;
  if (m.from != e.from && !newer) return standing::refused;
  // One that leapt was an old one before, or is another device now: it proves itself from here on.
  if (m.from != e.from || m.boots != e.boots || m.time > expected + window_s) e.since = now;
  e.from = m.from;
  if (newer) e.boots = m.boots, e.time = m.time, e.at = now;
  return now - e.since >= std::chrono::seconds{window_s} ? standing::proven : standing::heard;
}

bool heard_engines::is_copy(wire::bytes datagram, const ip_address& from, bool may_repeat, mono_t now) {
  while (!believed_.empty() && now - believed_.front().at > std::chrono::seconds{2 * window_s}) believed_.pop_front();
  const std::uint64_t hash = stable_hash(wire::text_of(datagram));
  if (const auto before = std::ranges::find(believed_, hash, &believed::hash); before != believed_.end())
    return !may_repeat || before->from != from;
  if (believed_.size() >= most_copies) believed_.pop_front();
  believed_.push_back({.hash = hash, .from = from, .at = now});
  return false;
}

}  // namespace changtong::traps
