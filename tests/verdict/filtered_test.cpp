// One kind of question that is not answered while another is.
#include "daemon/verdict/filtered.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/world.h"
#include "tests/verdict/court.h"

namespace changtong::verdict {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/** A line that is asked by ping and by another kind, the one right after the other. */
struct Filtered : testing::Test {
  std::shared_ptr<const inventory> inv = fakes::district({{.id = "L1", .checks = {"icmp", "tcp"}}, {.id = "L2"}});
  filtered f{inv};
  line_state state = line_state::up;
  std::vector<std::string> said;

  void answer(check_index c, double s, bool good) {
    sample one;
    one.check = c, one.at = at(s), one.what = good ? outcome::good : outcome::bad;
    for (const silent_kind& found : f.take(one, [this](target_index) { return state; }))
      said.push_back((found.ended ? "ended " : "began ") + std::to_string(ms_of(found.began) - ms_of(at(0))) + " " +
                     found.observed);
  }
  void ask(double from, double to, bool ping, bool tcp) {
    for (double s = from; s < to; s += 1) answer(0, s, ping), answer(1, s + 0.1, tcp);
  }
};

TEST_F(Filtered, OneKindThatIsSilentBesideAnotherThatAnswersIsSaidOnceAndItsEndToo) {
  ask(0, 5, true, true);
  ask(5, 100, false, true);
  EXPECT_TRUE(f.holds(0));
  EXPECT_THAT(said, ElementsAre("began 5000 icmp 无应答，tcp 有应答，不计为中断"));
  answer(0, 100, true);
  EXPECT_TRUE(f.holds(0)) << "one answer is a chance";
  ask(101, 110, true, true);
  EXPECT_FALSE(f.holds(0));
  EXPECT_EQ(said.back(), "ended 5000 icmp 恢复应答，此前 95 秒仅 tcp 等其他方式有应答");
  EXPECT_EQ(said.size(), 2U);
}

TEST_F(Filtered, AnOutageIsNone) {
  ask(0, 5, true, true);
  answer(1, 5.05, true);
  ask(5.1, 60, false, false);
  ask(60, 62, false, true);  // it comes back one kind after the other
  ask(62, 70, true, true);
  EXPECT_FALSE(f.holds(0));
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(Filtered, ALineThatIsNotUpIsNone) {
  state = line_state::unknown;
  ask(0, 60, false, true);
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(Filtered, LossIsNone) {
  for (double s = 0; s < 100; s += 3) ask(s, s + 2, false, true), ask(s + 2, s + 3, true, true);
  EXPECT_FALSE(f.holds(0));
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(Filtered, OneKindAloneIsNone) {
  for (double s = 0; s < 60; s += 1) answer(2, s, false);
  EXPECT_FALSE(f.holds(1));
}

TEST_F(Filtered, WhatComesAndGoesIsSaidOnceAnHour) {
  for (double s = 0; s < 3000; s += 100) ask(s, s + 50, false, true), ask(s + 50, s + 100, true, true);
  EXPECT_EQ(said.size(), 2U);
  ask(3600, 3700, false, true);
  EXPECT_EQ(said.size(), 3U);
}

TEST_F(Filtered, ANewInventoryKeepsWhatIsSilent) {
  ask(0, 50, false, true);
  ASSERT_TRUE(f.holds(0));
  f.adopt(fakes::district({{.id = "X"}, {.id = "L1", .checks = {"icmp", "tcp"}}}));
  EXPECT_TRUE(f.holds(1));
  f.adopt(fakes::district({{.id = "L1", .checks = {"icmp"}}}));
  EXPECT_FALSE(f.holds(0)) << "nothing else is asked any more";
}

/** Two of three are silent: both are said, by the one answer that shows it. */
TEST_F(Filtered, SeveralKindsThatAreSilentAreEachSaid) {
  inv = fakes::district({{.id = "L1", .checks = {"icmp", "tcp", "dns"}}});
  f = filtered(inv);
  for (double s = 0; s < 20; s += 1) answer(0, s, true), answer(1, s + 0.1, false), answer(2, s + 0.2, false);
  EXPECT_THAT(said, ElementsAre("began 100 tcp 无应答，icmp 有应答，不计为中断",
                                "began 200 dns 无应答，icmp 有应答，不计为中断"));
}

/** It came and went within the hour, so its return is not said at once; but one that stays is. */
TEST_F(Filtered, OneThatCameBackAndStaysIsSaidWithinTheHour) {
  ask(0, 60, true, false);
  ask(60, 90, true, true);
  ask(90, 120, true, false);
  EXPECT_EQ(said.size(), 2U) << "once, and its end";
  EXPECT_TRUE(f.holds(0));
  ask(120, 3'700, true, false);
  EXPECT_EQ(said.size(), 3U);
  EXPECT_EQ(said.back().substr(0, 11), "began 90100");
}

}  // namespace
}  // namespace changtong::verdict
