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

}  // namespace
}  // namespace changtong
