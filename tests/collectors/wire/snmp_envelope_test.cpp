#include "collectors/wire/snmp_envelope.h"

#include <gtest/gtest.h>

#include "tests/collectors/ber_writer.h"

namespace changtong::wire {
namespace {

namespace ber = test::ber;
using ber::byte_vector;
using ber::message;

/** With every part as given, outermost first. */
byte_vector built(const byte_vector& version, const byte_vector& community, const byte_vector& id) {
  return ber::tlv(
      0x30, ber::joined({version, community, ber::tlv(0xa2, ber::joined({id, {2, 1, 0}, {2, 1, 0}, {0x30, 0}}))}));
}
const byte_vector v2c{2, 1, 1}, our_id{2, 4, 0x40, 0, 0x12, 0x34};
constexpr std::int64_t our_number = 0x40001234;

TEST(SnmpEnvelope, WholeMessageNamesCommunityAndId) {
  const byte_vector m = message(0xa2, "pub lic", 0x40001234, 0, {});
  const auto e = read_snmp_envelope(m);
  ASSERT_TRUE(e.known);
  EXPECT_FALSE(e.cut);
  EXPECT_FALSE(e.odd.any());
  EXPECT_EQ(e.community, "pub lic");
  EXPECT_EQ(e.pdu, 0xa2);
  EXPECT_EQ(e.request_id, our_number);
  ASSERT_EQ(e.id_length, 4U);
  EXPECT_EQ(get32(m.data() + e.id_offset), 0x40001234U);
}

TEST(SnmpEnvelope, EveryTruncationIsSeenAndKnownOnceTheIdIsThere) {
  const byte_vector m = message(0xa2, "public", 0x40001234, 0, byte_vector(200, 5));
  const std::size_t id_end = read_snmp_envelope(m).id_offset + 4;
  for (std::size_t n = 0; n < m.size(); ++n) {
    const auto e = read_snmp_envelope({m.data(), n});
    EXPECT_EQ(e.known, n >= id_end) << n;
    EXPECT_EQ(e.cut, n >= 4) << n << ": from the outermost length on";
  }
}

TEST(SnmpEnvelope, TheBeginningOfALongDatagramIsNotCut) {
  const byte_vector m = message(0xa2, "public", 0x40001234, 0, byte_vector(200, 5));
  EXPECT_FALSE(read_snmp_envelope({m.data(), 60}, m.size()).cut);
  EXPECT_TRUE(read_snmp_envelope({m.data(), 60}, m.size() - 1).cut);
}

TEST(SnmpEnvelope, QuotedBeginningIsEnoughWhenAskedFor) {
  const byte_vector m = message(0xa0, "public", 0x40001234, 0, byte_vector(200, 5));
  const auto e = read_snmp_envelope({m.data(), 40}, of_unknown_length);
  ASSERT_TRUE(e.known);
  EXPECT_FALSE(e.cut);
  EXPECT_EQ(e.request_id, our_number);
  EXPECT_FALSE(read_snmp_envelope({m.data(), 12}, of_unknown_length).known);
}

TEST(SnmpEnvelope, TrailingBytesAreOdd) {
  for (const std::size_t more : {1U, 8U, 500U}) {
    byte_vector m = message(0xa2, "public", 1, 0, {});
    m.insert(m.end(), more, 0);
    const auto e = read_snmp_envelope(m);
    EXPECT_TRUE(e.known);
    EXPECT_FALSE(e.cut);
    EXPECT_TRUE(e.odd.has(snmp_oddity::trailing));
  }
}

TEST(SnmpEnvelope, OtherVersionsAndPdusAreOdd) {
  for (const std::uint8_t version : byte_vector{0, 2, 77}) {
    byte_vector m = message(0xa2, "public", 1, 0, {});
    m[4] = version;
    EXPECT_TRUE(read_snmp_envelope(m).known);
    EXPECT_TRUE(read_snmp_envelope(m).odd.has(snmp_oddity::version)) << int{version};
  }
  for (const std::uint8_t pdu : byte_vector{0xa0, 0xa8}) {
    const auto e = read_snmp_envelope(message(pdu, "public", 1, 0, {}));
    EXPECT_TRUE(e.known && e.odd.has(snmp_oddity::pdu)) << int{pdu};
  }
}

TEST(SnmpEnvelope, PaddedIntegersAreTheSameNumbers) {
  for (const std::size_t padding : {1U, 4U, 8U, 100U}) {
    byte_vector id(padding, 0);
    id.insert(id.end(), {0x40, 0, 0x12, 0x34});
    const auto e = read_snmp_envelope(built({2, 2, 0, 1}, ber::text(""), ber::tlv(2, id)));
    ASSERT_TRUE(e.known) << padding;
    EXPECT_EQ(e.version, 1);
    EXPECT_EQ(e.request_id, our_number);
    EXPECT_TRUE(e.odd.has(snmp_oddity::integer));
  }
}

TEST(SnmpEnvelope, IdsKeepSignAndWidth) {
  const auto id_of = [](const byte_vector& id) { return read_snmp_envelope(built(v2c, ber::text("p"), id)); };
  EXPECT_EQ(id_of({2, 1, 0xff}).request_id, -1);
  EXPECT_EQ(id_of({2, 4, 0xbf, 0xff, 0xff, 0xff}).request_id, -0x40000001LL);
  EXPECT_EQ(id_of({2, 5, 1, 0x40, 0, 0x12, 0x34}).request_id, 0x140001234);
  EXPECT_FALSE(id_of({2, 9, 1, 0, 0, 0, 0, 0x40, 0, 0x12, 0x34}).known);
  EXPECT_FALSE(id_of({2, 0}).known);
  EXPECT_FALSE(id_of({0x30, 0}).known);
}

TEST(SnmpEnvelope, LengthsOfAnyFormAndWithoutEndAreRead) {
  const byte_vector inner = ber::joined({v2c, ber::text("p"), {0xa2, 0x84, 0, 0, 0, 6}, our_id});
  const auto with_head = [&](byte_vector head) { return read_snmp_envelope(ber::joined({std::move(head), inner})); };
  const auto size = static_cast<std::uint8_t>(inner.size());
  for (const byte_vector& head : {byte_vector{0x30, size},
                                  {0x30, 0x81, size},
                                  {0x30, 0x83, 0, 0, size},
                                  {0x30, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, size}}) {
    EXPECT_EQ(with_head(head).request_id, our_number);
    EXPECT_FALSE(with_head(head).odd.any());
  }
  const auto e = with_head({0x30, 0x80});
  EXPECT_EQ(e.request_id, our_number);
  EXPECT_TRUE(e.odd.has(snmp_oddity::endless));
  EXPECT_TRUE(with_head({0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, size}).cut) << "no length is too large to be one";
  EXPECT_FALSE(with_head({0x30, 0xff}).known);
}

TEST(SnmpEnvelope, WhatIsNoSnmpOfACommunityIsNotKnown) {
  for (const byte_vector& m : {byte_vector{},
                               {0x30},
                               {0x30, 0},
                               byte_vector(60, 0),
                               {'H', 'T', 'T', 'P', '/', '1'},
                               ber::tlv(0x30, ber::joined({{2, 1, 3}, ber::tlv(0x30, our_id), ber::text("v3")}))}) {
    EXPECT_FALSE(read_snmp_envelope(m).known);
    EXPECT_FALSE(read_snmp_envelope(m).cut);
  }
}

}  // namespace
}  // namespace changtong::wire
