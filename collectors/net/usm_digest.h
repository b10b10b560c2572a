#pragma once
/** The digests of SNMP's user-based model and their HMAC, prepared: what the key makes of the first block is computed
 * once, so that a message costs its own bytes and two blocks more. OpenSSL's plain digest contexts: EVP costs three
 * times as much on messages of 200 bytes. Pure; any thread. */
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/wire/bytes.h"

namespace changtong::net {

enum class auth_protocol : std::uint8_t { none, md5, sha1, sha224, sha256, sha384, sha512 };

/** Bytes of the digest, which is also a key's length; 0 for none. */
[[nodiscard]] std::size_t digest_length(auth_protocol p);
/** Bytes of it that a message carries (RFC 3414, RFC 7860). */
[[nodiscard]] std::size_t mac_length(auth_protocol p);

inline constexpr std::size_t longest_digest = 64, longest_mac = 48;
using digest = std::array<std::uint8_t, longest_digest>;

/** Of the parts, one behind the other. */
[[nodiscard]] digest digest_of(auth_protocol p, std::initializer_list<wire::bytes> parts);
/** Of the password, repeated to a megabyte (RFC 3414, 2.6): costs milliseconds. Empty for an empty password. */
[[nodiscard]] std::vector<std::uint8_t> stretched(auth_protocol p, wire::bytes password);

/** HMAC with a key that is already in it. */
class prepared_hmac {
 public:
  prepared_hmac() = default;
  prepared_hmac(auth_protocol p, wire::bytes key);
  /** The digest over the parts; whoever sends it cuts it to mac_length(p). `p` is that of the constructor. */
  [[nodiscard]] digest over(auth_protocol p, std::initializer_list<wire::bytes> parts) const;

 private:
  std::array<std::uint8_t, 64> inner_{}, outer_{};  ///< chaining values after the key's block, as the digest has them
};

}  // namespace changtong::net
