#include "daemon/traps/v3_letters.h"

#include <gtest/gtest.h>

#include "tests/collectors/ber_writer.h"

namespace changtong::traps {
namespace {

namespace ber = test::ber;
using ber::byte_vector;
using namespace net;

constexpr std::int64_t begin_s = 1'800'000'000;
mono_t at(std::int64_t s) { return mono_t{} + std::chrono::seconds{s}; }

usm_user_keys keys_of(auth_protocol auth, privacy_protocol privacy) {
  return usm_keys_of(auth, secret("auth-password"), privacy, secret("priv-password"));
}
byte_vector pdu(std::uint8_t tag, std::uint32_t request = 7) {
  const byte_vector up_time = ber::oid({6, 1, 2, 1, 1, 3, 0}), trap_oid = ber::oid({6, 1, 6, 3, 1, 1, 4, 1, 0});
  const byte_vector list = ber::joined(
      {ber::binding(up_time, ber::number(0x43, 4200)), ber::binding(trap_oid, ber::oid({6, 1, 6, 3, 1, 1, 5, 1}))});
  return ber::tlv(tag,
                  ber::joined({ber::number(2, request), ber::number(2, 0), ber::number(2, 0), ber::tlv(0x30, list)}));
}

/** A device, or whoever pretends to be one. */
struct sender {
  std::string engine =
      "\x80\x00\x07\xdb\x03"
      "device";
  std::string user = "trapper";
  usm_user_keys keys;
  std::uint32_t boots = 3, time = 1000;
  std::optional<std::string> context_engine{};
  std::string context{};
  usm crypto;

  static wire::bytes bytes_of(const std::string& s) {
    return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
  }
  byte_vector message(const byte_vector& what, std::uint8_t flags = 0) {
    byte_vector out(2048);
    const wire::bytes id = bytes_of(engine);
    out.resize(crypto.seal(engine.empty() ? usm_engine_keys{} : localized(keys, id),
                           {.id = 99,
                            .max_size = 8192,
                            .flags = flags,
                            .engine = id,
                            .boots = boots,
                            .time = time,
                            .user = engine.empty() ? "" : user,
                            .context_engine = context_engine ? std::optional(bytes_of(*context_engine)) : std::nullopt,
                            .context = context,
                            .pdu = what},
                           out));
    return out;
  }
};

struct V3Letters : testing::Test {
  usm_user_keys keys = keys_of(auth_protocol::sha256, privacy_protocol::aes128);
  v3_letters in{identity_of("区政府机房", wall_from_ms(begin_s * 1000), at(0))};
  sender device;

  void SetUp() override {
    device.keys = keys;
    in.adopt({{.name = "trapper", .keys = keys}});
  }
  letter read(const byte_vector& m, std::int64_t s = 0, const char* from = "192.0.2.1") {
    return in.read(m, {.address = *parse_address(from), .port = 4321}, at(s));
  }
  /** As a sender of informs does: asks who we are, and takes boots and time from the answer. */
  void discover(std::int64_t s = 0) {
    device.engine.clear();
    const letter l = read(device.message(pdu(0xa0), wire::snmp3_reportable), s);
    ASSERT_EQ(l.refused, trap_drop::discovery);
    const auto m = wire::read_snmp3_message(l.answer);
    ASSERT_TRUE(m.known);
    EXPECT_EQ(wire::read_snmp3_scoped(m.scoped).report, wire::snmp3_report::unknown_engine);
    EXPECT_EQ(wire::read_snmp3_scoped(m.scoped).request_id, 7);
    device.engine.assign(m.engine.begin(), m.engine.end());
    device.boots = static_cast<std::uint32_t>(m.boots);
    device.time = static_cast<std::uint32_t>(m.time);
  }
};

TEST_F(V3Letters, ATrapIsReadByTheKeysOfItsSendersEngine) {
  const letter l = read(device.message(pdu(wire::snmp_trap)));
  ASSERT_FALSE(l.refused);
  EXPECT_EQ(l.version, 2U);
  EXPECT_EQ(l.record.trap, "1.3.6.1.6.3.1.1.5.1");
  EXPECT_EQ(l.record.via, "v3");
  EXPECT_FALSE(l.inform);
}

TEST_F(V3Letters, EveryLevelAndProtocolIsRead) {
  for (const auto [auth, privacy] :
       {std::pair(auth_protocol::none, privacy_protocol::none), std::pair(auth_protocol::md5, privacy_protocol::none),
        std::pair(auth_protocol::sha1, privacy_protocol::aes128),
        std::pair(auth_protocol::sha512, privacy_protocol::aes256)}) {
    device.keys = keys_of(auth, privacy);
    in.adopt({{.name = "trapper", .keys = device.keys}});
    device.engine += "x";
    EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap))).refused) << static_cast<int>(auth);
  }
}

TEST_F(V3Letters, NobodyIsBelievedBelowHisLevel) {
  device.keys = keys_of(auth_protocol::none, privacy_protocol::none);
  EXPECT_EQ(read(device.message(pdu(wire::snmp_trap))).refused, trap_drop::credential);
  device.keys = keys_of(auth_protocol::sha256, privacy_protocol::none);
  EXPECT_EQ(read(device.message(pdu(wire::snmp_trap))).refused, trap_drop::credential);
}

TEST_F(V3Letters, AStrangerAndAWrongPasswordAreTold) {
  device.user = "stranger";
  EXPECT_EQ(read(device.message(pdu(wire::snmp_trap))).refused, trap_drop::credential);
  device.user = "trapper";
  device.keys =
      usm_keys_of(auth_protocol::sha256, secret("another-password"), privacy_protocol::aes128, secret("p-p-p-p-p"));
  const letter l = read(device.message(pdu(wire::snmp_trap)));
  EXPECT_EQ(l.refused, trap_drop::wrong_digest);
  EXPECT_TRUE(l.answer.empty()) << "traps want no Reports";
}

TEST_F(V3Letters, OneNameMayHaveSeveralPasswords) {
  const usm_user_keys other =
      usm_keys_of(auth_protocol::sha256, secret("another-password"), privacy_protocol::aes128, secret("p-p-p-p-p"));
  in.adopt({{.name = "trapper", .keys = keys}, {.name = "trapper", .keys = other}});
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap))).refused);
  device.keys = other;
  device.engine += "2";
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap))).refused);
  discover();
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_inform))).refused);
}

TEST_F(V3Letters, EveryChangedByteIsSeen) {
  const byte_vector good = device.message(pdu(wire::snmp_trap));
  for (std::size_t k = 0; k < good.size(); ++k) {
    byte_vector bad = good;
    bad[k] ^= 0x01;
    EXPECT_TRUE(read(bad).refused) << k;
  }
}

TEST_F(V3Letters, AnOldTrapIsRefusedAndABootForgives) {
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 0).refused);
  device.time = 1000 + 200;
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 200).refused);
  device.time = 1000;
  EXPECT_EQ(read(device.message(pdu(wire::snmp_trap)), 200).refused, trap_drop::not_in_time);
  device.time = 1060;
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 200).refused) << "within 150 s";
  device.boots = 2, device.time = 9999;
  EXPECT_EQ(read(device.message(pdu(wire::snmp_trap)), 200).refused, trap_drop::not_in_time);
  device.boots = 4, device.time = 1;
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 200).refused);
}

TEST_F(V3Letters, ATrapIsOfTheAddressThatItsEngineSpeaksFrom) {
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 0, "192.0.2.1").refused);
  device.time = 1000;
  EXPECT_EQ(read(device.message(pdu(wire::snmp_trap)), 3, "192.0.2.2").refused, trap_drop::not_in_time)
      << "no newer than what came from its own address";
  device.time = 1300;
  EXPECT_TRUE(read(device.message(pdu(wire::snmp_trap)), 300, "192.0.2.1").proven);
  device.time = 1310;
  const letter moved = read(device.message(pdu(wire::snmp_trap)), 310, "192.0.2.2");
  EXPECT_FALSE(moved.refused) << "a device may get another address";
  EXPECT_FALSE(moved.proven);
  device.time = 1500;
  EXPECT_TRUE(read(device.message(pdu(wire::snmp_trap)), 500, "192.0.2.2").proven);
}

TEST_F(V3Letters, ADatagramIsBelievedOnce) {
  const byte_vector trap = device.message(pdu(wire::snmp_trap));
  EXPECT_FALSE(read(trap).refused);
  EXPECT_EQ(read(trap, 1).refused, trap_drop::not_in_time);
  discover();
  const byte_vector inform = device.message(pdu(wire::snmp_inform));
  EXPECT_FALSE(read(inform, 2).refused);
  EXPECT_FALSE(read(inform, 3).refused) << "its sender repeats it";
  EXPECT_EQ(read(inform, 4, "192.0.2.2").refused, trap_drop::not_in_time);
}

/** What is sent again after a start of ours is as authentic as ever, and we have nothing to hold it against. */
TEST_F(V3Letters, AnEngineIsProvenByAClockThatRanWithOurs) {
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 0).proven);
  device.time = 1100;
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 100).proven) << "two old ones may follow each other";
  device.time = 1160;
  EXPECT_TRUE(read(device.message(pdu(wire::snmp_trap)), 160).proven);
  device.time = 90'000;
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 170).proven) << "then the others were old ones";
  device.boots = 4, device.time = 5;
  EXPECT_FALSE(read(device.message(pdu(wire::snmp_trap)), 400).proven) << "it may have begun anew long ago";
  device.time = 205;
  EXPECT_TRUE(read(device.message(pdu(wire::snmp_trap)), 600).proven);
}

TEST_F(V3Letters, AnInformIsProvenAtOnceAndWhatIsNotSignedIsTakenAsItIs) {
  discover();
  EXPECT_TRUE(read(device.message(pdu(wire::snmp_inform)), 1).proven);
  device.engine = "\x80\x00\x07\xdb\x03other";
  device.keys = keys_of(auth_protocol::none, privacy_protocol::none);
  in.adopt({{.name = "trapper", .keys = device.keys}});
  EXPECT_TRUE(read(device.message(pdu(wire::snmp_trap))).proven);
}

TEST_F(V3Letters, AnInformIsAnsweredByUsAsItsAuthority) {
  discover();
  const letter l = read(device.message(pdu(wire::snmp_inform), wire::snmp3_reportable), 3);
  ASSERT_FALSE(l.refused);
  EXPECT_EQ(l.record.via, "v3 inform");
  ASSERT_TRUE(l.inform);
  const auto m = wire::read_snmp3_message(l.answer);
  ASSERT_TRUE(m.known);
  EXPECT_EQ(m.id, 99);
  const wire::bytes id{reinterpret_cast<const std::uint8_t*>(device.engine.data()), device.engine.size()};
  const auto opened = device.crypto.open(localized(keys, id), m, l.answer);
  ASSERT_TRUE(opened.authentic());
  const auto inside = wire::read_snmp3_scoped(opened.scoped);
  EXPECT_EQ(inside.pdu, 0xa2);
  EXPECT_EQ(inside.request_id, 7);
  EXPECT_EQ(read(device.message(pdu(wire::snmp_inform)), 5).inform, l.inform) << "its repetition is known";
}

TEST_F(V3Letters, AnInformIsAnsweredInItsSendersContext) {  // net-snmp takes no other answer
  discover();
  for (const std::string& whose : {device.engine, std::string("\x80\x00\x1f\x88\x04sender", 11), std::string()})
    for (const std::string name : {"", "vrf-1"}) {
      device.context_engine = whose;
      device.context = name;
      const letter l = read(device.message(pdu(wire::snmp_inform), wire::snmp3_reportable), 3);
      ASSERT_FALSE(l.refused);
      const auto m = wire::read_snmp3_message(l.answer);
      ASSERT_TRUE(m.known);
      EXPECT_EQ(std::string(m.engine.begin(), m.engine.end()), device.engine);
      const auto opened = device.crypto.open(localized(keys, m.engine), m, l.answer);
      ASSERT_TRUE(opened.authentic());
      const auto inside = wire::read_snmp3_scoped(opened.scoped);
      EXPECT_EQ(std::string(inside.context_engine.begin(), inside.context_engine.end()), whose);
      EXPECT_EQ(std::string(inside.context.begin(), inside.context.end()), name);
    }
}

TEST_F(V3Letters, AnInformOutOfTimeIsToldOurTimeSigned) {
  discover();
  device.boots -= 1;
  const letter l = read(device.message(pdu(wire::snmp_inform), wire::snmp3_reportable), 10);
  ASSERT_EQ(l.refused, trap_drop::not_in_time);
  const auto m = wire::read_snmp3_message(l.answer);
  ASSERT_TRUE(m.known);
  EXPECT_TRUE(m.authenticated());
  EXPECT_FALSE(m.is_private());
  EXPECT_EQ(m.time, 10);
  EXPECT_EQ(m.boots, device.boots + 1);
  EXPECT_EQ(wire::read_snmp3_scoped(m.scoped).report, wire::snmp3_report::not_in_time_window);
  device.boots += 1;
  EXPECT_EQ(read(device.message(pdu(wire::snmp_inform)), 200).refused, trap_drop::not_in_time) << "and too old";
}

TEST_F(V3Letters, ATrapInOurNameAndAnInformInAnothersAreNone) {
  EXPECT_EQ(read(device.message(pdu(wire::snmp_inform))).refused, trap_drop::malformed);
  discover();
  EXPECT_EQ(read(device.message(pdu(wire::snmp_trap))).refused, trap_drop::malformed);
}

TEST_F(V3Letters, TruncationsAreRefused) {
  const byte_vector good = device.message(pdu(wire::snmp_trap));
  for (std::size_t n = 0; n < good.size(); ++n)
    EXPECT_TRUE(read({good.begin(), good.begin() + static_cast<long>(n)}).refused) << n;
}

TEST(V3Identity, TheNodeIsTheSameInEveryRunAndItsBootsGrow) {
  const auto a = identity_of("甲", wall_from_ms(begin_s * 1000), at(0)),
             b = identity_of("甲", wall_from_ms((begin_s + 1) * 1000), at(0));
  EXPECT_EQ(a.engine, b.engine);
  EXPECT_EQ(a.engine.size(), 13U);
  EXPECT_LT(a.boots, b.boots);
  EXPECT_NE(identity_of("乙", wall_from_ms(begin_s * 1000), at(0)).engine, a.engine);
  EXPECT_EQ(identity_of("甲", wall_from_ms(0), at(0)).boots, 1U) << "a clock that was never set";
}

}  // namespace
}  // namespace changtong::traps
