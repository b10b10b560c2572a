#pragma once
/** How long somebody has to wait who was wrong about a password. Decides without a clock; one thread at a time.
 * What a peer does at an account, all at an account, and all of a peer are counted apart: who guesses waits soon, and
 * whose name they guess does not, elsewhere; one peer that tries many accounts waits, and, much later, an account that
 * many peers try. An empty peer stands for many: it is counted at an account and nowhere else. Bounded: whoever floods
 * it with names pushes out those with the fewest mistakes. */
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/core/instant.h"

namespace changtong::accounts {

struct throttle_limits {
  std::uint32_t free_of_both = 5;      ///< mistakes of a peer at an account that cost no wait
  std::uint32_t free_of_account = 50;  ///< of all peers at it
  std::uint32_t free_of_peer = 20;     ///< of a peer at all accounts
  milliseconds first{1'000};           ///< doubled by each further one
  milliseconds longest{300'000};
  milliseconds forgotten{900'000};  ///< after so long without a mistake
  std::size_t kept = 1024;          ///< of each of the three
};

class throttle {
 public:
  explicit throttle(throttle_limits limits = {}) : limits_(limits) {}

  /** 0: they may try. */
  [[nodiscard]] milliseconds wait(std::string_view account, std::string_view peer, mono_t now) const;
  [[nodiscard]] milliseconds wait_of_peer(std::string_view peer, mono_t now) const;  ///< where no account is named
  void failed(std::string_view account, std::string_view peer, mono_t now);
  void failed_peer(std::string_view peer, mono_t now);  ///< where no account was named
  /** The last mistake was none: the peer's at this account are forgotten, and of the account's and of the peer's that
   * one. The others are not, or one good account would hide a search, and its owner those who guess at it. */
  void succeeded(std::string_view account, std::string_view peer);
  /** Nobody could say whether the last one was a mistake: it is not counted, and those before it are. */
  void undecided(std::string_view account, std::string_view peer);
  [[nodiscard]] std::size_t size() const { return both_.size() + accounts_.size() + peers_.size(); }

 private:
  struct mistakes {
    std::uint32_t times = 0;
    mono_t last{}, until{};
  };
  using table = std::map<std::string, mistakes, std::less<>>;
  void note(table& in, std::string_view whom, std::uint32_t free, mono_t now) const;
  static void take_back(table& in, std::string_view whom);
  [[nodiscard]] static milliseconds wait_of(const table& in, std::string_view whom, mono_t now);

  throttle_limits limits_;
  table both_, accounts_, peers_;
};

}  // namespace changtong::accounts
