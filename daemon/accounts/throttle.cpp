#include "daemon/accounts/throttle.h"

#include <algorithm>
#include <tuple>

namespace changtong::accounts {
namespace {

/** Keys are what strangers send: no longer than a name may be. */
std::string_view key_of(std::string_view text) { return text.substr(0, 64); }

std::string key_of(std::string_view account, std::string_view peer) {
  return std::string(key_of(peer)) + "\n" + std::string(key_of(account));
}

}  // namespace

milliseconds throttle::wait_of(const table& in, std::string_view whom, mono_t now) {
  const auto at = in.find(whom);
  if (at == in.end() || at->second.until <= now) return milliseconds{0};
  return std::chrono::ceil<milliseconds>(at->second.until - now);
}

milliseconds throttle::wait(std::string_view account, std::string_view peer, mono_t now) const {
  return std::max(
      {wait_of(both_, key_of(account, peer), now), wait_of(accounts_, key_of(account), now), wait_of_peer(peer, now)});
}

milliseconds throttle::wait_of_peer(std::string_view peer, mono_t now) const {
  return wait_of(peers_, key_of(peer), now);
}

void throttle::note(table& in, std::string_view whom, std::uint32_t free, mono_t now) const {
  std::erase_if(in, [&](const auto& one) { return now - one.second.last >= limits_.forgotten; });
  const std::string key(whom);
  if (in.size() >= limits_.kept && !in.contains(key)) {
    const auto weight = [](const auto& one) { return std::tuple(one.second.times, one.second.last); };
    in.erase(std::ranges::min_element(in, {}, weight));
  }
  mistakes& m = in[key];
  m.last = now;
  if (++m.times <= free) return;
  const std::uint32_t doubled = std::min<std::uint32_t>(m.times - free - 1, 20);
  m.until = now + std::min<milliseconds>(limits_.first * (1LL << doubled), limits_.longest);
}

void throttle::failed(std::string_view account, std::string_view peer, mono_t now) {
  note(both_, key_of(account, peer), limits_.free_of_both, now);
  note(accounts_, key_of(account), limits_.free_of_account, now);
  failed_peer(peer, now);
}

void throttle::failed_peer(std::string_view peer, mono_t now) {
  if (!peer.empty()) note(peers_, key_of(peer), limits_.free_of_peer, now);
}

void throttle::take_back(table& in, std::string_view whom) {
  const auto at = in.find(whom);
  if (at == in.end()) return;
  at->second.until = {};
  if (--at->second.times == 0) in.erase(at);
}

void throttle::succeeded(std::string_view account, std::string_view peer) {
  if (const auto at = both_.find(key_of(account, peer)); at != both_.end()) both_.erase(at);
  take_back(accounts_, key_of(account));
  take_back(peers_, key_of(peer));
}

void throttle::undecided(std::string_view account, std::string_view peer) {
  take_back(both_, key_of(account, peer));
  take_back(accounts_, key_of(account));
  take_back(peers_, key_of(peer));
}

}  // namespace changtong::accounts
