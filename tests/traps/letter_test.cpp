#include "daemon/traps/letter.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "tests/collectors/ber_writer.h"

namespace changtong::traps {
namespace {

namespace ber = test::ber;
using ber::byte_vector;

byte_vector message(std::uint8_t pdu, const byte_vector& trap_value, const byte_vector& more = {}) {
  const byte_vector up_time = ber::oid({6, 1, 2, 1, 1, 3, 0}), trap_oid = ber::oid({6, 1, 6, 3, 1, 1, 4, 1, 0});
  return ber::message(
      pdu, "public", 77, 0,
      ber::joined({ber::binding(up_time, ber::number(0x43, 12'399)), ber::binding(trap_oid, trap_value), more}));
}
const byte_vector cold_start = ber::oid({6, 1, 6, 3, 1, 1, 5, 1});

letter judged(const byte_vector& m, std::vector<secret> communities = {secret("other"), secret("public")}) {
  const auto e = wire::read_trap_envelope(m);
  return read_community_letter(m, *e, 1234, communities);
}

TEST(Letter, AGenuineOneSaysWhatIsKeptOfIt) {
  const letter l = judged(message(wire::snmp_trap, cold_start));
  ASSERT_FALSE(l.refused);
  EXPECT_EQ(l.record.trap, "1.3.6.1.6.3.1.1.5.1");
  EXPECT_EQ(l.record.what, trap_class::restart);
  EXPECT_EQ(l.record.uptime_s, "123");
  EXPECT_EQ(l.record.via, "v2c");
  EXPECT_FALSE(l.inform);
  EXPECT_TRUE(l.answer.empty());
}

TEST(Letter, AnotherCommunityIsRefused) {
  for (const char* wrong : {"Public", "publi", "publicc", ""})
    EXPECT_EQ(judged(message(wire::snmp_trap, cold_start), {secret(wrong)}).refused, trap_drop::credential) << wrong;
  EXPECT_EQ(judged(message(wire::snmp_trap, cold_start), {}).refused, trap_drop::credential);
}

TEST(Letter, AnInformHasAnAnswerAndAKeyThatItsRepetitionShares) {
  const byte_vector m = message(wire::snmp_inform, cold_start);
  const letter a = judged(m), b = judged(m);
  ASSERT_TRUE(a.inform);
  EXPECT_EQ(a.inform, b.inform);
  EXPECT_EQ(a.record.via, "v2c inform");
  EXPECT_EQ(a.answer, message(0xa2, cold_start));
  const auto e = wire::read_trap_envelope(m);
  EXPECT_NE(read_community_letter(m, *e, 1235, {secret("public")}).inform, a.inform) << "from another port";
}

TEST(Letter, ADyingGaspOfTheLinkIsPower) {
  const byte_vector event = ber::oid({6, 1, 2, 1, 0x81, 0x1e, 0, 2});
  const byte_vector type = ber::oid({6, 1, 2, 1, 0x81, 0x1e, 1, 6, 1, 4, 3, 1});
  EXPECT_EQ(judged(message(wire::snmp_trap, event, ber::binding(type, ber::number(0x42, 257)))).record.what,
            trap_class::power);
  EXPECT_EQ(judged(message(wire::snmp_trap, event, ber::binding(type, ber::number(0x42, 256)))).record.what,
            trap_class::link);
}

TEST(Letter, WhatIsNotKnownIsKeptAsOther) {
  const letter l = judged(message(wire::snmp_trap, ber::oid({6, 1, 4, 1, 9, 9, 9})));
  EXPECT_EQ(l.record.trap, "1.3.6.1.4.1.9.9.9");
  EXPECT_EQ(l.record.what, trap_class::other);
  EXPECT_EQ(trap_name(l.record.trap), l.record.trap);
}

TEST(Letter, AVendorsTrapOfV1IsKnownWithoutTheZeroThatTheTranslationAdds) {
  wire::trap_message t;
  t.pdu = wire::snmp_trap_v1;
  t.trap = "1.3.6.1.4.1.2011.5.25.219.2.5.0.3";
  EXPECT_EQ(record_of(t).trap, "1.3.6.1.4.1.2011.5.25.219.2.5.3");
  EXPECT_EQ(record_of(t).what, trap_class::power);
  t.trap = "1.3.6.1.4.1.9999.0.3";
  EXPECT_EQ(record_of(t).trap, t.trap) << "not known either way";
  t.trap = "1.3.6.1.4.1.25506.2.6.2.0.9";
  EXPECT_EQ(record_of(t).trap, t.trap) << "its zero is its own";
}

TEST(KnownTraps, EachHasItsIdentifierAndItsNameForItself) {
  std::ifstream file(std::string(CHANGTONG_SOURCE_DIR) + "/daemon/core/known_trap.def");
  const std::regex row(R"re(^TRAP\("([0-9.]+)", (\w+), (\w+), (\w+), "[^"]+", "[^"]+"\)$)re");
  std::set<std::string> oids;
  std::string line;
  std::size_t rows = 0;
  for (std::smatch m; std::getline(file, line);) {
    if (line.starts_with("//")) continue;
    ASSERT_TRUE(std::regex_match(line, m, row)) << line;
    ++rows;
    EXPECT_TRUE(oids.insert(m[1]).second) << line;
    ASSERT_NE(find_trap(std::string(m[1])), nullptr);
    EXPECT_EQ(find_trap(std::string(m[1]))->name, m[2].str());
    const bool vendor = m[1].str().starts_with("1.3.6.1.4.1.");
    EXPECT_EQ(m[4].str() == "standard", !vendor) << "a vendor's names the MIB where it was read: " << line;
  }
  EXPECT_GE(rows, 60U);
}

}  // namespace
}  // namespace changtong::traps
