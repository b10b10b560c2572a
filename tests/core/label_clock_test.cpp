#include "daemon/core/label_clock.h"

#include <gtest/gtest.h>
#include <sys/timex.h>

#include <array>

namespace changtong {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/** A monotonic clock that never errs, and a wall clock that somebody sets. */
struct two_clocks {
  mono_t mono{seconds{5000}};
  wall_t wall = wall_from_ms(1'772'323'200'000);
  label_clock labels{mono, wall};

  std::optional<label_clock::step> pass(nanoseconds by, clock_trust trust) {
    mono += by;
    wall += std::chrono::duration_cast<milliseconds>(by);
    return labels.compare(mono, wall, trust);
  }
  /** A second at a time; the first step that is adopted. */
  std::optional<label_clock::step> live(minutes length, clock_trust trust) {
    for (seconds s{0}; s < length; ++s)
      if (const auto step = pass(seconds{1}, trust); step && step->adopted) return step;
    return std::nullopt;
  }
  /** Ten minutes of yes begin now: nine are not enough, two more are. */
  bool waits_anew() {
    return !live(minutes{9}, clock_trust::synchronised) && live(minutes{2}, clock_trust::synchronised).has_value();
  }
  [[nodiscard]] milliseconds off() const { return wall - labels.label(mono); }
};

TEST(LabelClock, NoAnswerOfTheKernelIsNotKnownAndNeverAYes) {
  EXPECT_EQ(kernel_trust(-1), clock_trust::not_known);
  EXPECT_EQ(kernel_trust(TIME_ERROR), clock_trust::unsynchronised);
  for (const int said : {TIME_OK, TIME_INS, TIME_DEL, TIME_OOP, TIME_WAIT})
    EXPECT_EQ(kernel_trust(said), clock_trust::synchronised) << said;
}

TEST(LabelClock, AStepOfFiveMinutesIsAdoptedWhateverTheKernelSays) {
  for (const clock_trust trust : {clock_trust::not_known, clock_trust::unsynchronised, clock_trust::synchronised}) {
    for (const milliseconds by : {milliseconds{1500}, milliseconds{-300'000}, milliseconds{300'000}}) {
      two_clocks c;
      c.wall += by;
      const auto step = c.pass(seconds{1}, trust);
      ASSERT_TRUE(step && step->adopted);
      EXPECT_EQ(step->by, by);
      EXPECT_EQ(c.off(), milliseconds{0});
    }
  }
}

TEST(LabelClock, ALargeStepIsNeverAdoptedOnAnAnswerThatIsNoYes) {
  for (const clock_trust trust : {clock_trust::not_known, clock_trust::unsynchronised}) {
    for (const milliseconds by : {milliseconds{hours{24}}, milliseconds{hours{-24}}, milliseconds{300'001}}) {
      two_clocks c;
      EXPECT_FALSE(c.live(minutes{20}, trust));
      c.wall += by;
      const auto told = c.pass(seconds{1}, trust);
      ASSERT_TRUE(told);
      EXPECT_FALSE(told->adopted);
      EXPECT_FALSE(c.live(minutes{2000}, trust));
      EXPECT_EQ(c.off(), by);
    }
  }
}

TEST(LabelClock, ALargeStepIsAdoptedAfterTenMinutesOfYes) {
  two_clocks c;
  c.wall += hours{24};
  EXPECT_FALSE(c.live(minutes{10}, clock_trust::synchronised));
  const auto step = c.pass(seconds{1}, clock_trust::synchronised);
  ASSERT_TRUE(step && step->adopted);
  EXPECT_EQ(step->by, hours{24});
  EXPECT_EQ(c.off(), milliseconds{0});
}

TEST(LabelClock, WhatWasSaidBeforeAStepIsNoWordForTheTimeAfterIt) {
  two_clocks c;
  EXPECT_FALSE(c.live(minutes{60}, clock_trust::synchronised));
  c.wall += hours{24};
  EXPECT_FALSE(c.live(minutes{9}, clock_trust::synchronised));
  c.wall += hours{24};  // another one while the first waits
  const auto told = c.pass(seconds{1}, clock_trust::synchronised);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->by, hours{48});
  EXPECT_TRUE(c.waits_anew());
}

TEST(LabelClock, OneAnswerThatIsNoYesBeginsTheTenMinutesAnew) {
  for (const clock_trust other : {clock_trust::not_known, clock_trust::unsynchronised}) {
    two_clocks c;
    c.wall += hours{24};
    EXPECT_FALSE(c.live(minutes{9}, clock_trust::synchronised));
    EXPECT_FALSE(c.pass(seconds{1}, other));
    EXPECT_TRUE(c.waits_anew());
  }
}

TEST(LabelClock, TimeInWhichNobodyAskedIsNoYes) {
  two_clocks c;
  c.wall += hours{24};
  EXPECT_FALSE(c.live(minutes{1}, clock_trust::synchronised));
  EXPECT_FALSE(c.pass(minutes{30}, clock_trust::synchronised)) << "the daemon stood still";
  EXPECT_TRUE(c.waits_anew());
}

TEST(LabelClock, ALargeStepIsToldOnceAndForgottenWhenItIsTakenBack) {
  two_clocks c;
  c.wall += hours{1};
  EXPECT_TRUE(c.pass(seconds{1}, clock_trust::not_known));
  for (int n = 0; n < 100; ++n) EXPECT_FALSE(c.pass(seconds{1}, clock_trust::not_known));
  c.wall -= hours{1};
  EXPECT_FALSE(c.pass(seconds{1}, clock_trust::not_known));
  EXPECT_EQ(c.off(), milliseconds{0});
  c.wall += hours{1};
  EXPECT_TRUE(c.pass(seconds{1}, clock_trust::not_known)) << "it is a new one";
}

TEST(LabelClock, APersonConfirmsTheStepThatWaitsAndNoLaterOne) {
  two_clocks c;
  EXPECT_FALSE(c.pass(seconds{1}, clock_trust::confirmed)) << "nothing waits";
  c.wall += hours{24};
  EXPECT_FALSE(c.live(minutes{30}, clock_trust::not_known));
  const auto step = c.pass(seconds{1}, clock_trust::confirmed);
  ASSERT_TRUE(step && step->adopted);
  EXPECT_EQ(step->by, hours{24});
  c.wall += hours{24};
  EXPECT_FALSE(c.live(minutes{30}, clock_trust::not_known));
  EXPECT_EQ(c.off(), hours{24});
}

}  // namespace
}  // namespace changtong
