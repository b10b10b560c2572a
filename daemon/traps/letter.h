#pragma once
/** One datagram, judged: a genuine trap with what is kept of it, or why not. Pure but for the keys of v3; one thread.
 */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/wire/bytes.h"
#include "collectors/wire/trap.h"
#include "daemon/core/address.h"
#include "daemon/core/declared_trap.h"
#include "daemon/core/secret.h"
#include "daemon/core/trap_tallies.h"

namespace changtong::traps {

struct letter_sender {
  ip_address address{};
  std::uint16_t port = 0;
};

struct letter {
  std::optional<trap_drop> refused;  ///< nothing else holds then, but `answer`
  std::size_t version = 0;           ///< position in trap_tallies::versions
  trap_record record{};              ///< without at, about, target
  /** False: signed, but perhaps an old one that somebody sends again. Anybody can write what is not signed; that is
   * taken as it always was, by its address. */
  bool proven = true;
  std::optional<std::uint64_t> inform;  ///< it is one: what tells its repetitions from others
  /** Of an inform: to be sent once it is durable. Of what was refused: a Report, to be sent at once; may be empty. */
  std::vector<std::uint8_t> answer;
};

/** What is kept of a trap, whoever sent it. */
[[nodiscard]] trap_record record_of(const wire::trap_message& t);
/** Tells repetitions of an inform from others of its line. */
[[nodiscard]] std::uint64_t inform_key(const wire::trap_message& t, std::uint16_t port);

/** v1 and v2c: by any of the communities, compared in a time that tells nothing of them. */
[[nodiscard]] letter read_community_letter(wire::bytes datagram, const wire::trap_envelope& e, std::uint16_t port,
                                           const std::vector<secret>& communities);

}  // namespace changtong::traps
