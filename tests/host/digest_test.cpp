#include "daemon/host/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace changtong::host {
namespace {

// The three examples of FIPS 180-4 (its published test vectors).
TEST(Digest, GivesTheStandardsOwnValues) {
  EXPECT_EQ(hex(bytes_of(sha256_of(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(bytes_of(sha256_of("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(bytes_of(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Digest, OfPiecesIsThatOfTheWholeAndTheNextBeginsAnew) {
  sha256 pieces;
  EXPECT_EQ(pieces.add("a").add("").add("bc").finish(), sha256_of("abc"));
  EXPECT_EQ(pieces.add("abc").finish(), sha256_of("abc"));
}

// Test vector #1 of RFC 8439, A.1 (key, nonce and counter zero).
TEST(Digest, IsWidenedByTheStandardsKeyStream) {
  std::array<std::uint8_t, 64> out{};
  widen({}, out);
  EXPECT_EQ(hex({reinterpret_cast<const char*>(out.data()), 16}), "76b8e0ada0f13d90405d6ae55386bd28");
  digest other{};
  other[31] = 1;  // test vector #3 has this key and counter 1, which is the second block
  std::array<std::uint8_t, 128> blocks{};
  widen(other, blocks);
  EXPECT_EQ(hex({reinterpret_cast<const char*>(blocks.data()) + 64, 16}), "3aeb5224ecf849929b9d828db1ced4dd");
}

TEST(Digest, DigitsAreReadAsTheyWereWritten) {
  const std::string bytes("\x00\x7f\xff\x80", 4);
  EXPECT_EQ(hex(bytes), "007fff80");
  EXPECT_EQ(from_hex("007fff80"), bytes);
  for (const char* wrong : {"0", "0G", "AB", " 0", "0x"}) EXPECT_FALSE(from_hex(wrong)) << wrong;
}

TEST(Digest, RandomBytesAreNotTheSameTwice) {
  EXPECT_EQ(random_bytes(16).size(), 16U);
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

TEST(Digest, WhatIsWipedIsGone) {
  std::string secret = "a community";
  wipe(secret.data(), secret.size());
  EXPECT_TRUE(std::ranges::all_of(secret, [](char c) { return c == '\0'; }));
}

}  // namespace
}  // namespace changtong::host
