#pragma once
/** SHA-256 (FIPS 180-4), hexadecimal digits, random bytes and the wiping of secrets: OpenSSL's, in this one place. */
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace changtong::host {

using digest = std::array<std::uint8_t, 32>;

/** Of bytes that come in pieces. One thread at a time. Throws std::runtime_error where OpenSSL cannot hash, as on a
 * host whose policy takes SHA-256 away. */
class sha256 {
 public:
  sha256();
  sha256& add(std::string_view bytes);
  /** Of all that was added; the next byte begins anew. */
  [[nodiscard]] digest finish();

 private:
  struct freed {
    void operator()(evp_md_ctx_st* c) const;
  };
  std::unique_ptr<evp_md_ctx_st, freed> state_;
};
[[nodiscard]] digest sha256_of(std::string_view bytes);

[[nodiscard]] std::string_view bytes_of(const digest& d);
/** Lower case, two digits a byte. */
[[nodiscard]] std::string hex(std::string_view bytes);
/** The inverse; nothing for anything but pairs of lower case digits. */
[[nodiscard]] std::optional<std::string> from_hex(std::string_view digits);

/** The first bytes of ChaCha20's key stream (RFC 8439) under `seed`, counter and nonce zero: what a digest is widened
 * with. Throws as sha256. */
void widen(const digest& seed, std::span<std::uint8_t> into);

/** `size` bytes that nobody can foresee. Throws std::runtime_error where the system has none. */
[[nodiscard]] std::string random_bytes(std::size_t size);
/** Overwrites what was secret; the compiler does not leave it out. */
void wipe(void* what, std::size_t size);

}  // namespace changtong::host
