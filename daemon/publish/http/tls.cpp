#include "daemon/publish/http/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"

namespace changtong::http {
namespace ssl = boost::asio::ssl;

namespace {

/** Nobody has to show one: who must is for the route to say. */
result<void> ask_clients(SSL_CTX* context, const std::string& file) {
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, file.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, &X509_NAME_free);
    return said(both("tls.ca {} 不能用：里面应有 PEM 格式的证书",
                     "tls.ca {} cannot be used: it should hold certificates in PEM", file));
  }
  SSL_CTX_set_client_CA_list(context, names);  // it owns them
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  constexpr std::array<unsigned char, 9> id{'c', 'h', 'a', 'n', 'g', 't', 'o', 'n', 'g'};
  SSL_CTX_set_session_id_context(context, id.data(), id.size());  // without one nobody who was verified comes back
  return {};
}

/** Text of any encoding, whole: what hides behind a NUL is no name. */
void add_text(std::vector<std::string>& into, const ASN1_STRING* text) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, text);
  if (size > 0) {
    std::string one(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    if (one.find('\0') == std::string::npos) into.push_back(std::move(one));
  }
  OPENSSL_free(utf8);
}

}  // namespace

result<tls_context> tls_from(const certificate_files& files) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code failed;
  made->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                    ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression);
  SSL_CTX_set_options(made->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Of TLS 1.2: what was recorded stays closed to whoever gets the key later, and nothing is padded (no CBC).
  if (SSL_CTX_set_cipher_list(made->native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
    return said({"本机的 OpenSSL 没有 TLS 1.2 所需的加密套件", "this machine's OpenSSL lacks the ciphers for TLS 1.2"});
  made->use_certificate_chain_file(files.certificate, failed);
  if (failed)
    return said(both("tls.certificate {} 不能用：{}", "tls.certificate {} cannot be used: {}", files.certificate,
                     system_words(failed.message())));
  // Without one OpenSSL would ask for the passphrase on the terminal, and wait.
  const auto asked = std::make_shared<bool>(false);
  made->set_password_callback(
      [asked](std::size_t, ssl::context::password_purpose) {
        *asked = true;
        return std::string();
      },
      failed);
  made->use_private_key_file(files.key, ssl::context::pem, failed);
  if (failed && *asked)
    return said(both("tls.key {0} 有口令，不能用：请另存一份没有口令的（openssl pkey -in {0} -out …，0600）",
                     "tls.key {0} has a passphrase and cannot be used: write one without (openssl pkey -in {0} -out …, "
                     "mode 0600)",
                     files.key));
  if (failed)
    return said(both("tls.key {} 不能用，或不是该证书的密钥：{}",
                     "tls.key {} cannot be used, or is not the certificate's: {}", files.key,
                     system_words(failed.message())));
  if (SSL_CTX_check_private_key(made->native_handle()) != 1)
    return said(both("tls.key {} 不是证书 {} 的密钥", "tls.key {} is not the key of {}", files.key, files.certificate));
  if (!files.client_ca.empty())
    if (const auto asks = ask_clients(made->native_handle(), files.client_ca); !asks) return asks.error();
  return made;
}

std::vector<std::string> names_of_client(SSL* connection) {
  const std::unique_ptr<X509, void (*)(X509*)> shown(SSL_get1_peer_certificate(connection), &X509_free);
  if (shown == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return {};
  std::vector<std::string> out;
  const X509_NAME* whose = X509_get_subject_name(shown.get());
  const int at = X509_NAME_get_index_by_NID(whose, NID_commonName, -1);
  if (at >= 0) add_text(out, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(whose, at)));
  const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> others(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(shown.get(), NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; others != nullptr && i < sk_GENERAL_NAME_num(others.get()); ++i)
    if (const GENERAL_NAME* name = sk_GENERAL_NAME_value(others.get(), i); name->type == GEN_DNS)
      add_text(out, name->d.dNSName);
  return out;
}

}  // namespace changtong::http
