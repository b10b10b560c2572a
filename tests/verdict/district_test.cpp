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

std::vector<fakes::line_spec> with_anchor(std::vector<fakes::line_spec> lines) {
  lines.push_back({.id = "anchor-1", .checks = {"icmp"}, .parent = "", .kind = target_kind::anchor});
  return lines;
}

TEST(Uplink, SamplesOfARunAreOursOrTheirsOneByOne) {
  court c(with_anchor({{.id = "L1"}, {.id = "L2"}}));
  for (const char* check : {"L1/icmp", "L2/icmp", "anchor-1/icmp"}) c.good(1, check);
  for (const double t : {5.0, 5.25, 5.5}) {
    c.bad(t, "anchor-1/icmp");
    c.bad(t + 0.01);
  }
  c.good(7, "anchor-1/icmp");  // the uplink is back, the line is not
  c.good(7, "L2/icmp");
  for (const double t : {7.5, 7.75, 8.0}) c.bad(t);
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 down 7.5 ("))) << "what was ours began no outage";
  for (const std::string& s : c.said()) EXPECT_NE(s.substr(0, 9), "L1 down 5") << s;
}

TEST(Uplink, AGoodAnswerInTheSameIntervalMakesABadOneTheLines) {
  court c(with_anchor({{.id = "L1"}, {.id = "L2"}}));
  for (const char* check : {"L1/icmp", "L2/icmp", "anchor-1/icmp"}) c.good(1, check);
  for (const double t : {5.0, 5.25, 5.5}) {
    c.bad(t, "anchor-1/icmp");
    c.bad(t + 0.01);
  }
  c.good(5.51, "L2/icmp");  // asked at the very instant of the third bad sample
  c.j.advance(at(6), c.out);
  c.j.review(at(6), c.out);
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 down 5.01 (")));
}

TEST(Uplink, WhatIsKnownAfterwardsChangesNothing) {
  court c(with_anchor({{.id = "L1"}, {.id = "L2"}}));
  for (const char* check : {"L1/icmp", "L2/icmp", "anchor-1/icmp"}) c.good(1, check);
  c.bad(5);
  c.bad(5.25);
  c.bad(5.5, "L2/icmp");
  c.bad(5.5);  // confirms: nobody has heard of the anchor within an interval
  c.j.review(at(5.6), c.out);
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 down 5 (")));
  c.bad(5.7, "anchor-1/icmp");
  c.j.review(at(10), c.out);
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 down 5 (")));
}

TEST(Uplink, OurFaultDoesNotSilenceTheOtherChecksOfALine) {
  court c(with_anchor({{.id = "L1", .checks = {"icmp", "snmp"}}}));
  for (const char* check : {"L1/icmp", "L1/snmp", "anchor-1/icmp"}) c.good(1, check);
  c.bad(1.2, "anchor-1/icmp");
  c.bad(2.5, "anchor-1/icmp");
  c.bad(2.6);  // ours, it turns out: snmp goes on speaking for up until 5.5
  c.bad(3.0, "anchor-1/icmp");
  c.good(4);
  c.good(4.1, "L1/snmp");
  c.j.advance(at(4.2), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1"));
}

TEST(Uplink, EvidenceOutlivesANewInventory) {
  const auto lines = with_anchor({{.id = "L1"}});
  court c(lines);
  c.good(1, "anchor-1/icmp");
  c.good(1);
  c.bad(3.0, "anchor-1/icmp");
  auto more = with_anchor({{.id = "L0"}, {.id = "L1"}});
  const auto next = fakes::district(more);
  c.j.adopt(next, at(3.05), c.out);
  c.inv = next;
  c.bad(3.1);
  c.j.review(at(4.2), c.out);
  c.good(5);
  for (const std::string& s : c.said()) EXPECT_EQ(s.find("unconfirmed"), std::string::npos) << s;
}

}  // namespace
}  // namespace changtong::verdict
