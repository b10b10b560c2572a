#include "collectors/net/clock.h"

#include <gtest/gtest.h>

namespace changtong::net {
namespace {

TEST(RoundTrip, IsTheKernelsWhereTheClockStoodStill) {
  const mono_t now = mono_now();
  EXPECT_EQ(round_trip(now - milliseconds{9}, now - milliseconds{4}), milliseconds{5});
}

TEST(RoundTrip, IsNeverLongerThanWeWaitedHoweverTheWallClockWasSet) {
  const mono_t sent = mono_now();
  for (const auto step : {std::chrono::seconds{-60}, std::chrono::seconds{60}}) {
    const nanoseconds seen = round_trip(sent, sent + milliseconds{1} + step);
    EXPECT_GE(seen.count(), 0);
    EXPECT_LE(seen, mono_now() - sent);
  }
}

}  // namespace
}  // namespace changtong::net
