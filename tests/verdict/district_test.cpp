// Targets among each other: parents, causes, anchors (rule 10).
#include "tests/verdict/court.h"

namespace changtong::verdict {
namespace {

TEST(Judge, P09_AChildBehindADeadParentIsDownBecauseOfUpstream) {
  court c({{.id = "T"}, {.id = "V", .checks = {"icmp"}, .parent = "T"}});
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
  EXPECT_THAT(c.said(), Contains("T because own_line"));
}

TEST(Judge, TheCauseWaitsTwoSecondsForTheParentAndNoLonger) {
  court c({{.id = "T"}, {.id = "V", .checks = {"icmp"}, .parent = "T"}});
  c.good(1, "T/icmp");
  c.good(1, "V/icmp");
  for (const double t : {2, 3, 4}) {
    c.good(t - 0.5, "T/icmp");
    c.bad(t, "V/icmp");
  }
  c.good(4.5, "T/icmp");
  EXPECT_EQ(c.said().back(), "V down 2 (1.000,2]");
  c.j.advance(at(6.5), c.out);
  EXPECT_THAT(c.said(), Contains("V because own_line"));
}

TEST(Judge, AllAnchorsBadAndNobodyGoodMeansOurOwnUplink) {
  court c({{.id = "L1"}, {.id = "anchor-1", .checks = {"icmp"}, .parent = "", .kind = target_kind::anchor}});
  c.good(2);
  c.good(1, "anchor-1/icmp");
  for (const double t : {3.0, 3.2, 3.4}) {
    c.bad(t, "anchor-1/icmp");
    c.bad(t + 0.05);
  }
  c.good(5, "anchor-1/icmp");
  c.good(5);
  for (const std::string& s : c.said()) EXPECT_EQ(s.find("down"), std::string::npos) << s;
  EXPECT_TRUE(std::any_of(c.out.records.begin(), c.out.records.end(), [](const record& r) {
    const auto* t = std::get_if<transition>(&r);
    return t != nullptr && t->why == cause::own_uplink;
  }));
}

TEST(Judge, AnotherLineThatAnswersTakesTheBlameFromOurUplink) {
  court c(
      {{.id = "L1"}, {.id = "L2"}, {.id = "anchor-1", .checks = {"icmp"}, .parent = "", .kind = target_kind::anchor}});
  c.good(1);
  c.good(1, "L2/icmp");
  for (const double t : {3.0, 3.2, 3.4}) {
    c.bad(t, "anchor-1/icmp");
    c.good(t + 0.01, "L2/icmp");
    c.bad(t + 0.05);
  }
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 down 3.05")));
}

}  // namespace
}  // namespace changtong::verdict
