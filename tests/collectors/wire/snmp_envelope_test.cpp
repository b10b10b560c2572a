#include "collectors/wire/snmp_envelope.h"

#include <gtest/gtest.h>

#include "tests/collectors/ber_writer.h"

namespace changtong::wire {
namespace {

using test::ber::byte_vector;
using test::ber::message;

TEST(SnmpEnvelope, WholeMessageNamesCommunityAndId) {
  const byte_vector m = message(0xa2, "pub lic", 0x40001234, 0, {});
  const auto e = read_snmp_envelope(m);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->community, "pub lic");
  EXPECT_EQ(e->pdu, 0xa2);
  EXPECT_EQ(e->request_id, 0x40001234);
  ASSERT_EQ(e->id_length, 4U);
  EXPECT_EQ(get32(m.data() + e->id_offset), 0x40001234U);
}

TEST(SnmpEnvelope, EveryTruncationIsRefused) {
  const byte_vector m = message(0xa2, "public", 0x40001234, 0, byte_vector(200, 5));
  for (std::size_t n = 0; n < m.size(); ++n) EXPECT_FALSE(read_snmp_envelope({m.data(), n})) << n;
}

TEST(SnmpEnvelope, QuotedBeginningIsEnoughWhenAskedFor) {
  const byte_vector m = message(0xa0, "public", 0x40001234, 0, byte_vector(200, 5));
  const auto e = read_snmp_envelope({m.data(), 40}, true);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->request_id, 0x40001234);
  EXPECT_FALSE(read_snmp_envelope({m.data(), 12}, true));
}

TEST(SnmpEnvelope, TrailingBytesAreRefused) {
  byte_vector m = message(0xa2, "public", 1, 0, {});
  m.push_back(0);
  EXPECT_FALSE(read_snmp_envelope(m));
}

TEST(SnmpEnvelope, OtherVersionsAreRefused) {
  for (const std::uint8_t version : byte_vector{0, 2, 3}) {
    byte_vector m = message(0xa2, "public", 1, 0, {});
    m[4] = version;
    EXPECT_FALSE(read_snmp_envelope(m)) << int{version};
  }
}

TEST(SnmpEnvelope, NegativeAndOverlongIdsAreBounded) {
  byte_vector m = message(0xa2, "p", 0x7f, 0, {});
  const auto e = read_snmp_envelope(m);
  ASSERT_TRUE(e);
  m[e->id_offset] = 0xff;
  EXPECT_EQ(read_snmp_envelope(m)->request_id, -1);
  m = message(0xa2, "p", 0xfffffffe, 0, {});  // five bytes, for the sign
  EXPECT_FALSE(read_snmp_envelope(m));
}

TEST(SnmpEnvelope, IndefiniteLengthIsRefused) {
  EXPECT_FALSE(read_snmp_envelope(byte_vector{0x30, 0x80, 0x02, 0x01, 0x01, 0, 0}));
  EXPECT_FALSE(read_snmp_envelope(byte_vector{0x30, 0x84, 0, 0, 0, 1, 2}));
}

}  // namespace
}  // namespace changtong::wire
