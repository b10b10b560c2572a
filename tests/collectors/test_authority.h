#pragma once
/** A certificate authority of the test's own, made on the spot, and server contexts with certificates it signed. */
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/ssl.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace changtong::test {

class test_authority {
 public:
  using key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using certificate = std::unique_ptr<X509, decltype(&X509_free)>;

  test_authority()
      : key_(new_key()),
        certificate_(make(("Test CA " + std::to_string(++made_)).c_str(), "", -3600, 3600, *key_, nullptr)) {
    file_ =
        testing::TempDir() + "changtong_test_ca_" + std::to_string(::getpid()) + "_" + std::to_string(made_) + ".pem";
    FILE* f = std::fopen(file_.c_str(), "w");
    PEM_write_X509(f, certificate_.get());
    std::fclose(f);
  }
  ~test_authority() {
    std::remove(file_.c_str());
    for (const std::string& file : written_) std::remove(file.c_str());
  }

  [[nodiscard]] const std::string& file() const { return file_; }

  /** `names` as OpenSSL writes them: "DNS:a.example,IP:127.0.0.1"; validity in seconds from now. */
  std::unique_ptr<boost::asio::ssl::context> server(const std::string& names, long from = -3600, long to = 7200) {
    auto context = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    const key k = new_key();
    const certificate c = make("server", names, from, to, *k, this);
    SSL_CTX_use_certificate(context->native_handle(), c.get());
    SSL_CTX_use_PrivateKey(context->native_handle(), k.get());
    return context;
  }

  /** Paths of a certificate, whose common name is `name`, and of its key; names and validity as above. */
  std::pair<std::string, std::string> files(const std::string& name, const std::string& names = {}, long from = -3600,
                                            long to = 7200) {
    const key k = new_key();
    const certificate c = make(name.c_str(), names, from, to, *k, this);
    const std::string base = file_ + "." + std::to_string(written_.size());
    FILE* f = std::fopen((base + ".crt").c_str(), "w");
    PEM_write_X509(f, c.get());
    std::fclose(f);
    f = std::fopen((base + ".key").c_str(), "w");
    PEM_write_PrivateKey(f, k.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(f);
    written_.insert(written_.end(), {base + ".crt", base + ".key"});
    return {base + ".crt", base + ".key"};
  }

 private:
  static key new_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

  static certificate make(const char* name, const std::string& names, long from, long to, EVP_PKEY& own,
                          const test_authority* by) {
    certificate c(X509_new(), X509_free);
    static long serial = 1;
    X509_set_version(c.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(c.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(c.get()), to);
    X509_set_pubkey(c.get(), &own);
    X509_NAME* subject = X509_get_subject_name(c.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509* issuer = by != nullptr ? by->certificate_.get() : c.get();
    X509_set_issuer_name(c.get(), X509_get_subject_name(issuer));
    extend(*c, *issuer, NID_basic_constraints, by == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
    if (!names.empty()) extend(*c, *issuer, NID_subject_alt_name, names.c_str());
    X509_sign(c.get(), by != nullptr ? by->key_.get() : &own, EVP_sha256());
    return c;
  }
  static void extend(X509& c, X509& issuer, int nid, const char* value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &c, nullptr, nullptr, 0);
    X509_EXTENSION* e = X509V3_EXT_nconf_nid(nullptr, &context, nid, value);
    X509_add_ext(&c, e, -1);
    X509_EXTENSION_free(e);
  }

  inline static int made_ = 0;
  key key_;
  certificate certificate_;
  std::string file_;
  std::vector<std::string> written_;
};

}  // namespace changtong::test
