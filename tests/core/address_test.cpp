#include "daemon/core/address.h"

#include <gtest/gtest.h>

#include <string>

namespace changtong {
namespace {

TEST(Address, AQuadAndALiteralReadBackAsWritten) {
  for (const char* text : {"127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "2001:db8::1", "::ffff:10.0.0.1"}) {
    const auto a = parse_address(text);
    ASSERT_TRUE(a) << text;
    EXPECT_EQ(to_string(*a), text);
  }
}

TEST(Address, ManySpellingsOfOneIpv6AddressAreOneAddress) {
  EXPECT_EQ(parse_address("2001:DB8:0:0:0:0:0:1"), parse_address("2001:db8::1"));
}

TEST(Address, TheSameBytesInTheOtherFamilyAreAnotherAddress) {
  EXPECT_NE(parse_address("0.0.0.0"), parse_address("::"));
}

TEST(Address, WhatIsNoLiteralIsRefused) {
  for (const char* text : {"", " ", "10.0.0", "10.0.0.256", "10.0.0.1 ", "010.0.0.1", "10.0.0.1/24", "fe80::1%eth0",
                           "[::1]", "localhost", "0x7f.1", "1::2::3", "12345::"})
    EXPECT_FALSE(parse_address(text)) << text;
  EXPECT_FALSE(parse_address(std::string_view("127.0.0.1\0x", 11)));
  EXPECT_FALSE(parse_address(std::string(100'000, '1')));
}

TEST(Address, ARefusedQuadLeavesNoBytesInALiteral) {
  const auto a = parse_address("::");
  ASSERT_TRUE(a);
  EXPECT_EQ(a->bytes, ip_address{}.bytes);
}

TEST(Address, AMappedOneIsTheIpv4AddressThatItMeans) {
  const auto plain = [](const char* text) { return to_string(unmapped(parse_address(text).value())); };
  EXPECT_EQ(unmapped(parse_address("::ffff:192.0.2.1").value()), parse_address("192.0.2.1"));
  for (const char* other : {"192.0.2.1", "0.0.255.255", "::", "::1", "::fffe:c000:201", "::1:ffff:c000:201",
                            "64:ff9b::c000:201", "2001:db8::ffff:c000:201"})
    EXPECT_EQ(plain(other), to_string(parse_address(other).value()));
  ip_address v4 = parse_address("0.0.0.0").value();
  v4.bytes[10] = v4.bytes[11] = 0xff;
  EXPECT_EQ(unmapped(v4), v4) << "what stands behind an IPv4 address tells nothing";
}

}  // namespace
}  // namespace changtong
