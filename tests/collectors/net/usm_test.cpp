// Keys, digests and messages of the user-based model against the RFCs' own examples and OpenSSL's HMAC; net-snmp is the
// peer in usm_peer_test.cpp.
#include "collectors/net/usm.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <random>
#include <string>
#include <vector>

namespace changtong::net {
namespace {

using byte_vector = std::vector<std::uint8_t>;

byte_vector of_hex(std::string_view hex) {
  byte_vector out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}
byte_vector of_text(std::string_view text) { return {text.begin(), text.end()}; }
byte_vector first(const digest& d, std::size_t n) { return {d.begin(), d.begin() + static_cast<std::ptrdiff_t>(n)}; }

const byte_vector rfc_engine = of_hex("000000000000000000000002");
const secret maple("maplesyrup");
constexpr std::array all_auth{auth_protocol::md5,    auth_protocol::sha1,   auth_protocol::sha224,
                              auth_protocol::sha256, auth_protocol::sha384, auth_protocol::sha512};
constexpr std::array all_privacy{
    privacy_protocol::none,   privacy_protocol::des,           privacy_protocol::aes128,       privacy_protocol::aes192,
    privacy_protocol::aes256, privacy_protocol::aes192_reeder, privacy_protocol::aes256_reeder};

TEST(Usm, PasswordsBecomeTheKeysOfRfc3414) {
  const byte_vector md5 = of_hex("9faf3283884e92834ebc9847d8edd963");
  EXPECT_EQ(stretched(auth_protocol::md5, of_text("maplesyrup")), md5);
  EXPECT_EQ(first(digest_of(auth_protocol::md5, {md5, rfc_engine, md5}), 16),
            of_hex("526f5eed9fcce26f8964c2930787d82b"));
  const byte_vector sha = of_hex("9fb5cc0381497b3793528939ff788d5d79145211");
  EXPECT_EQ(stretched(auth_protocol::sha1, of_text("maplesyrup")), sha);
  EXPECT_EQ(first(digest_of(auth_protocol::sha1, {sha, rfc_engine, sha}), 20),
            of_hex("6695febc9288e36282235fc7151f128497b38f3f"));
  EXPECT_TRUE(stretched(auth_protocol::sha1, {}).empty());
}

TEST(Usm, KeysAreLengthenedAsReedersDraftShows) {
  const auto user = usm_keys_of(auth_protocol::sha1, maple, privacy_protocol::aes256_reeder, maple);
  const auto keys = localized(user, rfc_engine);
  EXPECT_EQ(byte_vector(keys.privacy_key.begin(), keys.privacy_key.end()),
            of_hex("6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9c"));
}

TEST(Usm, AnyPasswordLengthStretchesToAMegabyte) {
  for (const std::size_t length : {1U, 7U, 8U, 63U, 64U, 4095U, 4096U, 5000U}) {
    byte_vector password(length), whole(1U << 20U);
    for (std::size_t i = 0; i < length; ++i) password[i] = static_cast<std::uint8_t>(i * 31 + length);
    for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = password[i % length];
    EXPECT_EQ(stretched(auth_protocol::sha256, password), first(digest_of(auth_protocol::sha256, {whole}), 32));
  }
}

TEST(Usm, DigestsAndTheirLengthsAreThoseOfTheRfcs) {
  EXPECT_EQ(first(prepared_hmac(auth_protocol::md5, of_text("Jefe"))
                      .over(auth_protocol::md5, {of_text("what do ya want "), of_text("for nothing?")}),
                  16),
            of_hex("750c783e6ab0b503eaa86e310a5db738"));
  EXPECT_EQ(first(prepared_hmac(auth_protocol::sha256, of_text("Jefe"))
                      .over(auth_protocol::sha256, {of_text("what do ya want for nothing?")}),
                  32),
            of_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  const std::array<std::size_t, 6> digests{16, 20, 28, 32, 48, 64}, macs{12, 12, 16, 24, 32, 48};
  for (std::size_t i = 0; i < all_auth.size(); ++i) {
    EXPECT_EQ(digest_length(all_auth[i]), digests[i]);
    EXPECT_EQ(mac_length(all_auth[i]), macs[i]);
  }
}

TEST(Usm, PreparedHmacIsOpenSslsHmac) {
  const std::array<const EVP_MD*, 6> theirs{EVP_md5(),    EVP_sha1(),   EVP_sha224(),
                                            EVP_sha256(), EVP_sha384(), EVP_sha512()};
  std::mt19937 random(7);
  for (std::size_t i = 0; i < all_auth.size(); ++i)
    for (int round = 0; round < 200; ++round) {
      byte_vector key(random() % 200), text(random() % 600);
      for (auto& b : key) b = static_cast<std::uint8_t>(random());
      for (auto& b : text) b = static_cast<std::uint8_t>(random());
      unsigned length = 0;
      byte_vector expected(EVP_MAX_MD_SIZE);
      HMAC(theirs[i], key.data(), static_cast<int>(key.size()), text.data(), text.size(), expected.data(), &length);
      expected.resize(length);
      const auto cut = static_cast<std::ptrdiff_t>(text.empty() ? 0 : random() % text.size());
      const byte_vector a(text.begin(), text.begin() + cut), b(text.begin() + cut, text.end());
      EXPECT_EQ(first(prepared_hmac(all_auth[i], key).over(all_auth[i], {a, b}), length), expected);
    }
}

/** A GET of sysUpTime.0 with request-id 0x41424344. */
const byte_vector pdu = of_hex("a01a020441424344020100020100300c300a06082b06010201010300");

struct sealed {
  byte_vector packet;
  usm_engine_keys keys;
};

sealed seal_with(usm& u, auth_protocol a, privacy_protocol p) {
  sealed s{byte_vector(600), localized(usm_keys_of(a, maple, p, secret("another password")), rfc_engine)};
  wire::snmp3_draft draft;
  draft.id = 0x45000001;
  draft.max_size = 8192;
  draft.flags = wire::snmp3_reportable;
  draft.engine = rfc_engine;
  draft.boots = 0x80;
  draft.time = 0x7fffff;
  draft.user = "reader";
  draft.context = "vpn1";
  draft.pdu = pdu;
  s.packet.resize(u.seal(s.keys, draft, s.packet));
  return s;
}

TEST(Usm, WhatIsSealedOpensWithTheSameKeysAndShowsWhatItCarries) {
  usm u;
  for (const auto a : all_auth)
    for (const auto p : all_privacy) {
      if (!u.can(p)) continue;
      const auto s = seal_with(u, a, p);
      const auto m = wire::read_snmp3_message(s.packet);
      ASSERT_TRUE(m.known);
      EXPECT_FALSE(m.odd.any());
      EXPECT_EQ(m.id, 0x45000001);
      EXPECT_EQ(m.boots, 0x80);
      EXPECT_EQ(m.time, 0x7fffff);
      EXPECT_EQ(m.is_private(), p != privacy_protocol::none);
      EXPECT_EQ(m.mac.size(), mac_length(a));
      const auto opened = u.open(s.keys, m, s.packet);
      ASSERT_TRUE(opened.authentic()) << int(a) << ' ' << int(p);
      const auto scoped = wire::read_snmp3_scoped(opened.scoped);
      ASSERT_TRUE(scoped.known);
      EXPECT_EQ(scoped.request_id, 0x41424344);
      EXPECT_EQ(byte_vector(scoped.pdu_bytes.begin(), scoped.pdu_bytes.end()), pdu);
      EXPECT_EQ(byte_vector(scoped.context.begin(), scoped.context.end()), of_text("vpn1"));
    }
}

TEST(Usm, NoByteCanBeChangedAddedOrTakenAway) {
  usm u;
  for (const auto a : {auth_protocol::md5, auth_protocol::sha512})
    for (const auto p : {privacy_protocol::none, privacy_protocol::aes128}) {
      const auto s = seal_with(u, a, p);
      const auto is_authentic = [&](const byte_vector& packet) {
        const auto m = wire::read_snmp3_message(packet);
        return m.known && u.open(s.keys, m, packet).authentic();
      };
      for (std::size_t i = 0; i < s.packet.size(); ++i) {
        byte_vector changed = s.packet;
        changed[i] ^= 1;
        EXPECT_FALSE(is_authentic(changed)) << i;
      }
      for (std::size_t n = 0; n < s.packet.size(); ++n)
        EXPECT_FALSE(is_authentic({s.packet.begin(), s.packet.begin() + static_cast<std::ptrdiff_t>(n)}));
      byte_vector longer = s.packet;
      longer.push_back(0);
      EXPECT_FALSE(is_authentic(longer));
    }
}

TEST(Usm, AnotherPasswordOpensNothingAndAnotherPrivacyPasswordIsSaidAsSuch) {
  usm u;
  using state = usm_opened::state;
  const auto s = seal_with(u, auth_protocol::sha1, privacy_protocol::aes128);
  const auto m = wire::read_snmp3_message(s.packet);
  const auto with = [&](const secret& a, const secret& p) {
    return u.open(localized(usm_keys_of(auth_protocol::sha1, a, privacy_protocol::aes128, p), rfc_engine), m, s.packet)
        .what;
  };
  EXPECT_EQ(with(maple, secret("another password")), state::authentic);
  EXPECT_EQ(with(secret("maplesugar"), secret("another password")), state::wrong_digest);
  EXPECT_EQ(with(maple, secret("a third password")), state::undecryptable);
}

TEST(Usm, ASaltIsNeverUsedTwice) {
  usm u;
  for (const auto p : {privacy_protocol::des, privacy_protocol::aes128}) {
    if (!u.can(p)) continue;
    const auto one = seal_with(u, auth_protocol::sha1, p), two = seal_with(u, auth_protocol::sha1, p);
    const auto a = wire::read_snmp3_message(one.packet), b = wire::read_snmp3_message(two.packet);
    EXPECT_NE(byte_vector(a.salt.begin(), a.salt.end()), byte_vector(b.salt.begin(), b.salt.end()));
    EXPECT_NE(byte_vector(a.scoped.begin(), a.scoped.end()), byte_vector(b.scoped.begin(), b.scoped.end()));
  }
}

TEST(Usm, WhatDoesNotFitIsNotWritten) {
  usm u;
  const auto keys = localized(usm_keys_of(auth_protocol::sha1, maple, privacy_protocol::aes128, maple), rfc_engine);
  wire::snmp3_draft draft;
  draft.id = 0x45000001;
  draft.engine = rfc_engine;
  draft.pdu = pdu;
  byte_vector out(600);
  const std::size_t length = u.seal(keys, draft, out);
  ASSERT_GT(length, 0U);
  EXPECT_EQ(u.seal(keys, draft, std::span(out).first(length)), length);
  EXPECT_EQ(u.seal(keys, draft, std::span(out).first(length - 1)), 0U);
}

}  // namespace
}  // namespace changtong::net
