// net-snmp as the peer of the user-based model: what we seal it reads, what it builds we open, for every pair of
// algorithms; and what is changed on its way neither believes.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wconversion"
#pragma clang diagnostic ignored "-Wold-style-cast"
#pragma clang diagnostic ignored "-Wpedantic"
extern "C" {
#include <net-snmp/net-snmp-config.h>
// clang-format off
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/scapi.h>
// clang-format on
}
#pragma clang diagnostic pop

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "collectors/net/usm.h"

namespace changtong::net {
namespace {

using byte_vector = std::vector<std::uint8_t>;

struct free_pdu {
  void operator()(netsnmp_pdu* p) const { snmp_free_pdu(p); }
};
using owned_pdu = std::unique_ptr<netsnmp_pdu, free_pdu>;

struct pair_of_algorithms {
  auth_protocol auth;
  const char* auth_name;
  privacy_protocol privacy;
  const char* privacy_name;
};

std::vector<pair_of_algorithms> pairs() {
  std::vector<pair_of_algorithms> all;
  for (const auto& [a, an] : {std::pair{auth_protocol::md5, "MD5"}, std::pair{auth_protocol::sha1, "SHA"},
                              std::pair{auth_protocol::sha224, "SHA-224"}, std::pair{auth_protocol::sha256, "SHA-256"},
                              std::pair{auth_protocol::sha384, "SHA-384"}, std::pair{auth_protocol::sha512, "SHA-512"}})
    for (const auto& [p, pn] :
         {std::pair{privacy_protocol::none, ""}, std::pair{privacy_protocol::des, "DES"},
          std::pair{privacy_protocol::aes128, "AES"}, std::pair{privacy_protocol::aes192, "AES-192"},
          std::pair{privacy_protocol::aes256, "AES-256"}, std::pair{privacy_protocol::aes192_reeder, "AES-192-C"},
          std::pair{privacy_protocol::aes256_reeder, "AES-256-C"}})
      all.push_back({a, an, p, pn});
  return all;
}

constexpr std::uint32_t boots = 7, engine_time = 123456;
const std::string auth_password = "a password for auth", privacy_password = "another for privacy";

/** The library with one user on one engine of its own. */
struct library_user {
  byte_vector engine;
  std::string name;
  netsnmp_session session{};

  explicit library_user(const pair_of_algorithms& p, int number) {
    static const bool begun = [] {
      snmp_disable_log();
      netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
      setenv("SNMP_PERSISTENT_DIR", "/nonexistent", 1);
      setenv("MIBS", "", 1);
      netsnmp_session s;
      snmp_sess_init(&s);
      netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_APPTYPE, "usm_peer");
      setup_engineID(nullptr, "peer");  // without one of its own it compares no times
      init_secmod();
      sc_init();
      return true;
    }();
    static_cast<void>(begun);
    engine = {0x80, 0, 0x1f, 0x88, 4, 't', 'e', 's', 't', static_cast<std::uint8_t>(number)};
    name = "user" + std::to_string(number);
    snmp_sess_init(&session);
    session.version = SNMP_VERSION_3;
    session.securityModel = SNMP_SEC_MODEL_USM;
    add(p);
    set_enginetime(engine.data(), static_cast<u_int>(engine.size()), boots, engine_time, TRUE);
  }

  void add(const pair_of_algorithms& p) const {
    usmUser* u = usm_create_user();
    u->name = strdup(name.c_str());
    u->secName = strdup(name.c_str());
    u->engineID = static_cast<u_char*>(std::malloc(engine.size()));
    std::copy(engine.begin(), engine.end(), u->engineID);
    u->engineIDLen = engine.size();
    std::size_t auth_length = 0;
    const oid* auth = sc_get_auth_oid(usm_lookup_auth_type(p.auth_name), &auth_length);
    SNMP_FREE(u->authProtocol);
    u->authProtocol = snmp_duplicate_objid(auth, auth_length);
    u->authProtocolLen = auth_length;
    key(auth, auth_length, auth_password, u->authKey, u->authKeyLen);
    if (*p.privacy_name != 0) {
      const int type = usm_lookup_priv_type(p.privacy_name);
      std::size_t length = 0;
      const oid* privacy = sc_get_priv_oid(type, &length);
      SNMP_FREE(u->privProtocol);
      u->privProtocol = snmp_duplicate_objid(privacy, length);
      u->privProtocolLen = length;
      key(auth, auth_length, privacy_password, u->privKey, u->privKeyLen);
      const int wanted =
          std::max(16, sc_get_proper_priv_length_bytype(type));  // DES: with what its vectors are made of
      netsnmp_extend_kul(static_cast<u_int>(wanted), const_cast<oid*>(auth), static_cast<u_int>(auth_length), type,
                         const_cast<u_char*>(engine.data()), static_cast<u_int>(engine.size()), &u->privKey,
                         &u->privKeyLen, 128);
      u->privKeyLen = static_cast<std::size_t>(wanted);
    }
    u->userStatus = RS_ACTIVE;
    u->userStorageType = ST_VOLATILE;
    usm_add_user(u);
  }
  void key(const oid* auth, std::size_t auth_length, const std::string& password, u_char*& to,
           std::size_t& length) const {
    std::array<u_char, 64> ku{};
    std::size_t ku_length = ku.size();
    ASSERT_EQ(generate_Ku(auth, static_cast<u_int>(auth_length), reinterpret_cast<const u_char*>(password.data()),
                          password.size(), ku.data(), &ku_length),
              SNMPERR_SUCCESS);
    to = static_cast<u_char*>(std::malloc(128));
    length = 128;
    ASSERT_EQ(generate_kul(auth, static_cast<u_int>(auth_length), engine.data(), engine.size(), ku.data(), ku_length,
                           to, &length),
              SNMPERR_SUCCESS);
  }

  owned_pdu read(const byte_vector& packet) {
    byte_vector copy = packet;
    owned_pdu pdu(static_cast<netsnmp_pdu*>(std::calloc(1, sizeof(netsnmp_pdu))));
    if (snmp_parse(nullptr, &session, pdu.get(), copy.data(), copy.size()) != 0) return nullptr;
    return pdu;
  }
  byte_vector write(bool hides, long request_id) {
    owned_pdu pdu(snmp_pdu_create(SNMP_MSG_GET));
    pdu->version = SNMP_VERSION_3;
    pdu->reqid = request_id;
    pdu->msgid = 0x45000000 + request_id;
    pdu->securityModel = SNMP_SEC_MODEL_USM;
    pdu->securityLevel = hides ? SNMP_SEC_LEVEL_AUTHPRIV : SNMP_SEC_LEVEL_AUTHNOPRIV;
    pdu->securityName = strdup(name.c_str());
    pdu->securityNameLen = name.size();
    pdu->securityEngineID = static_cast<u_char*>(std::malloc(engine.size()));
    std::copy(engine.begin(), engine.end(), pdu->securityEngineID);
    pdu->securityEngineIDLen = engine.size();
    pdu->contextEngineID = static_cast<u_char*>(std::malloc(engine.size()));
    std::copy(engine.begin(), engine.end(), pdu->contextEngineID);
    pdu->contextEngineIDLen = engine.size();
    pdu->contextName = strdup("vpn");
    pdu->contextNameLen = 3;
    const std::array<oid, 9> up_time{1, 3, 6, 1, 2, 1, 1, 3, 0};
    snmp_add_null_var(pdu.get(), up_time.data(), up_time.size());
    std::size_t capacity = 2048, length = 0;
    u_char* buffer = static_cast<u_char*>(std::malloc(capacity));
    const int failed = snmp_build(&buffer, &capacity, &length, &session, pdu.get());
    byte_vector out;
    if (failed == 0) out.assign(buffer + capacity - length, buffer + capacity);
    std::free(buffer);
    return out;
  }
};

usm_user_keys keys_of(const pair_of_algorithms& p, const std::string& auth = auth_password) {
  return usm_keys_of(p.auth, secret(auth), p.privacy, secret(privacy_password));
}

byte_vector sealed(usm& u, const usm_engine_keys& keys, const library_user& peer) {
  const byte_vector pdu{0xa2, 26,   2,    4,  0x41, 0x42, 0x43, 0x44, 2, 1, 0, 2, 1, 0,
                        0x30, 0x0c, 0x30, 10, 6,    6,    0x2b, 6,    1, 2, 1, 1, 5, 0};
  byte_vector out(600);
  wire::snmp3_draft d;
  d.id = 0x45000001;
  d.max_size = 8192;
  d.engine = peer.engine;
  d.boots = boots;
  d.time = engine_time;
  d.user = peer.name;
  d.context = "vpn";
  d.pdu = pdu;
  out.resize(u.seal(keys, d, out));
  return out;
}

bool opens(usm& u, const usm_engine_keys& keys, const byte_vector& packet) {
  const auto m = wire::read_snmp3_message(packet);
  return m.known && u.open(keys, m, packet).authentic();
}

TEST(UsmPeer, EveryPairOfAlgorithmsIsReadBothWaysAndTamperingByNeither) {
  usm u;
  std::mt19937 random(3);
  int number = 0;
  for (const auto& p : pairs()) {
    SCOPED_TRACE(std::string(p.auth_name) + " " + p.privacy_name);
    ASSERT_TRUE(u.can(p.privacy));
    library_user peer(p, ++number);
    const auto keys = localized(keys_of(p), peer.engine);
    const auto ours = sealed(u, keys, peer);
    const auto read = peer.read(ours);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->reqid, 0x41424344);
    EXPECT_EQ(std::string(read->contextName, read->contextNameLen), "vpn");
    const auto theirs = peer.write(p.privacy != privacy_protocol::none, number);
    ASSERT_FALSE(theirs.empty());
    const auto m = wire::read_snmp3_message(theirs);
    ASSERT_TRUE(m.known);
    EXPECT_FALSE(m.odd.any());
    const auto opened = u.open(keys, m, theirs);
    ASSERT_TRUE(opened.authentic());
    EXPECT_EQ(wire::read_snmp3_scoped(opened.scoped).request_id, number);
    for (int round = 0; round < 20; ++round) {
      byte_vector a = ours, b = theirs;
      a[random() % a.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
      b[random() % b.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
      EXPECT_FALSE(opens(u, keys, a));
      EXPECT_FALSE(opens(u, keys, b));
      EXPECT_FALSE(peer.read(a));
      EXPECT_FALSE(peer.read(b));
    }
    const auto wrong = localized(keys_of(p, "a wrong password"), peer.engine);
    EXPECT_FALSE(peer.read(sealed(u, wrong, peer)));
    EXPECT_FALSE(opens(u, wrong, theirs));
  }
}

}  // namespace
}  // namespace changtong::net
