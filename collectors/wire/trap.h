#pragma once
/** A notification of SNMP as devices send it: traps of v1 (RFC 1157), traps and informs of v2c and v3 (RFC 3416), read
 * without a library. The library's own reader is not used: it was overrun by one datagram (CVE-2025-68615).
 *
 * Read leniently like answers (snmp_answer.h), but bounded in all it gives back: names and numbers of bindings, their
 * text. Views point into the message. Nothing allocates but the texts. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/wire/bytes.h"

namespace changtong::wire {

inline constexpr std::uint8_t snmp_trap_v1 = 0xa4, snmp_inform = 0xa6, snmp_trap = 0xa7;

/** What a binding names and says. */
struct trap_binding {
  bytes name;  ///< as BER has it, without tag and length
  std::uint8_t type = 0;
  bytes value;
};

struct trap_message {
  static constexpr std::size_t most_bindings = 32;

  std::uint8_t pdu = 0;  ///< one of the three above
  std::int64_t request_id = 0;
  std::string trap;                                    ///< snmpTrapOID, dotted; of v1 made by RFC 3584 3.1
  std::optional<std::uint32_t> uptime;                 ///< sysUpTime in 1/100 s
  std::array<trap_binding, most_bindings> bindings{};  ///< without sysUpTime and snmpTrapOID
  std::size_t count = 0;                               ///< of them
  std::size_t left_out = 0;  ///< bindings that did not fit, and 1 where the list could not be read to its end

  [[nodiscard]] bool is_inform() const { return pdu == snmp_inform; }
};

/** The outer part of a community-based message. */
struct trap_envelope {
  std::int64_t version = -1;  ///< 0 = v1, 1 = v2c, 3 = v3: then only this is read
  std::string_view community;
  bytes pdu;               ///< tag, length and what follows, to the message's end
  std::size_t pdu_at = 0;  ///< where it begins in the message
  std::size_t end = 0;     ///< of the message: bytes behind it belong to nobody
};

/** Empty: it is no message of SNMP. */
[[nodiscard]] std::optional<trap_envelope> read_trap_envelope(bytes message);
/** A PDU with its head; of v3 that of the scoped PDU. Empty: it is no notification, or does not say which. */
[[nodiscard]] std::optional<trap_message> read_trap(bytes pdu);
/** The answer to an inform of v2c: the message itself as a response (RFC 3416 4.2.7). */
[[nodiscard]] std::vector<std::uint8_t> inform_answer(bytes message, const trap_envelope& e);

/** "1.3.6.1": at most 64 arcs, each of 32 bits; empty for what is no object identifier. */
[[nodiscard]] std::optional<std::string> dotted(bytes ber_name);

/** What the bindings say, for a person, at most `most` bytes of plain text: `ifIndex=3 ifDescr=GE0/0/1`. Communities
 * that a proxy handed on (RFC 3584) are never in it. */
[[nodiscard]] std::string trap_text(const trap_message& t, std::size_t most = 300);
/** The number that a binding of that object has, at any instance; empty: there is none. */
[[nodiscard]] std::optional<std::int64_t> trap_number(const trap_message& t, std::string_view object);

}  // namespace changtong::wire
