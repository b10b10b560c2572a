#include "collectors/net/strays.h"

#include <gtest/gtest.h>

namespace changtong::net {
namespace {

const ip_address here = parse_address("127.0.0.1").value(), there = parse_address("2001:db8::1").value();
constexpr mono_t noon{std::chrono::hours{12}};

TEST(Strays, TheLatestFromAnAddressAndPortIsRemembered) {
  strays s;
  EXPECT_FALSE(s.from(here, 161, noon));
  s.note(here, 161, noon, cause::protocol);
  s.note(here, 161, noon + milliseconds{5}, cause::other_question);
  EXPECT_EQ(s.from(here, 161, noon), cause::other_question);
  EXPECT_FALSE(s.from(here, 162, noon));
  EXPECT_FALSE(s.from(there, 161, noon));
}

TEST(Strays, OneFromBeforeTheQuestionSaysNothing) {
  strays s;
  s.note(there, 161, noon, cause::protocol);
  EXPECT_TRUE(s.from(there, 161, noon + std::chrono::microseconds{300})) << "the clocks are not that exact";
  EXPECT_FALSE(s.from(there, 161, noon + milliseconds{2}));
}

TEST(Strays, AFloodOfSendersTakesNoMoreMemoryAndNoWrongWord) {
  strays s;
  ip_address a;
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    a.bytes = {static_cast<std::uint8_t>(i >> 16U), static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i),
               1};
    s.note(a, 161, noon, cause::protocol);
  }
  EXPECT_FALSE(s.from(here, 161, noon));
  EXPECT_EQ(s.from(a, 161, noon), cause::protocol);
}

}  // namespace
}  // namespace changtong::net
