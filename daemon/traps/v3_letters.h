#pragma once
/** Traps and informs of v3 (RFC 3412, 3414). Of a trap its sender is the authority, of an inform we are: who asks for
 * our engine, or is wrong about our time, is answered with a Report.
 *
 * A message counts at the level of its user's credential and not below. Old messages are refused, and whether an
 * engine is known well enough to be believed in what decides is said (heard_engines). One thread. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/net/usm.h"
#include "collectors/wire/snmp3_message.h"
#include "daemon/core/instant.h"
#include "daemon/traps/heard_engines.h"
#include "daemon/traps/letter.h"

namespace changtong::traps {

/** Whom we believe. Several may have one name: devices of different makes, each with passwords of their own. */
struct v3_user {
  std::string name;
  net::usm_user_keys keys;
};

/** Who we are to senders of informs. `boots` never goes back from run to run, since it is made of the time of day. */
struct v3_identity {
  std::string engine;
  std::uint32_t boots = 0;
  mono_t began{};
};
/** `node`: whose books; the same one has the same engine in every run. */
[[nodiscard]] v3_identity identity_of(std::string_view node, wall_t started, mono_t now);

class v3_letters {
 public:
  explicit v3_letters(v3_identity ours) : ours_(std::move(ours)) {}
  /** Keys are kept as they are made: once for each credential. */
  void adopt(std::vector<v3_user> users) {
    users_ = std::move(users);
    ours_keys_.assign(users_.size(), std::nullopt);
  }
  [[nodiscard]] letter read(wire::bytes datagram, const letter_sender& sender, mono_t now);

 private:
  enum class usm_stat : std::uint8_t { levels = 1, windows, users, engines, digests, decryption };

  [[nodiscard]] std::uint32_t our_time(mono_t now) const;
  /** Of an authentic message. */
  [[nodiscard]] standing standing_of(const wire::snmp3_message& m, wire::bytes datagram, const ip_address& from,
                                     mono_t now);
  /** By that user's keys; false where they are others. */
  [[nodiscard]] bool read_signed(letter& out, const wire::snmp3_message& m, std::size_t user, wire::bytes datagram,
                                 const letter_sender& sender, mono_t now);
  void take_pdu(letter& out, const wire::snmp3_message& m, const net::usm_engine_keys& keys, wire::bytes scoped,
                std::uint16_t port, mono_t now);
  /** Empty where the sender wants none. */
  void report(letter& out, const wire::snmp3_message& m, usm_stat what, const net::usm_engine_keys& keys, mono_t now);
  /** In the context of what it answers; in our own where that is not known. */
  [[nodiscard]] std::vector<std::uint8_t> sealed(const wire::snmp3_message& m, const net::usm_engine_keys& keys,
                                                 const wire::snmp3_scoped& of, wire::bytes pdu, mono_t now);

  v3_identity ours_;
  std::vector<v3_user> users_;
  std::vector<std::optional<net::usm_engine_keys>> ours_keys_;  ///< of users on our own engine, once they are needed
  heard_engines engines_;
  std::array<std::uint32_t, 7> reported_{};  ///< of usmStats, as Reports name them
  net::usm usm_;
};

}  // namespace changtong::traps
