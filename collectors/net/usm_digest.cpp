#include "collectors/net/usm_digest.h"

#define OPENSSL_SUPPRESS_DEPRECATED  // the plain contexts have no successor that can be prepared in 64 bytes
#include <openssl/md5.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

namespace changtong::net {
namespace {

/** What the digests have in common: a context whose chaining value can be taken out after whole blocks, and put back.
 */
struct md5 {
  using context = MD5_CTX;
  static constexpr std::size_t length = 16, block = 64, state = 16;
  static void begin(context& c) { MD5_Init(&c); }
  static void add(context& c, wire::bytes b) { MD5_Update(&c, b.data(), b.size()); }
  static void end(context& c, std::uint8_t* out) { MD5_Final(out, &c); }
  static void save(const context& c, std::uint8_t* to) { std::memcpy(to, &c.A, state); }
  static void load(context& c, const std::uint8_t* from) { std::memcpy(&c.A, from, state); }
};

struct sha1 {
  using context = SHA_CTX;
  static constexpr std::size_t length = 20, block = 64, state = 20;
  static void begin(context& c) { SHA1_Init(&c); }
  static void add(context& c, wire::bytes b) { SHA1_Update(&c, b.data(), b.size()); }
  static void end(context& c, std::uint8_t* out) { SHA1_Final(out, &c); }
  static void save(const context& c, std::uint8_t* to) { std::memcpy(to, &c.h0, state); }
  static void load(context& c, const std::uint8_t* from) { std::memcpy(&c.h0, from, state); }
};

struct sha256 {
  using context = SHA256_CTX;
  static constexpr std::size_t length = 32, block = 64, state = 32;
  static void begin(context& c) { SHA256_Init(&c); }
  static void add(context& c, wire::bytes b) { SHA256_Update(&c, b.data(), b.size()); }
  static void end(context& c, std::uint8_t* out) { SHA256_Final(out, &c); }
  static void save(const context& c, std::uint8_t* to) { std::memcpy(to, c.h, state); }
  static void load(context& c, const std::uint8_t* from) { std::memcpy(c.h, from, state); }
};

struct sha224 : sha256 {
  static constexpr std::size_t length = 28;
  static void begin(context& c) { SHA224_Init(&c); }
};

struct sha512 {
  using context = SHA512_CTX;
  static constexpr std::size_t length = 64, block = 128, state = 64;
  static void begin(context& c) { SHA512_Init(&c); }
  static void add(context& c, wire::bytes b) { SHA512_Update(&c, b.data(), b.size()); }
  static void end(context& c, std::uint8_t* out) { SHA512_Final(out, &c); }
  static void save(const context& c, std::uint8_t* to) { std::memcpy(to, c.h, state); }
  static void load(context& c, const std::uint8_t* from) { std::memcpy(c.h, from, state); }
};

struct sha384 : sha512 {
  static constexpr std::size_t length = 48;
  static void begin(context& c) { SHA384_Init(&c); }
};

/** A context as it is after one whole block with this chaining value. */
template <class H>
typename H::context after_a_block(const std::uint8_t* state) {
  typename H::context c;
  H::begin(c);
  H::load(c, state);
  c.Nl = H::block * 8;
  return c;
}

template <class H>
void prepare(wire::bytes key, std::uint8_t pad, std::uint8_t* state) {
  std::array<std::uint8_t, H::block> block{};
  if (key.size() <= block.size()) {
    std::copy(key.begin(), key.end(), block.begin());
  } else {
    typename H::context c;
    H::begin(c);
    H::add(c, key);
    H::end(c, block.data());
  }
  for (std::uint8_t& b : block) b ^= pad;
  typename H::context c;
  H::begin(c);
  H::add(c, block);
  H::save(c, state);
}

/** Calls `f` with the digest's traits; never for none. */
template <class F>
void with(auth_protocol p, const F& f) {
  switch (p) {
    case auth_protocol::none:
      return;
    case auth_protocol::md5:
      return f(md5{});
    case auth_protocol::sha1:
      return f(sha1{});
    case auth_protocol::sha224:
      return f(sha224{});
    case auth_protocol::sha256:
      return f(sha256{});
    case auth_protocol::sha384:
      return f(sha384{});
    case auth_protocol::sha512:
      return f(sha512{});
  }
}

}  // namespace

std::size_t digest_length(auth_protocol p) {
  std::size_t n = 0;
  with(p, [&](auto h) { n = decltype(h)::length; });
  return n;
}

std::size_t mac_length(auth_protocol p) {
  static constexpr std::array<std::size_t, 7> lengths{0, 12, 12, 16, 24, 32, 48};
  return lengths[static_cast<std::size_t>(p)];
}

digest digest_of(auth_protocol p, std::initializer_list<wire::bytes> parts) {
  digest out{};
  with(p, [&](auto h) {
    using hash = decltype(h);
    typename hash::context c;
    hash::begin(c);
    for (const wire::bytes part : parts) hash::add(c, part);
    hash::end(c, out.data());
  });
  return out;
}

std::vector<std::uint8_t> stretched(auth_protocol p, wire::bytes password) {
  constexpr std::size_t megabyte = 1U << 20U, piece = 4096;
  if (password.empty()) return {};
  std::vector<std::uint8_t> repeated(piece + password.size());
  for (std::size_t i = 0; i < repeated.size(); ++i) repeated[i] = password[i % password.size()];
  digest out{};
  with(p, [&](auto h) {
    using hash = decltype(h);
    typename hash::context c;
    hash::begin(c);
    for (std::size_t at = 0; at < megabyte; at += piece)
      hash::add(c, wire::bytes(repeated).subspan(at % password.size(), piece));
    hash::end(c, out.data());
  });
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(digest_length(p))};
}

prepared_hmac::prepared_hmac(auth_protocol p, wire::bytes key) {
  with(p, [&](auto h) {
    prepare<decltype(h)>(key, 0x36, inner_.data());
    prepare<decltype(h)>(key, 0x5c, outer_.data());
  });
}

digest prepared_hmac::over(auth_protocol p, std::initializer_list<wire::bytes> parts) const {
  digest out{};
  with(p, [&](auto h) {
    using hash = decltype(h);
    auto c = after_a_block<hash>(inner_.data());
    for (const wire::bytes part : parts) hash::add(c, part);
    hash::end(c, out.data());
    c = after_a_block<hash>(outer_.data());
    hash::add(c, wire::bytes(out.data(), hash::length));
    hash::end(c, out.data());
  });
  return out;
}

}  // namespace changtong::net
