#pragma once
/** The user-based security model of SNMP v3 (RFC 3414, 3826, 7860): passwords to keys, messages signed and hidden,
 * verified and uncovered. It knows no sockets, no users and no engines: who calls keeps those, in its own table, so a
 * message costs the same with one engine as with a hundred thousand. Times are for the caller to judge. */
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/net/usm_digest.h"
#include "collectors/wire/snmp3_message.h"
#include "daemon/core/secret.h"

namespace changtong::net {

/** Where a digest is shorter than the key, it is lengthened as draft-blumenthal-aes-usm-04 says or, in the forms of
 * Cisco and others, as draft-reeder-snmpv3-usm-3desede-00 does. */
enum class privacy_protocol : std::uint8_t { none, des, aes128, aes192, aes256, aes192_reeder, aes256_reeder };

/** Of a user, for any engine. A user without privacy or without authentication has `none` and empty keys there. */
struct usm_user_keys {
  auth_protocol auth = auth_protocol::none;
  privacy_protocol privacy = privacy_protocol::none;
  std::vector<std::uint8_t> auth_key, privacy_key;
};
/** Costs milliseconds: once for each credential. */
[[nodiscard]] usm_user_keys usm_keys_of(auth_protocol auth, const secret& auth_password, privacy_protocol privacy,
                                        const secret& privacy_password);

/** Of a user on one engine: 162 bytes. */
struct usm_engine_keys {
  auth_protocol auth = auth_protocol::none;
  privacy_protocol privacy = privacy_protocol::none;
  prepared_hmac mac;
  std::array<std::uint8_t, 32> privacy_key{};  ///< of DES: the key, and what its initial vectors are made of
};
/** A few microseconds; of the Reeder forms milliseconds, where the digest is shorter than the key. */
[[nodiscard]] usm_engine_keys localized(const usm_user_keys& user, wire::bytes engine);

struct usm_opened {
  enum class state : std::uint8_t {
    plain,          ///< not signed: anybody may have written it
    authentic,      ///< signed by who knows the user's key; boots and time are the engine's
    wrong_digest,   ///< signed with another key, or changed on its way
    undecryptable,  ///< authentic, but what it hides makes no sense
  };
  state what = state::plain;
  wire::bytes scoped;  ///< inside the ScopedPDU, where it can be read: a view into the message or this object
  [[nodiscard]] bool authentic() const { return what == state::authentic; }
};

/** Not to be used by two threads at once. */
class usm {
 public:
  usm();
  ~usm();
  usm(const usm&) = delete;
  usm& operator=(const usm&) = delete;

  /** DES is in OpenSSL's legacy provider, which may not be installed. */
  [[nodiscard]] bool can(privacy_protocol p) const;
  /** Writes a message as strong as the keys are; of `draft`, id, max_size, flags (reportable or 0), engine, boots,
   * time, user, context and pdu are the caller's. Its length; 0 where it does not fit or cannot be hidden. */
  [[nodiscard]] std::size_t seal(const usm_engine_keys& keys, wire::snmp3_draft draft, std::span<std::uint8_t> out);
  /** `message` was read from `whole`, the datagram as it came (bytes behind the message are signed by nobody, so they
   * spoil it). The view in the answer lasts until the next call. */
  [[nodiscard]] usm_opened open(const usm_engine_keys& keys, const wire::snmp3_message& message, wire::bytes whole);

 private:
  class ciphers;
  std::unique_ptr<ciphers> ciphers_;
  std::uint64_t salt_;  ///< never twice the same with a key: from a random beginning upward
  std::vector<std::uint8_t> uncovered_;
};

}  // namespace changtong::net
