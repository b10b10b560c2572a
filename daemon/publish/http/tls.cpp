#include "daemon/publish/http/tls.h"

#include <openssl/ssl.h>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"

namespace changtong::http {
namespace ssl = boost::asio::ssl;

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
  return made;
}

}  // namespace changtong::http
