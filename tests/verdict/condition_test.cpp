#include "daemon/verdict/condition.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

namespace changtong::verdict {
namespace {

void take(condition& c, const condition_limits& l, int good, int bad) {
  for (int i = 0; i < bad; ++i) c.take(l, outcome::bad, {});
  for (int i = 0; i < good; ++i) c.take(l, outcome::good, milliseconds{2});
}

TEST(Condition, ALossyLineIsDegradedAndStaysSoUntilTheLossIsHalved) {
  const condition_limits l{.samples = 64, .loss_ratio = 0.1, .rtt = {}};
  condition c;
  take(c, l, 57, 7);
  EXPECT_TRUE(c.degraded());
  take(c, l, 58, 4);  // 4 of 64 and a few old ones: below the limit, above half of it
  EXPECT_TRUE(c.degraded());
  take(c, l, 64, 0);
  EXPECT_FALSE(c.degraded());
}

TEST(Condition, NothingIsJudgedFromAHandfulOfSamples) {
  const condition_limits l;
  condition c;
  take(c, l, 0, 10);
  EXPECT_FALSE(c.degraded());
  EXPECT_FLOAT_EQ(c.loss(), 1);
}

TEST(Condition, OurOwnFailuresAreNoLoss) {
  const condition_limits l;
  condition c;
  for (int i = 0; i < 100; ++i) c.take(l, outcome::not_measured, {});
  EXPECT_LT(c.loss(), 0) << "nothing measured, nothing to say";
}

TEST(Condition, ASlowLineIsDegradedByItsMeanRoundTrip) {
  const condition_limits l{.samples = 16, .loss_ratio = 0.5, .rtt = milliseconds{100}};
  condition c;
  for (int i = 0; i < 100; ++i) c.take(l, outcome::good, milliseconds{150});
  EXPECT_TRUE(c.degraded());
  for (int i = 0; i < 100; ++i) c.take(l, outcome::good, milliseconds{20});
  EXPECT_FALSE(c.degraded());
}

RC_GTEST_PROP(Condition, LossIsWhatASlowCountOfTheLast64Says, (const std::vector<bool>& bads)) {
  const condition_limits l{.samples = 128, .loss_ratio = 0.05, .rtt = {}};
  condition c;
  std::deque<bool> last;
  for (const bool bad : bads) {
    c.take(l, bad ? outcome::bad : outcome::good, milliseconds{1});
    last.push_back(bad);
    if (last.size() > 64) last.pop_front();
  }
  if (last.empty()) return;
  const auto n = static_cast<float>(std::count(last.begin(), last.end(), true));
  RC_ASSERT(std::abs(c.loss() - n / static_cast<float>(last.size())) < 1e-6F);
}

constexpr wall_t at(int seconds) { return wall_from_ms(1'000'000 + seconds * 1000LL); }

TEST(FlapWatch, ManyChangesInAShortTimeAreFlappingUntilItIsQuiet) {
  const condition_limits l{.rtt = {}, .flap_changes = 4, .flap_within = milliseconds{60'000}};
  flap_watch f;
  EXPECT_FALSE(f.changed(l, at(0)));
  EXPECT_FALSE(f.changed(l, at(10)));
  EXPECT_FALSE(f.changed(l, at(20)));
  EXPECT_TRUE(f.changed(l, at(30)));
  EXPECT_TRUE(f.settle(l, at(65)));
  EXPECT_FALSE(f.settle(l, at(81)));
  f.settle(l, at(200));
  EXPECT_TRUE(f.forgotten());
}

TEST(FlapWatch, TheSameChangesSpreadOverADayAreNot) {
  const condition_limits l{.rtt = {}, .flap_changes = 4, .flap_within = milliseconds{60'000}};
  flap_watch f;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(f.changed(l, at(i * 100)));
}

}  // namespace
}  // namespace changtong::verdict
