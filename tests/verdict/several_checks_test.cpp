// Several checks of one target: who leads, who is a witness (rule 7).
#include "tests/verdict/court.h"

namespace changtong::verdict {
namespace {

TEST(Judge, AnAgentThatDiesWhilePingAnswersIsNoOutage) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  for (double t = 2; t < 12; t += 1) {
    c.good(t);
    c.bad(t + 0.1, "L1/snmp");
  }
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1"));
}

TEST(Judge, ADeadAgentIsNoWitnessWhenWeCannotPing) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  for (double t = 2; t < 8; t += 1) {
    c.good(t);
    c.bad(t + 0.1, "L1/snmp");
  }
  c.unmeasured(8, cause::own_permission);
  c.bad(8.1, "L1/snmp");
  c.unmeasured(9, cause::own_permission);
  c.bad(9.1, "L1/snmp");
  c.good(10);
  c.good(11);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 unknown 8 own_permission", "L1 up 10"));
  for (const double t : {12, 13, 14}) c.bad(t);
  EXPECT_THAT(c.said(), Contains("L1 down 12 (11.00,12]")) << "a ping that fails is a witness";
}

TEST(Judge, WhereWeMayNeverPingTheAgentAloneDecides) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  for (double t = 1; t < 5; t += 1) {
    c.unmeasured(t, cause::own_permission);
    c.good(t + 0.1, "L1/snmp");
  }
  for (double t = 5; t < 9; t += 1) {
    c.unmeasured(t, cause::own_permission);
    c.bad(t + 0.1, "L1/snmp");
  }
  EXPECT_THAT(c.said(), Contains("L1 down 5.1 (4.100,5.1]"));
}

TEST(Judge, ADeadAgentIsNoWitnessAfterARestartEither) {
  court before({{.id = "L1", .checks = {"icmp", "snmp"}}});
  before.good(1);
  before.good(1, "L1/snmp");
  for (double t = 2; t < 6; t += 1) {
    before.good(t);
    before.bad(t + 0.1, "L1/snmp");
  }
  court after({{.id = "L1", .checks = {"icmp", "snmp"}}});
  after.j.recall({{.target = "L1", .believed = line_state::up}}, {before.j.memory_of(0), before.j.memory_of(1)}, at(6),
                 after.out);
  after.bad(20, "L1/snmp");
  after.bad(20.3, "L1/snmp");
  after.good(20.5);
  after.good(21.5);
  for (const std::string& s : after.said()) EXPECT_EQ(s.find("down"), std::string::npos) << s;
}

// Rule 7 to the letter: until the other check has been asked anew nobody speaks for up, so a lead that alone fails
// costs exactly the time it takes to ask the others.
TEST(Judge, WhenOnlyTheLeadFailsTheTargetIsDownUntilAnotherCheckHasAnswered) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  for (double t = 2; t < 6; t += 1) {
    c.bad(t);
    c.good(t + 0.1, "L1/snmp");
  }
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 down 2 (1.000,2]", "L1 up 2.1 (2.000,2.1]", "L1 because own_line"));
}

TEST(Judge, TheTargetIsDownFromTheFirstInstantAtWhichNoCheckIsGood) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.good(2);
  c.bad(3);
  EXPECT_TRUE(c.wished("L1/snmp", pace::fast)) << "the others are asked at the lead's first bad sample";
  c.bad(3.05, "L1/snmp");
  c.bad(3.25);
  c.bad(3.3, "L1/snmp");
  c.bad(3.5);
  c.bad(3.55, "L1/snmp");
  EXPECT_THAT(c.said(), Contains("L1 down 3 (2.000,3]"));
}

TEST(Judge, WhereOneBadSampleIsEnoughTheOthersAreStillAsked) {
  court c(
      {{.id = "T"}, {.id = "L1", .checks = {"icmp", "snmp"}, .parent = "T", .when = {.down_after = 1, .up_after = 1}}});
  c.good(1, "T/icmp");
  c.good(1);
  c.good(1, "L1/snmp");
  c.good(2);
  c.bad(3);
  EXPECT_TRUE(c.wished("L1/snmp", pace::fast));
  EXPECT_TRUE(std::any_of(c.out.wishes.begin(), c.out.wishes.end(),
                          [&](const wish& w) { return c.inv->checks[w.check].id == "T/icmp" && w.now; }));
  c.bad(3.05, "L1/snmp");
  c.j.advance(at(3.2), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 3 (2.000,3]"));
  c.good(4);
  c.j.advance(at(4.5), c.out);
  EXPECT_EQ(c.said().back(), "L1 up 4 (3.050,4]") << "the last bad sample of any check that spoke for down";
}

TEST(Judge, AnUnconfirmedRunDoesNotCountWhileAnotherCheckIsUp) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.good(2);
  c.bad(2.5, "L1/snmp");  // not the lead: icmp goes on speaking
  c.good(3);
  c.good(3.1, "L1/snmp");
  c.good(4);
  c.good(4.1, "L1/snmp");
  for (const std::string& s : c.said()) EXPECT_EQ(s.find("unconfirmed"), std::string::npos) << s;
}

TEST(Judge, ABadSampleOfTheVeryInstantIsNoOlderThanTheLeaders) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.good(2, "L1/snmp");  // asked at the instant of the leader's first bad sample, told before it
  c.bad(2);
  c.good(3);
  c.j.advance(at(3.2), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1")) << "a question of that instant was sent at or after it";
}

TEST(Judge, AnOlderPendingRunDoesNotSpeakForUpAgainstTheLeader) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.bad(1.8, "L1/snmp");  // a short run: its time counts as up, but it is older than what follows
  for (const double t : {2.0, 2.25, 2.5}) c.bad(t);
  c.good(2.75, "L1/snmp");
  c.j.advance(at(3), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.000,2]"));
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 up 2.75")));
}

TEST(Judge, TheEndOfAnOutageLiesAfterTheLastBadSampleOfAnyCheck) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  for (const double t : {2.0, 2.25, 2.5}) {
    c.bad(t);
    c.bad(t + 0.05, "L1/snmp");
  }
  c.bad(3.5);
  c.bad(3.7, "L1/snmp");
  c.good(4);
  c.good(4.25);
  EXPECT_THAT(c.said(), Contains("L1 up 4 (3.700,4]"));
}

TEST(Judge, ACheckThatWasUpForNoTimeGoesDownAnew) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}, .when = {.down_after = 1, .up_after = 1}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.bad(2);
  c.good(2.1, "L1/snmp");  // icmp alone is no witness any more …
  c.bad(3);
  c.good(3.5, "L1/snmp");
  c.good(4);
  c.bad(4);  // … but up and down again at one instant, it is one
  c.good(4.6, "L1/snmp");
  EXPECT_THAT(c.said(), Contains("L1 down 4"));
}

TEST(Judge, ASilenceAfterAGapIsToldThoughAnotherCheckStillLiesUnderTheGap) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.j.gap_over_all({at(2), wall_max}, cause::monitor_stopped, c.out);
  c.good(10);  // snmp is never asked again: it lies under the open gap for ever
  c.good(11);
  c.good(20);
  c.j.advance(at(20.5), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 up 10", "L1 unknown 12.5 silent", "L1 up 20"));
}

}  // namespace
}  // namespace changtong::verdict
