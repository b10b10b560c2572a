#include "daemon/host/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace changtong::host {
namespace {

/** Looked up once: the lookup by name is dearer than the hash of a short text. */
const EVP_MD* algorithm() {
  static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return found;
}

void must(int good) {
  if (good != 1) throw std::runtime_error("OpenSSL 不能计算摘要 / OpenSSL cannot compute a digest");
}

}  // namespace

void sha256::freed::operator()(evp_md_ctx_st* c) const { EVP_MD_CTX_free(c); }

sha256::sha256() : state_(EVP_MD_CTX_new()) { must(EVP_DigestInit_ex2(state_.get(), algorithm(), nullptr)); }

sha256& sha256::add(std::string_view bytes) {
  must(EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()));
  return *this;
}

digest sha256::finish() {
  digest out{};
  must(EVP_DigestFinal_ex(state_.get(), out.data(), nullptr));
  must(EVP_DigestInit_ex2(state_.get(), nullptr, nullptr));
  return out;
}

digest sha256_of(std::string_view bytes) {
  thread_local sha256 state;
  return state.add(bytes).finish();
}

std::string_view bytes_of(const digest& d) { return {reinterpret_cast<const char*>(d.data()), d.size()}; }

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view digits) {
  const auto value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = value(digits[i]), low = value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(16 * high + low);
  }
  return out;
}

void widen(const digest& seed, std::span<std::uint8_t> into) {
  struct freed {
    void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
  };
  static const EVP_CIPHER* const chacha20 = EVP_CIPHER_fetch(nullptr, "ChaCha20", nullptr);
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, freed> state(EVP_CIPHER_CTX_new());
  constexpr std::array<std::uint8_t, 16> counter_and_nonce{};
  std::ranges::fill(into, std::uint8_t{0});
  int written = 0;
  must(EVP_EncryptInit_ex2(state.get(), chacha20, seed.data(), counter_and_nonce.data(), nullptr));
  must(EVP_EncryptUpdate(state.get(), into.data(), &written, into.data(), static_cast<int>(into.size())));
}

std::string random_bytes(std::size_t size) {
  std::string out(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size)) != 1)
    throw std::runtime_error("系统给不出随机数 / the system has no random bytes");
  return out;
}

void wipe(void* what, std::size_t size) { OPENSSL_cleanse(what, size); }

}  // namespace changtong::host
