#include "daemon/publish/http/flight.h"

#include <gtest/gtest.h>

namespace changtong::http {
namespace {

constexpr std::int64_t mib = 1 << 20;

struct Flight : testing::Test {
  std::atomic<std::int64_t> shown{0};
  flight sky{64 * mib, shown};
  const peer_group near{.name = "127.0.0.1", .loopback = true}, far{.name = "192.0.2.1", .loopback = false},
      farther{.name = "192.0.2.2", .loopback = false};
};

TEST_F(Flight, TakesNoMoreThanItMayUntilSomethingHasLanded) {
  flight::load first, second, third;
  EXPECT_TRUE(sky.takes(near, 40 * mib, first));
  EXPECT_FALSE(sky.takes(near, 25 * mib, second));
  EXPECT_TRUE(sky.takes(near, 24 * mib, second));
  EXPECT_EQ(shown, 64 * mib);
  first = {};
  EXPECT_EQ(shown, 24 * mib);
  EXPECT_TRUE(sky.takes(near, 40 * mib, third));
}

TEST_F(Flight, ALongAnswerGoesAlone) {
  flight::load one, other;
  EXPECT_TRUE(sky.takes(far, 500 * mib, one));
  EXPECT_FALSE(sky.takes(near, 1 * mib, other));
  one = {};
  EXPECT_TRUE(sky.takes(near, 1 * mib, other));
}

TEST_F(Flight, WhatIsSmallIsNotCounted) {
  flight::load all, small;
  EXPECT_TRUE(sky.takes(near, 64 * mib, all));
  EXPECT_TRUE(sky.takes(far, flight::small, small));
  EXPECT_EQ(shown, 64 * mib);
}

TEST_F(Flight, OneAddressLeavesHalfOfItToOthers) {
  flight::load a, b, c;
  EXPECT_TRUE(sky.takes(far, 30 * mib, a));
  EXPECT_FALSE(sky.takes(far, 3 * mib, b));
  EXPECT_TRUE(sky.takes(farther, 30 * mib, c));
}

TEST_F(Flight, EndsEmpty) {
  {
    flight::load a, b;
    EXPECT_TRUE(sky.takes(far, 2 * mib, a));
    EXPECT_TRUE(sky.takes(near, 2 * mib, b));
    b = std::move(a);  // what b held has landed only when the one it was exchanged with ends
  }
  EXPECT_EQ(shown, 0);
}

}  // namespace
}  // namespace changtong::http
