#include "collectors/net/tls_rules.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "collectors/net/web_client.h"
#include "daemon/core/address.h"

namespace changtong::net {
namespace {

/** Greater groups cost half a second. RSA keys OpenSSL bounds itself: 16,384 bits, a millisecond each. */
constexpr int most_dh_bits = 4096;

int place_of_seen() {
  static const int place = ::SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return place;
}

/** Called for each certificate of the chain, and for each error. */
int watch_verification(int good, X509_STORE_CTX* chain) {
  const auto* ssl =
      static_cast<const SSL*>(::X509_STORE_CTX_get_ex_data(chain, ::SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* seen = static_cast<seen_handshake*>(::SSL_CTX_get_ex_data(::SSL_get_SSL_CTX(ssl), place_of_seen()));
  if (good == 0 && seen->error == 0) seen->error = ::X509_STORE_CTX_get_error(chain);
  seen->version = static_cast<std::uint8_t>(10 + std::clamp(::SSL_version(ssl) - TLS1_VERSION, 0, 3));
  const STACK_OF(X509)* all = ::X509_STORE_CTX_get0_chain(chain);
  for (int i = 0; i < sk_X509_num(all); ++i) {
    tm expiry{};
    if (::ASN1_TIME_to_tm(::X509_get0_notAfter(sk_X509_value(all, i)), &expiry) != 1) continue;
    const std::int64_t at = ::timegm(&expiry);
    if (seen->earliest_expiry == 0 || at < seen->earliest_expiry) seen->earliest_expiry = at;
  }
  return good;
}

using security_callback = int (*)(const SSL*, const SSL_CTX*, int, int, int, void*, void*);

/** OpenSSL's own rule, which knows only lower bounds, and an upper one. */
int bound_keys(const SSL* ssl, const SSL_CTX* context, int op, int bits, int nid, void* other, void* extra) {
  static const security_callback own_rule = [] {
    SSL_CTX* fresh = ::SSL_CTX_new(::TLS_client_method());
    const security_callback rule = ::SSL_CTX_get_security_callback(fresh);
    ::SSL_CTX_free(fresh);
    return rule;
  }();
  const auto of = static_cast<unsigned>(op) & static_cast<unsigned>(SSL_SECOP_OTHER_TYPE);
  if (of == SSL_SECOP_OTHER_PKEY && other != nullptr)
    if (::EVP_PKEY_get_bits(static_cast<EVP_PKEY*>(other)) > most_dh_bits) return 0;
  return own_rule(ssl, context, op, bits, nid, other, extra);
}

/** OpenSSL reads on within one call as long as messages come that it may ignore (HelloRequest, KeyUpdate). */
void count_message(int sent, int, int type, const void*, std::size_t, SSL*, void* mine) {
  auto* seen = static_cast<seen_handshake*>(mine);
  if (sent == 0 && type == SSL3_RT_HANDSHAKE && ++seen->messages > most_handshake_messages) cut_off(seen->descriptor);
}

int version_of(std::uint8_t least) {
  return least <= 10 ? TLS1_VERSION : least == 11 ? TLS1_1_VERSION : least == 12 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

}  // namespace

bool apply_tls_rules(SSL_CTX* context, const tls_terms& terms, X509_STORE* store, const std::string& host,
                     seen_handshake& seen) {
  const bool old = terms.least < 12;
  ::SSL_CTX_set_security_level(context, old ? 0 : 2);
  ::SSL_CTX_set_security_callback(context, bound_keys);
  const char* ciphers = old ? "DEFAULT:!aNULL:!eNULL:@SECLEVEL=0" : "DEFAULT:!kDHE:!aNULL:!eNULL:@SECLEVEL=2";
  bool fine = ::SSL_CTX_set_cipher_list(context, ciphers) == 1;
  fine = fine && ::SSL_CTX_set_min_proto_version(context, version_of(terms.least)) == 1;
  std::uint64_t options = SSL_OP_NO_COMPRESSION;
  if (terms.legacy_renegotiation) options |= SSL_OP_LEGACY_SERVER_CONNECT;
  ::SSL_CTX_set_options(context, options);
  if (!terms.legacy_renegotiation) ::SSL_CTX_clear_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  if (store != nullptr) fine = fine && ::SSL_CTX_set1_verify_cert_store(context, store) == 1;
  X509_VERIFY_PARAM* param = ::SSL_CTX_get0_param(context);
  ::X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (parse_address(host))
    fine = fine && ::X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
  else
    fine = fine && ::X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size() - (host.ends_with('.') ? 1 : 0)) == 1;
  fine = fine && ::SSL_CTX_set_ex_data(context, place_of_seen(), &seen) == 1;
  ::SSL_CTX_set_msg_callback(context, count_message);
  ::SSL_CTX_set_msg_callback_arg(context, &seen);
  ::SSL_CTX_set_verify(context, terms.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, watch_verification);
  return fine;
}

void cut_off(int descriptor) {
  // A shutdown would not do: what the peer has sent, and sends, can still be read after it.
  static const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (descriptor >= 0 && nothing >= 0) ::dup3(nothing, descriptor, O_CLOEXEC);
}

}  // namespace changtong::net
