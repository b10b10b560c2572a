#pragma once
/** SNMP v3 messages (RFC 3412) with the parameters of the user-based model (RFC 3414): bytes to fields and back,
 * without a key. net/usm signs and hides what stands here. Pure; nothing allocates. */
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "collectors/wire/bytes.h"
#include "collectors/wire/snmp_oddity.h"

namespace changtong::wire {

inline constexpr std::int64_t snmp3_version = 3, snmp3_user_based = 3;
inline constexpr std::uint8_t snmp3_authenticated = 1, snmp3_private = 2, snmp3_reportable = 4;
inline constexpr std::uint8_t snmp_report = 0xa8;
inline constexpr std::size_t snmp3_longest_engine = 32, snmp3_longest_user = 32, snmp3_salt_length = 8;

struct snmp3_message {
  bool numbered = false;  ///< a v3 message that could be read as far as its msgID
  bool known = false;     ///< as far as the ScopedPDU; of what follows nothing holds if not
  bool cut = false;       ///< its outermost length is more than the datagram has
  std::int64_t id = 0;    ///< msgID
  std::int64_t model = 0;
  std::uint8_t flags = 0;
  bytes engine, user, mac, salt;  ///< views into the message
  std::int64_t boots = 0, time = 0;
  std::size_t mac_offset = 0;
  bytes scoped;  ///< what is inside the ScopedPDU; where it is private, the bytes that hide it
  snmp_oddities odd;

  [[nodiscard]] bool authenticated() const { return (flags & snmp3_authenticated) != 0; }
  [[nodiscard]] bool is_private() const { return (flags & snmp3_private) != 0; }
};

/** `whole` is the datagram's length where `message` is only its beginning (of_unknown_length where that is not known).
 * Never known: engines and users longer than 32 bytes, salts that are neither empty nor of 8, flags that hide without
 * signing, and what is hidden but cut. */
[[nodiscard]] snmp3_message read_snmp3_message(bytes message, std::size_t whole);
[[nodiscard]] inline snmp3_message read_snmp3_message(bytes message) {
  return read_snmp3_message(message, message.size());
}

/** What a Report says, by the counter that it names (RFC 3412, 3413, 3414). */
enum class snmp3_report : std::uint8_t {
  none,  ///< no Report, or none with a counter that is known here
  unsupported_level,
  not_in_time_window,
  unknown_user,
  unknown_engine,
  wrong_digest,
  decryption_error,
  unknown_model,
  invalid_message,
  unknown_handler,
  unknown_context,
};

struct snmp3_scoped {
  bool known = false;  ///< readable as far as the request-id
  bytes context_engine, context;
  std::uint8_t pdu = 0;  ///< its tag
  bytes pdu_bytes;       ///< with tag and length
  std::int64_t request_id = 0;
  bytes rest;  ///< behind the request-id, as snmp_envelope::rest
  snmp3_report report = snmp3_report::none;
  snmp_oddities odd;
};

/** `scoped` is what is inside a ScopedPDU (snmp3_message::scoped, or what net/usm has uncovered). */
[[nodiscard]] snmp3_scoped read_snmp3_scoped(bytes scoped);
/** What a whole ScopedPDU holds, which uncovered bytes begin with; empty for anything else. Padding may follow. */
[[nodiscard]] std::optional<bytes> inside_snmp3_scoped(bytes uncovered);

struct snmp3_draft {
  std::uint32_t id = 0;        ///< 0 … 2^31-1
  std::uint16_t max_size = 0;  ///< the longest answer that is read
  std::uint8_t flags = 0;
  bytes engine{};  ///< security engine, and the context's unless `context_engine` says otherwise
  std::uint32_t boots = 0, time = 0;
  std::string_view user{};
  std::size_t mac_length = 0;  ///< so many zeros are left for it
  /** Whose context it is, where that is another's: an inform's is its sender's, and its answer's must be the same. */
  std::optional<bytes> context_engine{};
  std::string_view context{};
  bytes pdu{};            ///< with tag and length
  std::size_t block = 1;  ///< what is hidden is padded to a multiple of this
};

struct snmp3_layout {
  std::size_t length = 0;
  std::size_t mac_offset = 0, salt_offset = 0;
  std::size_t hidden_offset = 0, hidden_length = 0;  ///< what is to be covered, where the flags say so
};

/** Writes a message; empty where it does not fit. MAC and salt are zeros, nothing is covered yet. */
[[nodiscard]] std::optional<snmp3_layout> write_snmp3_message(const snmp3_draft& draft, std::span<std::uint8_t> out);

/** Of a message that net/snmp_codec has made, where its version stands: behind the outermost head and the number's own.
 */
[[nodiscard]] inline std::uint8_t& version_of_community_message(std::uint8_t* message) {
  constexpr std::uint8_t long_length = 0x80;
  return message[message[1] < long_length ? 4 : 4 + (message[1] & 0x7fU)];
}
/** The PDU of a community-based message (v1, v2c), with tag and length, which v3 carries unchanged; empty for others.
 */
[[nodiscard]] bytes pdu_of_community_message(bytes message);

}  // namespace changtong::wire
