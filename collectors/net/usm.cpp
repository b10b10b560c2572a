#include "collectors/net/usm.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>

#include "collectors/net/cookies.h"

namespace changtong::net {
namespace {

using wire::bytes;
constexpr std::size_t des_block = 8;

/** Bytes of the localized key that a protocol needs. */
std::size_t key_length(privacy_protocol p) {
  switch (p) {
    case privacy_protocol::none:
      return 0;
    case privacy_protocol::des:
    case privacy_protocol::aes128:
      return 16;
    case privacy_protocol::aes192:
    case privacy_protocol::aes192_reeder:
      return 24;
    case privacy_protocol::aes256:
    case privacy_protocol::aes256_reeder:
      return 32;
  }
  return 0;
}

bool by_reeder(privacy_protocol p) {
  return p == privacy_protocol::aes192_reeder || p == privacy_protocol::aes256_reeder;
}

std::vector<std::uint8_t> localized_key(auth_protocol auth, bytes user, bytes engine) {
  const digest d = digest_of(auth, {user, engine, user});
  return {d.begin(), d.begin() + static_cast<std::ptrdiff_t>(digest_length(auth))};
}

std::vector<std::uint8_t> lengthened(const usm_user_keys& user, bytes engine) {
  std::vector<std::uint8_t> key = localized_key(user.auth, user.privacy_key, engine);
  std::vector<std::uint8_t> last = key;
  while (key.size() < key_length(user.privacy)) {
    if (by_reeder(user.privacy)) {
      last = localized_key(user.auth, stretched(user.auth, last), engine);
    } else {
      const digest d = digest_of(user.auth, {key});
      last.assign(d.begin(), d.begin() + static_cast<std::ptrdiff_t>(digest_length(user.auth)));
    }
    key.insert(key.end(), last.begin(), last.end());
  }
  return key;
}

struct free_cipher {
  void operator()(EVP_CIPHER* c) const { EVP_CIPHER_free(c); }
};
struct free_context {
  void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
};
struct free_library {
  void operator()(OSSL_LIB_CTX* c) const { OSSL_LIB_CTX_free(c); }
};

using initial_vector = std::array<std::uint8_t, 16>;

initial_vector vector_of(const usm_engine_keys& keys, std::uint32_t boots, std::uint32_t time, bytes salt) {
  initial_vector iv{};
  if (keys.privacy == privacy_protocol::des) {
    for (std::size_t i = 0; i < des_block; ++i) iv[i] = keys.privacy_key[des_block + i] ^ salt[i];
    return iv;
  }
  wire::put32(iv.data(), boots);
  wire::put32(iv.data() + 4, time);
  std::copy_n(salt.begin(), wire::snmp3_salt_length, iv.begin() + 8);
  return iv;
}

}  // namespace

/** Fetched once: a fetch costs more than a message. The legacy provider lives in a library context of its own, so that
 * nothing else in the process is offered its algorithms. */
class usm::ciphers {
 public:
  ciphers() : legacy_(OSSL_LIB_CTX_new()) {
    if (OSSL_PROVIDER* loaded = OSSL_PROVIDER_load(legacy_.get(), "legacy"); loaded != nullptr) {
      provider_ = loaded;
      by_[0].cipher.reset(EVP_CIPHER_fetch(legacy_.get(), "DES-CBC", nullptr));
    }
    static constexpr std::array names{"AES-128-CFB", "AES-192-CFB", "AES-256-CFB"};
    for (std::size_t i = 0; i < names.size(); ++i)
      by_[i + 1].cipher.reset(EVP_CIPHER_fetch(nullptr, names[i], nullptr));
    for (one& c : by_) {
      if (!c.cipher) continue;
      for (auto& context : c.contexts) context.reset(EVP_CIPHER_CTX_new());
      EVP_CipherInit_ex2(c.contexts[0].get(), c.cipher.get(), nullptr, nullptr, 0, nullptr);
      EVP_CipherInit_ex2(c.contexts[1].get(), c.cipher.get(), nullptr, nullptr, 1, nullptr);
      for (auto& context : c.contexts) EVP_CIPHER_CTX_set_padding(context.get(), 0);
    }
  }
  ~ciphers() {
    for (one& c : by_) c = {};
    if (provider_ != nullptr) OSSL_PROVIDER_unload(provider_);
  }
  ciphers(const ciphers&) = delete;
  ciphers& operator=(const ciphers&) = delete;

  [[nodiscard]] bool has(privacy_protocol p) const {
    return p == privacy_protocol::none || by_[place(p)].cipher != nullptr;
  }
  /** `to` may be where `from` is. */
  bool run(bool cover, const usm_engine_keys& keys, const initial_vector& iv, bytes from, std::uint8_t* to) {
    EVP_CIPHER_CTX* c = by_[place(keys.privacy)].contexts[cover ? 1 : 0].get();
    int length = 0;
    return c != nullptr &&
           EVP_CipherInit_ex2(c, nullptr, keys.privacy_key.data(), iv.data(), cover ? 1 : 0, nullptr) == 1 &&
           EVP_CipherUpdate(c, to, &length, from.data(), static_cast<int>(from.size())) == 1 &&
           static_cast<std::size_t>(length) == from.size();
  }

 private:
  struct one {
    std::unique_ptr<EVP_CIPHER, free_cipher> cipher;
    std::array<std::unique_ptr<EVP_CIPHER_CTX, free_context>, 2> contexts;  ///< to uncover, to cover
  };
  static std::size_t place(privacy_protocol p) {
    static constexpr std::array<std::size_t, 7> places{0, 0, 1, 2, 3, 2, 3};
    return places[static_cast<std::size_t>(p)];
  }
  std::unique_ptr<OSSL_LIB_CTX, free_library> legacy_;
  OSSL_PROVIDER* provider_ = nullptr;
  std::array<one, 4> by_;
};

usm_user_keys usm_keys_of(auth_protocol auth, const secret& auth_password, privacy_protocol privacy,
                          const secret& privacy_password) {
  usm_user_keys made{auth, auth == auth_protocol::none ? privacy_protocol::none : privacy, {}, {}};
  if (auth != auth_protocol::none) made.auth_key = stretched(auth, wire::bytes_of(auth_password.reveal()));
  if (made.privacy != privacy_protocol::none)
    made.privacy_key = stretched(auth, wire::bytes_of(privacy_password.reveal()));
  return made;
}

usm_engine_keys localized(const usm_user_keys& user, bytes engine) {
  usm_engine_keys made{user.auth, user.privacy, {}, {}};
  if (user.auth != auth_protocol::none) made.mac = {user.auth, localized_key(user.auth, user.auth_key, engine)};
  if (user.privacy == privacy_protocol::none) return made;
  const std::vector<std::uint8_t> key = lengthened(user, engine);
  std::copy_n(key.begin(), key_length(user.privacy), made.privacy_key.begin());
  return made;
}

usm::usm() : ciphers_(std::make_unique<ciphers>()), salt_(cookies().next()) {}
usm::~usm() = default;

bool usm::can(privacy_protocol p) const { return ciphers_->has(p); }

std::size_t usm::seal(const usm_engine_keys& keys, wire::snmp3_draft draft, std::span<std::uint8_t> out) {
  const bool covered = keys.privacy != privacy_protocol::none;
  draft.flags &= wire::snmp3_reportable;
  if (keys.auth != auth_protocol::none) draft.flags |= wire::snmp3_authenticated;
  if (covered) draft.flags |= wire::snmp3_private;
  draft.mac_length = mac_length(keys.auth);
  draft.block = keys.privacy == privacy_protocol::des ? des_block : 1;
  const auto at = wire::write_snmp3_message(draft, out);
  if (!at) return 0;
  if (covered) {
    std::uint8_t* salt = out.data() + at->salt_offset;
    wire::put64(salt, ++salt_);
    if (keys.privacy == privacy_protocol::des) wire::put32(salt, draft.boots);  // the other half counts
    const auto iv = vector_of(keys, draft.boots, draft.time, {salt, wire::snmp3_salt_length});
    const bytes hidden = out.subspan(at->hidden_offset, at->hidden_length);
    if (!ciphers_->run(true, keys, iv, hidden, out.data() + at->hidden_offset)) return 0;
  }
  if (keys.auth != auth_protocol::none) {
    const digest d = keys.mac.over(keys.auth, {bytes(out.data(), at->length)});
    std::copy_n(d.begin(), draft.mac_length, out.begin() + static_cast<std::ptrdiff_t>(at->mac_offset));
  }
  return at->length;
}

usm_opened usm::open(const usm_engine_keys& keys, const wire::snmp3_message& m, bytes whole) {
  using state = usm_opened::state;
  if (!m.authenticated()) return {state::plain, m.scoped};
  static constexpr std::array<std::uint8_t, longest_mac> zeros{};
  const std::size_t length = mac_length(keys.auth);
  if (length == 0 || m.mac.size() != length || m.cut) return {state::wrong_digest, {}};
  const digest d = keys.mac.over(
      keys.auth, {whole.first(m.mac_offset), bytes(zeros).first(length), whole.subspan(m.mac_offset + length)});
  if (CRYPTO_memcmp(d.data(), m.mac.data(), length) != 0) return {state::wrong_digest, {}};
  if (!m.is_private()) return {state::authentic, m.scoped};
  const bool whole_blocks = keys.privacy != privacy_protocol::des || m.scoped.size() % des_block == 0;
  if (keys.privacy == privacy_protocol::none || m.salt.size() != wire::snmp3_salt_length || !whole_blocks)
    return {state::undecryptable, {}};
  uncovered_.resize(std::max(uncovered_.size(), m.scoped.size()));
  const auto iv = vector_of(keys, static_cast<std::uint32_t>(m.boots), static_cast<std::uint32_t>(m.time), m.salt);
  if (!ciphers_->run(false, keys, iv, m.scoped, uncovered_.data())) return {state::undecryptable, {}};
  const auto scoped = wire::inside_snmp3_scoped(bytes(uncovered_).first(m.scoped.size()));
  if (!scoped) return {state::undecryptable, {}};
  return {state::authentic, *scoped};
}

}  // namespace changtong::net
