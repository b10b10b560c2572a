// Targets among each other: parents and causes.
#include "tests/verdict/court.h"

namespace changtong::verdict {
namespace {

const std::vector<fakes::line_spec> town_with_a_village{{.id = "T"}, {.id = "V", .checks = {"icmp"}, .parent = "T"}};

/** V fails at 2, 3 and 4, its parent T answers half a second before each. */
void village_falls_beside_its_parent(court& c) {
  c.good(1, "T/icmp");
  c.good(1, "V/icmp");
  for (const double t : {2, 3, 4}) {
    c.good(t - 0.5, "T/icmp");
    c.bad(t, "V/icmp");
  }
}

TEST(Judge, P09_AChildBehindADeadParentIsDownBecauseOfUpstream) {
  court c(town_with_a_village);
  c.good(1, "T/icmp");
  c.good(1, "V/icmp");
  c.bad(2, "V/icmp");
  EXPECT_TRUE(std::any_of(c.out.wishes.begin(), c.out.wishes.end(), [&](const wish& w) {
    return c.inv->checks[w.check].id == "T/icmp" && w.now && !w.speed;
  })) << "the parent is asked at the child's first bad sample";
  c.bad(2.25, "V/icmp");
  c.bad(2.5, "V/icmp");
  for (const double t : {2.1, 2.6, 2.8}) c.bad(t, "T/icmp");
  EXPECT_THAT(c.said(), Contains("V down 2 (1.000,2]"));
  EXPECT_THAT(c.said(), Contains("V because upstream T"));
  EXPECT_THAT(c.said(), Contains("T because unexplained"));
}

TEST(Judge, TheCauseWaitsTwoSecondsForTheParentAndNoLonger) {
  court c(town_with_a_village);
  village_falls_beside_its_parent(c);
  EXPECT_EQ(c.said().back(), "V down 2 (1.000,2]");
  c.j.advance(at(5.999), c.out);
  EXPECT_THAT(c.said(), testing::Not(Contains("V because unexplained")));
  c.j.advance(at(6), c.out);
  EXPECT_THAT(c.said(), Contains("V because unexplained")) << "two seconds after it was confirmed, to the millisecond";
}

TEST(Judge, AParentThatAnswersIsNotWaitedForAnyLonger) {
  court c(town_with_a_village);
  village_falls_beside_its_parent(c);
  c.j.advance(at(4.3), c.out);
  EXPECT_THAT(c.said(), testing::Not(Contains("V because unexplained")));
  c.good(4.5, "T/icmp");
  c.j.advance(at(4.5), c.out);
  EXPECT_THAT(c.said(), Contains("V because unexplained"));
}

}  // namespace
}  // namespace changtong::verdict
