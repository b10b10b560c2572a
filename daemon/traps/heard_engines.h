#pragma once
/** What is known of devices as the authority of their own traps (RFC 3414 1.5.1): by engine id the address it speaks
 * from, and its latest boots and time. Nothing of it outlives the process, so an engine proves itself anew in each: by
 * a clock that ran with ours for a while, at one address. Only of messages that are authentic. Pure; one thread. */
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "collectors/wire/bytes.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::traps {

enum class standing : std::uint8_t {
  refused,  ///< older than the latest, or a copy of what came before
  heard,    ///< may be an old one all the same, or somebody else's
  proven,
};

class heard_engines {
 public:
  static constexpr std::size_t most_engines = 200'000, most_copies = 4096;
  static constexpr std::int64_t window_s = 150;  ///< RFC 3414 3.2

  struct message {
    std::string engine;
    std::int64_t boots = 0, time = 0;
    ip_address from{};
  };
  /** A trap, whose sender's clock counts. */
  [[nodiscard]] standing take(const message& m, mono_t now);
  /** Whether these very bytes were believed within the window; they are from now on. `but_from`: that does not count
   * where they came from there, as an inform that its sender repeats. */
  [[nodiscard]] bool is_copy(wire::bytes datagram, const ip_address& from, bool may_repeat, mono_t now);

 private:
  struct engine {
    std::int64_t boots = 0, time = 0;
    mono_t at{};     ///< when that was their time
    mono_t since{};  ///< since when its clock has run with ours, at its address
    ip_address from{};
  };
  struct believed {
    std::uint64_t hash = 0;
    ip_address from{};
    mono_t at{};
  };

  std::map<std::string, engine> engines_;
  std::deque<believed> believed_;  ///< the oldest first
};

}  // namespace changtong::traps
