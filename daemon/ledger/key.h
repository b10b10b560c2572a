#pragma once
/** Keys that sign seals: Ed25519 (RFC 8032) or SM2 with SM3 (GB/T 32918, distinguishing id 1234567812345678), through
 * OpenSSL. Files are PEM, PKCS #8 and SubjectPublicKeyInfo, so that any other tool can read them. Nothing here ever
 * puts a private key into a message; OpenSSL wipes it when the last owner is gone. */
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"

struct evp_pkey_st;

namespace changtong::ledger {

enum class algorithm : std::uint8_t { ed25519, sm2 };
/** As a seal names it: Ed25519, SM2-SM3. */
[[nodiscard]] std::string_view name_of(algorithm a);
/** The inverse of name_of. */
[[nodiscard]] std::optional<algorithm> algorithm_of(std::string_view seal_name);
/** As the configuration writes it: ed25519, sm2. */
[[nodiscard]] result<algorithm> algorithm_named(std::string_view word);

/** For people: the first 16 bytes of a fingerprint as eight groups of four digits. */
[[nodiscard]] std::string short_form(const digest& fingerprint);
/** What a person wrote of a fingerprint: the short form or all 64 digits, in any case, with or without blanks and
 * colons. The answer is its 16 or 32 raw bytes, with which a fingerprint has to begin. */
[[nodiscard]] result<std::string> read_fingerprint(std::string_view written);

/** Copies share the key. Thread-safe. */
class public_key {
 public:
  explicit public_key(std::shared_ptr<evp_pkey_st> key);
  [[nodiscard]] algorithm kind() const { return kind_; }
  /** SHA-256 of the raw key: 32 bytes of Ed25519; 0x04, x and y (65 bytes) of SM2. */
  [[nodiscard]] const digest& fingerprint() const { return fingerprint_; }
  [[nodiscard]] std::string pem() const;
  /** Whether `signature` (64 bytes; SM2: DER) was made over exactly `text` with the private half. */
  [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
  algorithm kind_;
  digest fingerprint_{};
};

/** Every public key of a PEM text, in order; at most 100 in at most 64 KiB. Any input is safe. */
[[nodiscard]] result<std::vector<public_key>> read_public_keys(std::string_view pem);

/** Owned by one thread at a time. */
class signing_key {
 public:
  [[nodiscard]] static result<signing_key> make(algorithm kind);
  /** An unencrypted private key of one of the two kinds, at most 16 KiB. Warns in the log if others may read it. */
  [[nodiscard]] static result<signing_key> load(const std::string& path);
  /** A new file of mode 0600, durable when this returns; never over an existing one. */
  [[nodiscard]] result<void> save(const std::string& path) const;

  [[nodiscard]] const public_key& half() const { return public_; }
  [[nodiscard]] result<std::string> sign(std::string_view text) const;

 private:
  explicit signing_key(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)), public_(key_) {}
  std::shared_ptr<evp_pkey_st> key_;
  public_key public_;
};

}  // namespace changtong::ledger
