// Paths compared, and which of them is the usual one of a line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/world.h"
#include "tests/verdict/court.h"
#include "tests/verdict/paths.h"

namespace changtong::verdict {
namespace {

using where = path_end::where;
using testing::UnorderedElementsAre;

TEST(ComparedPaths, TellWhereTheyPart) {
  const auto usual = path({"10.0.0.1", "10.0.1.1", "10.0.2.1"});
  EXPECT_EQ(compare(usual, {usual, true}).how, where::reached);
  EXPECT_EQ(compare(usual, {usual, false}), (path_end{where::at_last, address("10.0.2.1"), {}}));
  EXPECT_EQ(compare(usual, {path({"10.0.0.1"}), false}),
            (path_end{where::before, address("10.0.0.1"), address("10.0.1.1")}));
  EXPECT_EQ(compare(usual, {{}, false}), (path_end{where::nowhere, {}, address("10.0.0.1")}));
  EXPECT_EQ(compare(usual, {path({"10.0.0.1", "10.9.9.9"}), false}),
            (path_end{where::elsewhere, address("10.9.9.9"), {}}));
}

TEST(ComparedPaths, WhoIsAlwaysSilentProvesNothing) {
  const auto usual = path({"10.0.0.1", "*", "10.0.2.1", "*"});
  EXPECT_EQ(compare(usual, {path({"10.0.0.1"}), false}).next, address("10.0.2.1"));
  EXPECT_EQ(compare(usual, {path({"10.0.0.1", "*", "10.0.2.1"}), false}).how, where::unsure);
  EXPECT_EQ(compare(path({"*", "*"}), {{}, false}).how, where::not_known);
  EXPECT_EQ(compare({}, {{}, false}).how, where::not_known);
}

TEST(UsualPaths, ASilenceKeepsWhatWasKnown) {
  usual_paths p(fakes::district({{.id = "L1"}, {.id = "L2"}}));
  EXPECT_TRUE(p.learn(0, path({"10.0.0.1", "10.0.1.1"}), at(0)));
  EXPECT_FALSE(p.learn(0, path({"*", "10.0.1.1"}), at(0)));
  EXPECT_TRUE(p.learn(1, path({"10.0.0.1", "10.0.1.1"}), at(0)));
  EXPECT_EQ(p.number(0), p.number(1));
  EXPECT_TRUE(p.learn(1, path({"10.0.0.1", "10.0.7.1"}), at(0)));
  EXPECT_NE(p.number(0), p.number(1));
  EXPECT_THAT(p.behind(*address("10.0.0.1")), UnorderedElementsAre(0U, 1U));
  EXPECT_THAT(p.behind(*address("10.0.7.1")), UnorderedElementsAre(1U));
}

TEST(UsualPaths, AHoleIsFilledFromALineBehindTheSameLastRouter) {
  usual_paths p(fakes::district({{.id = "L1"}, {.id = "L2"}}));
  (void)p.learn(0, path({"10.0.0.1", "10.0.1.1"}), at(0));
  (void)p.learn(1, path({"*", "10.0.1.1"}), at(0));
  EXPECT_EQ(p.number(0), p.number(1));
}

TEST(UsualPaths, AreFoundAgainById) {
  usual_paths p(fakes::district({{.id = "L1"}, {.id = "L2"}}));
  (void)p.learn(1, path({"10.0.0.1"}), at(0));
  p.adopt(fakes::district({{.id = "L2"}, {.id = "L9"}}));
  ASSERT_NE(p.of(0), nullptr);
  EXPECT_EQ(p.of(1), nullptr);
  EXPECT_THAT(p.behind(*address("10.0.0.1")), UnorderedElementsAre(0U));
}

TEST(UsualPaths, WhatNobodyHasSeenForLongAndWhatIsNobodysIsGone) {
  usual_paths p(fakes::district({{.id = "L1"}, {.id = "L2"}}));
  const auto hours = [](int n) { return at(3600.0 * n); };
  (void)p.learn(0, path({"10.0.0.1", "10.0.1.1"}), hours(0));
  (void)p.learn(1, path({"10.0.0.1", "10.0.2.1"}), hours(0));
  (void)p.learn(0, path({"10.0.0.1", "10.0.1.1"}), hours(50));
  p.forget(hours(10));
  EXPECT_NE(p.of(0), nullptr);
  EXPECT_EQ(p.of(1), nullptr);
  EXPECT_TRUE(p.behind(*address("10.0.2.1")).empty());
  EXPECT_THAT(p.behind(*address("10.0.0.1")), UnorderedElementsAre(0U));
  for (int n = 0; n < 100; ++n) {  // one that changes with each look
    (void)p.learn(1, path({"10.0.0.1", ("10.0.3." + std::to_string(n)).c_str()}), hours(60 + n));
    p.forget(hours(10));
  }
  EXPECT_EQ(p.size(), 2U);
  EXPECT_EQ(*p.of(1), path({"10.0.0.1", "10.0.3.99"}));
  EXPECT_EQ(*p.of(0), path({"10.0.0.1", "10.0.1.1"}));
  EXPECT_THAT(p.behind(*address("10.0.0.1")), UnorderedElementsAre(0U, 1U));
}

/** Lines behind routers: two carriers, townships with villages. */

}  // namespace
}  // namespace changtong::verdict
