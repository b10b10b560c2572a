#include "daemon/ledger/key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"

namespace changtong::ledger {
namespace {

constexpr std::string_view sm2_id = "1234567812345678";  // GB/T 32918.5, where the parties agreed on nothing else
constexpr std::size_t most_private_bytes = 16 << 10, most_public_bytes = 64 << 10, most_keys = 100;

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using bio = std::unique_ptr<BIO, freed<BIO_free_all>>;
using md_context = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freed<EVP_PKEY_CTX_free>>;

std::shared_ptr<EVP_PKEY> shared(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

bio reading(std::string_view text) { return bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

/** OpenSSL would ask the terminal for the password of an encrypted key. */
int no_password(char*, int, int, void*) { return -1; }

std::optional<algorithm> kind_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return algorithm::ed25519;
  if (EVP_PKEY_is_a(key, "SM2") == 1) return algorithm::sm2;
  return std::nullopt;
}

std::string raw_public(EVP_PKEY* key, algorithm kind) {
  if (kind == algorithm::ed25519) {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size);
    return raw;
  }
  unsigned char* point = nullptr;
  const std::size_t size = EVP_PKEY_get1_encoded_public_key(key, &point);
  std::string raw(reinterpret_cast<const char*>(point), size);
  OPENSSL_free(point);
  return raw;
}

/** What both ways of an EVP signature share; SM2 hashes its id before the text. */
struct signature_context {
  key_context of_key;
  md_context of_text{EVP_MD_CTX_new()};

  signature_context(EVP_PKEY* key, algorithm kind) {
    if (kind != algorithm::sm2) return;
    of_key.reset(EVP_PKEY_CTX_new(key, nullptr));
    EVP_PKEY_CTX_set1_id(of_key.get(), sm2_id.data(), static_cast<int>(sm2_id.size()));
    EVP_MD_CTX_set_pkey_ctx(of_text.get(), of_key.get());
  }
};

const EVP_MD* hash_of(algorithm kind) { return kind == algorithm::sm2 ? EVP_sm3() : nullptr; }
const unsigned char* bytes(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

problem refused(const std::string& path, const phrase& why) {
  return said(both("封存私钥 {} {}", "the key of seals {} {}", path, why));
}

}  // namespace

std::string_view name_of(algorithm a) { return a == algorithm::ed25519 ? "Ed25519" : "SM2-SM3"; }

std::optional<algorithm> algorithm_of(std::string_view seal_name) {
  for (const algorithm a : {algorithm::ed25519, algorithm::sm2})
    if (name_of(a) == seal_name) return a;
  return std::nullopt;
}

result<algorithm> algorithm_named(std::string_view word) {
  if (word == "ed25519") return algorithm::ed25519;
  if (word == "sm2") return algorithm::sm2;
  return said({"算法应为 ed25519 或 sm2", "the algorithm is ed25519 or sm2"});
}

std::string short_form(const digest& fingerprint) {
  const std::string all = host::hex(bytes_of(fingerprint));
  std::string out;
  for (std::size_t i = 0; i < 32; i += 4) out += (i > 0 ? " " : "") + all.substr(i, 4);
  return out;
}

result<std::string> read_fingerprint(std::string_view written) {
  std::string digits;
  for (const char c : written.substr(0, 256)) {
    if (c == ' ' || c == ':') continue;
    digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  auto raw = host::from_hex(digits);
  if (!raw || (raw->size() != 16 && raw->size() != 32))
    return said({"指纹应为 8 组 4 位十六进制数，或全部 64 位",
                 "a fingerprint is eight groups of four hexadecimal digits, or all 64"});
  return result<std::string>(boost::system::in_place_value, std::move(*raw));
}

public_key::public_key(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)), kind_(kind_of(key_.get()).value()) {
  const std::string raw = raw_public(key_.get(), kind_);
  fingerprint_ = host::sha256_of(raw);
}

std::string public_key::pem() const {
  const bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(out.get(), key_.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

bool public_key::verifies(std::string_view text, std::string_view signature) const {
  const signature_context c(key_.get(), kind_);
  const bool good =
      EVP_DigestVerifyInit(c.of_text.get(), nullptr, hash_of(kind_), nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(c.of_text.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
  ERR_clear_error();
  return good;
}

result<std::vector<public_key>> read_public_keys(std::string_view pem) {
  if (pem.size() > most_public_bytes)
    return said({"公钥文件超过 64 KiB", "the file of public keys is larger than 64 KiB"});
  std::vector<public_key> out;
  const bio in = reading(pem);
  while (auto* key = PEM_read_bio_PUBKEY(in.get(), nullptr, no_password, nullptr)) {
    auto owned = shared(key);
    if (!kind_of(key)) return said({"公钥不是 Ed25519 或 SM2", "a public key is neither Ed25519 nor SM2"});
    if (out.size() == most_keys) return said({"公钥超过 100 个", "more than 100 public keys"});
    out.emplace_back(std::move(owned));
  }
  ERR_clear_error();
  if (out.empty()) return said({"没有可读的公钥（PEM）", "there is no public key to read (PEM)"});
  return out;
}

result<signing_key> signing_key::make(algorithm kind) {
  auto key = shared(EVP_PKEY_Q_keygen(nullptr, nullptr, kind == algorithm::ed25519 ? "ED25519" : "SM2"));
  ERR_clear_error();
  if (!key) return said({"OpenSSL 生成不了密钥", "OpenSSL cannot make such a key"});
  return signing_key(std::move(key));
}

result<signing_key> signing_key::load(const std::string& path) {
  auto text = host::read_plain_file(path, most_private_bytes);
  if (!text) return refused(path, both("读不出来：{}", "cannot be read: {}", words_of(text.error())));
  struct stat about{};
  if (::stat(path.c_str(), &about) == 0 && (about.st_mode & (S_IROTH | S_IWOTH)) != 0)
    log::warn("封存私钥 {} 本机任何人可读写，请 chmod 600 / everybody on this host may read the key of seals", path);
  auto key = shared(PEM_read_bio_PrivateKey(reading(*text).get(), nullptr, no_password, nullptr));
  host::wipe(text->data(), text->size());
  ERR_clear_error();
  if (!key || !kind_of(key.get()))
    return refused(path, {"不是未加密的 Ed25519 或 SM2 私钥（PEM，PKCS #8），请从备份恢复，或移走后重启以生成新私钥",
                          "is no unencrypted private key, Ed25519 or SM2, as PEM: restore it from a backup, or move it "
                          "away and restart to get a new one"});
  return signing_key(std::move(key));
}

result<void> signing_key::save(const std::string& path) const {
  const bio out(BIO_new(BIO_s_secmem()));
  char* text = nullptr;
  PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const long size = BIO_get_mem_data(out.get(), &text);
  ERR_clear_error();
  if (size <= 0) return refused(path, {"编码失败", "cannot be encoded"});
  const auto done = host::create_plain_file(path, {text, static_cast<std::size_t>(size)}, 0600);
  host::wipe(text, static_cast<std::size_t>(size));
  if (!done) return refused(path, both("写不了：{}", "cannot be written: {}", words_of(done.error())));
  return {};
}

result<std::string> signing_key::sign(std::string_view text) const {
  const algorithm kind = public_.kind();
  const signature_context c(key_.get(), kind);
  std::string out(256, '\0');
  std::size_t size = out.size();
  const bool good = EVP_DigestSignInit(c.of_text.get(), nullptr, hash_of(kind), nullptr, key_.get()) == 1 &&
                    EVP_DigestSign(c.of_text.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes(text),
                                   text.size()) == 1;
  ERR_clear_error();
  if (!good) return said({"OpenSSL 签不了名", "OpenSSL cannot sign"});
  out.resize(size);
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

}  // namespace changtong::ledger
