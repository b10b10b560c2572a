#pragma once
/** How long somebody has to wait who was wrong about a password. Decides without a clock; one thread at a time.
 * Accounts and peers are counted apart: one peer that tries many accounts waits, and so does an account that many peers
 * try. An empty peer stands for many, is not counted and never waits. Bounded: whoever floods it with names pushes out
 * those with the fewest mistakes. */
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/core/instant.h"

namespace changtong::accounts {

struct throttle_limits {
  std::uint32_t free_of_account = 5, free_of_peer = 20;  ///< mistakes that cost no wait
  milliseconds first{1'000};                             ///< doubled by each further one
  milliseconds longest{300'000};
  milliseconds forgotten{900'000};  ///< after so long without a mistake
  std::size_t kept = 1024;          ///< of accounts, and of peers
};

class throttle {
 public:
  explicit throttle(throttle_limits limits = {}) : limits_(limits) {}

  /** 0: they may try. */
  [[nodiscard]] milliseconds wait(std::string_view account, std::string_view peer, mono_t now) const;
  [[nodiscard]] milliseconds wait_of_peer(std::string_view peer, mono_t now) const;  ///< where no account is named
  void failed(std::string_view account, std::string_view peer, mono_t now);
  void failed_peer(std::string_view peer, mono_t now);  ///< where no account was named
  /** The last mistake was none: the account's are forgotten, and of the peer's that one. The others are not, or one
   * good account would hide a search. */
  void succeeded(std::string_view account, std::string_view peer);
  [[nodiscard]] std::size_t size() const { return accounts_.size() + peers_.size(); }

 private:
  struct mistakes {
    std::uint32_t times = 0;
    mono_t last{}, until{};
  };
  using table = std::map<std::string, mistakes, std::less<>>;
  void note(table& in, std::string_view whom, std::uint32_t free, mono_t now) const;
  [[nodiscard]] static milliseconds wait_of(const table& in, std::string_view whom, mono_t now);

  throttle_limits limits_;
  table accounts_, peers_;
};

}  // namespace changtong::accounts
