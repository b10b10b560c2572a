#pragma once
/** What a TLS connection to a site may cost and whom it believes, set on OpenSSL's context; and what was seen of its
 * certificates. One thread. */
#include <cstdint>
#include <string>

struct ssl_ctx_st;
struct x509_store_st;

namespace changtong::net {

struct tls_terms;

struct seen_handshake {
  std::int64_t earliest_expiry = 0;  ///< of all certificates of the chain, Unix time; 0: none was seen
  std::uint8_t version = 0;          ///< 10 … 13: TLS 1.0 … 1.3
  unsigned messages = 0;             ///< of the handshake, and those of TLS 1.3 after it
  int descriptor = -1;               ///< is cut off where they do not end
  long error = 0;                    ///< X509_V_ERR_… of the first that failed; 0: none
};

/** `seen` and `store` outlive the connection. `host`: a name, or an address without brackets; its certificate must be
 * for it. False: OpenSSL refused. */
[[nodiscard]] bool apply_tls_rules(ssl_ctx_st* context, const tls_terms& terms, x509_store_st* store,
                                   const std::string& host, seen_handshake& seen);

/** More messages than this and the connection is cut off: a handshake has about ten. */
inline constexpr unsigned most_handshake_messages = 100;

/** Whoever reads or writes `descriptor`, a connection, from now on gets an error; it stays open until it is closed. */
void cut_off(int descriptor);

}  // namespace changtong::net
