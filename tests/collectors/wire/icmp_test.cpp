#include "collectors/wire/icmp.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <vector>

namespace changtong::wire {
namespace {

using sort = icmp_news::sort;
using byte_vector = std::vector<std::uint8_t>;

byte_vector request(bool v6 = false, std::size_t payload = 56) {
  byte_vector p(echo_header + payload);
  write_echo(p.data(), {0x1234, 0x2abcd, 0x1122334455667788}, payload, v6);
  return p;
}
byte_vector sealed(byte_vector m) {
  m[2] = m[3] = 0;
  put16(m.data() + 2, internet_checksum(m));
  return m;
}
byte_vector reply4() {
  auto p = request();
  p[0] = 0;
  return sealed(p);
}
byte_vector with_ip(const byte_vector& message, std::size_t options = 0) {
  byte_vector p(20 + options, 0);
  p[0] = static_cast<std::uint8_t>(0x40U | (5 + options / 4));
  p[9] = 1;
  p.insert(p.end(), message.begin(), message.end());
  return p;
}

TEST(IcmpWire, RequestHasAValidChecksum) { EXPECT_EQ(internet_checksum(request()), 0); }

TEST(IcmpWire, ReplyIsReadBehindIpHeaderWithAndWithoutOptions) {
  for (const std::size_t options : {0U, 4U, 40U}) {
    const auto news = read_icmp4_packet(with_ip(reply4(), options), 0x1234);
    ASSERT_EQ(news.what, sort::reply) << options;
    EXPECT_EQ(news.about.index, 0x2abcdU);
    EXPECT_EQ(news.about.cookie, 0x1122334455667788U);
  }
}

TEST(IcmpWire, HeaderLengthPastThePacketIsMalformed) {
  auto p = with_ip(reply4());
  p[0] = 0x4f;
  p.resize(40);
  EXPECT_EQ(read_icmp4_packet(p, 0x1234).what, sort::malformed);
  p[0] = 0x44;
  EXPECT_EQ(read_icmp4_packet(p, 0x1234).what, sort::malformed);
}

TEST(IcmpWire, EveryTruncationIsMalformedAndNeverAReply) {
  const auto whole = with_ip(reply4());
  for (std::size_t n = 0; n < 20 + echo_header + 16; ++n)
    EXPECT_NE(read_icmp4_packet({whole.data(), n}, 0x1234).what, sort::reply) << n;
}

TEST(IcmpWire, FlippedBitIsMalformedOrForeign) {
  const auto whole = with_ip(reply4());
  for (std::size_t bit = 160; bit < whole.size() * 8; ++bit) {
    auto p = whole;
    p[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_NE(read_icmp4_packet(p, 0x1234).what, sort::reply) << bit;
  }
}

TEST(IcmpWire, AnotherProgramsPingIsForeign) {
  EXPECT_EQ(read_icmp4_packet(with_ip(reply4()), 0x4321).what, sort::foreign);
}

TEST(IcmpWire, Ipv6ReplyIsRead) {
  auto p = request(true);
  EXPECT_EQ(p[0], 128);
  p[0] = 129;
  const auto news = read_icmp6(p, 0x1234);
  ASSERT_EQ(news.what, sort::reply);
  EXPECT_EQ(news.about.index, 0x2abcdU);
  EXPECT_EQ(read_icmp6(p, std::nullopt).what, sort::reply);
}

TEST(IcmpWire, Ipv6ErrorNamesAddressAndCause) {
  byte_vector m{1, 3, 0, 0, 0, 0, 0, 0};
  byte_vector ip(40, 0);
  ip[0] = 0x60;
  ip[6] = 58;
  ip[39] = 7;
  m.insert(m.end(), ip.begin(), ip.end());
  const auto q = request(true);
  m.insert(m.end(), q.begin(), q.end());
  const auto news = read_icmp6(m, 0x1234);
  ASSERT_EQ(news.what, sort::refusal);
  EXPECT_TRUE(news.whole);
  EXPECT_EQ(news.why, cause::host_unreachable);
  EXPECT_EQ(to_string(news.to), "::7");
}

TEST(IcmpWire, ErrorThatQuotesOnlyEightBytesIsMatchedByItsHalf) {
  byte_vector m{3, 1, 0, 0, 0, 0, 0, 0};
  const auto quoted = with_ip(request());
  m.insert(m.end(), quoted.begin(), quoted.begin() + 28);
  const auto news = read_icmp4(m, 0x1234);
  ASSERT_EQ(news.what, sort::refusal);
  EXPECT_FALSE(news.whole);
  EXPECT_EQ(news.about.index, 0xabcdU);
}

TEST(IcmpWire, CausesFollowTheCodes) {
  EXPECT_EQ(cause_of_icmp4(3, 0), cause::net_unreachable_remote);
  EXPECT_EQ(cause_of_icmp4(3, 1), cause::host_unreachable);
  EXPECT_EQ(cause_of_icmp4(3, 3), cause::port_unreachable);
  EXPECT_EQ(cause_of_icmp4(3, 13), cause::admin_prohibited);
  EXPECT_EQ(cause_of_icmp4(3, 4), cause::none);
  EXPECT_EQ(cause_of_icmp4(11, 0), cause::ttl_exceeded);
  EXPECT_EQ(cause_of_icmp4(11, 1), cause::none);
  EXPECT_EQ(cause_of_icmp6(1, 1), cause::admin_prohibited);
  EXPECT_EQ(cause_of_icmp6(3, 0), cause::ttl_exceeded);
  EXPECT_EQ(cause_of_icmp6(2, 0), cause::none);
}

RC_GTEST_PROP(IcmpWire, WhatIsWrittenIsReadBack, (std::uint32_t index, std::uint64_t cookie, std::uint16_t id)) {
  const auto payload = *rc::gen::inRange<std::size_t>(echo_payload_min, echo_payload_max + 1);
  byte_vector p(echo_header + payload);
  write_echo(p.data(), {id, index, cookie}, payload, false);
  RC_ASSERT(internet_checksum(p) == 0);
  p[0] = 0;
  const auto news = read_icmp4_packet(with_ip(sealed(p)), id);
  RC_ASSERT(news.what == sort::reply);
  RC_ASSERT(news.about.index == index && news.about.cookie == cookie);
}

}  // namespace
}  // namespace changtong::wire
