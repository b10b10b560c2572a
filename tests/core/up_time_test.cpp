#include "daemon/core/up_time.h"

#include <gtest/gtest.h>

namespace changtong::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t turn = 1ULL << 32U, day = 24ULL * 3600 * 100;

TEST(UpTime, CountsOnIsNoRestart) {
  EXPECT_FALSE(restarted(1000, 2000, seconds{10}));
  EXPECT_FALSE(restarted(1000, 1000, seconds{3})) << "a count that is renewed now and then";
  EXPECT_FALSE(restarted(100 * day, 101 * day, hours{24}));
  EXPECT_FALSE(restarted(100 * day, 101 * day - day / 100, hours{24})) << "one percent slow";
}

TEST(UpTime, BeginsAnewIsARestart) {
  EXPECT_TRUE(restarted(100 * day, 500, seconds{10}));
  EXPECT_TRUE(restarted(400 * day, 500, seconds{10})) << "nearer to a jump ahead than to one back on the circle";
  EXPECT_TRUE(restarted(60'000, 2'000, minutes{5}));
}

TEST(UpTime, LargerThanBeforeAndYetBegunAnew) { EXPECT_TRUE(restarted(1000, 30'000, hours{1})); }

TEST(UpTime, TurnAfter497DaysIsNoRestart) {
  EXPECT_FALSE(restarted(turn - 500, 500, seconds{10}));
  EXPECT_FALSE(restarted(turn - 500, 6 * 360'000 - 500, hours{6}));
  EXPECT_FALSE(restarted(turn - 500, turn - 1, seconds{10})) << "slow on the near side of the turn";
  EXPECT_FALSE(restarted(turn - 1100, 100, seconds{10})) << "fast over the turn";
}

TEST(UpTime, RestartNearTheTurnIsSeen) {
  EXPECT_TRUE(restarted(turn - 500, 500, hours{6}));
  EXPECT_TRUE(restarted(turn - 10 * day, 1000, minutes{5}));
}

TEST(UpTime, JumpAheadIsNoRestart) { EXPECT_FALSE(restarted(1000, 50 * day, seconds{10})); }

TEST(UpTime, RanOnIsNeitherBegunAnewNorLeapt) {
  EXPECT_TRUE(ran_on(1000, 2000, seconds{10}));
  EXPECT_TRUE(ran_on(2000, 1000, seconds{-10})) << "told before";
  EXPECT_TRUE(ran_on(turn - 500, 500, seconds{10}));
  EXPECT_TRUE(ran_on(100 * day, 101 * day - day / 100, hours{24})) << "one percent slow";
  EXPECT_FALSE(ran_on(100 * day, 500, seconds{10}));
  EXPECT_FALSE(ran_on(1000, 50 * day, seconds{10}));
  EXPECT_FALSE(ran_on(1000, 2000, hours{1})) << "as it was an hour ago";
}

TEST(UpTime, ClockThatDidNotGoOnIsSurvived) { EXPECT_FALSE(restarted(1000, 1000, nanoseconds{-5})); }

}  // namespace
}  // namespace changtong::test
