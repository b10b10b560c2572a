// How a path is found, with networks made of a list of answers and a clock made of a number.
#include "collectors/net/path_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace changtong::net {
namespace {

using testing::ElementsAre;
using word = path_search::word;

ip_address router(int n) { return *parse_address("10.0.0." + std::to_string(n)); }
mono_t at(int ms) { return mono_t{milliseconds{ms}}; }

/** Routers 1..n, then the address, unless it is cut; some never answer. */
struct network {
  unsigned length = 3;      ///< steps to the address
  unsigned cut_after = 30;  ///< routers that are reached
  std::vector<unsigned> mute{};
  unsigned no_way = 0;  ///< the router that says so, of all that lies behind it

  /** Answers within the same millisecond. Returns how many were asked. */
  std::size_t run(path_search& s, int until_ms, int from_ms = 0) const {
    std::size_t asked = 0;
    for (int ms = from_ms; ms <= until_ms && !s.done(at(ms)); ms += 10) {
      std::vector<std::uint8_t> steps;
      s.due(at(ms), 100, steps);
      asked += steps.size();
      for (const std::uint8_t step : steps) answer(s, step);
    }
    return asked;
  }

 private:
  void answer(path_search& s, unsigned step) const {
    if (std::ranges::find(mute, step) != mute.end()) return;
    if (no_way != 0 && step > no_way) return s.heard(step, router(static_cast<int>(no_way)), word::no_way);
    if (step > cut_after) return;
    if (step >= length)
      s.heard(step, router(99), word::arrived);
    else
      s.heard(step, router(static_cast<int>(step)), word::passed);
  }
};

TEST(PathSearch, AShortPathTakesOneBurst) {
  path_search s;
  EXPECT_EQ(network{}.run(s, 0), 6U);
  EXPECT_TRUE(s.done(at(0)));
  EXPECT_EQ(s.path(), (seen_path{{router(1), router(2)}, true}));
}

TEST(PathSearch, AnAddressNextToUsHasNoRouters) {
  path_search s;
  network{.length = 1}.run(s, 0);
  EXPECT_EQ(s.path(), (seen_path{{}, true}));
}

TEST(PathSearch, ALongPathTakesSeveral) {
  path_search s;
  network{.length = 15}.run(s, 20'000);
  EXPECT_TRUE(s.path().reached);
  EXPECT_EQ(s.path().hops.size(), 14U);
}

TEST(PathSearch, ItNeverAsksFartherThanThirty) {
  path_search s;
  network{.length = 100}.run(s, 60'000);
  EXPECT_TRUE(s.done(at(60'000)));
  EXPECT_EQ(s.path().hops.size(), 30U);
  EXPECT_FALSE(s.path().reached);
}

TEST(PathSearch, ARouterThatNeverAnswersIsAHoleInAPathThatIsReached) {
  path_search s;
  network{.length = 4, .mute = {2}}.run(s, 5'000);
  EXPECT_TRUE(s.done(at(5'000)));
  EXPECT_EQ(s.path(), (seen_path{{router(1), std::nullopt, router(3)}, true}));
}

TEST(PathSearch, ACutPathEndsWithTheLastThatAnswered) {
  path_search s(5);
  network{.length = 5, .cut_after = 2}.run(s, 1'500);
  EXPECT_TRUE(s.done(at(1'500))) << "two tries of 700 ms";
  EXPECT_EQ(s.path(), (seen_path{{router(1), router(2)}, false}));
}

TEST(PathSearch, WhereNobodyAnswersItGivesUp) {
  path_search s;
  const std::size_t asked = network{.cut_after = 0}.run(s, 10'000);
  EXPECT_TRUE(s.done(at(10'000)));
  EXPECT_EQ(asked, 7U) << "the first one twice, all that nobody knows of once";
  EXPECT_EQ(s.path(), (seen_path{{}, false}));
}

TEST(PathSearch, AKnownStepThatIsSilentIsAskedTwice) {
  path_search s(3);
  std::vector<std::uint8_t> steps;
  s.due(at(0), 100, steps);
  EXPECT_THAT(steps, ElementsAre(1, 2, 3, 4, 5, 6));
  s.heard(1, router(1), word::passed);
  s.heard(3, router(99), word::arrived);
  steps.clear();
  s.due(at(699), 100, steps);
  EXPECT_TRUE(steps.empty());
  s.due(at(700), 100, steps);
  EXPECT_THAT(steps, ElementsAre(2));
  s.heard(2, router(2), word::passed);
  EXPECT_TRUE(s.done(at(700)));
}

TEST(PathSearch, ARouterThatKnowsNoWayEndsItOnceWhateverItSays) {
  path_search s(5);
  network{.length = 5, .no_way = 2}.run(s, 5'000);
  EXPECT_TRUE(s.done(at(5'000)));
  EXPECT_EQ(s.path(), (seen_path{{router(1), router(2)}, false}));
}

TEST(PathSearch, WhatNobodyAskedIsNotTaken) {
  path_search s;
  s.heard(0, router(1), word::passed);
  s.heard(31, router(1), word::arrived);
  s.heard(2, router(1), word::arrived);
  EXPECT_EQ(s.path(), (seen_path{{}, false}));
}

TEST(PathSearch, TheAllowanceIsKept) {
  path_search s;
  std::vector<std::uint8_t> steps;
  s.due(at(0), 2, steps);
  EXPECT_THAT(steps, ElementsAre(1, 2));
  EXPECT_FALSE(s.done(at(10'000))) << "what was never asked is not silent";
}

}  // namespace
}  // namespace changtong::net
