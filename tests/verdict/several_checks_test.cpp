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
  c.bad(14.1, "L1/snmp");
  EXPECT_THAT(c.said(), Contains("L1 down 12 (11.00,12]")) << "a ping that fails is a witness";
}

TEST(Judge, WhereWeMayNeverPingTheAgentAloneDecides) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.j = judge(c.inv, at(0), milliseconds{10'000});  // live: icmp was asked and could not be measured
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

TEST(Judge, OnlyPingFilteredIsNoOutage) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  for (double t = 2; t < 6; t += 1) {
    c.bad(t);
    c.good(t + 0.1, "L1/snmp");
  }
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1")) << "the other answered when it was asked: its word from before stands";
}

TEST(Judge, AQuestionThatTimedOutNeverSpeaksForUp) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");  // would speak until 5.5
  for (double t = 2; t < 9; t += 1) {
    c.bad(t);
    c.bad(t + 0.1, "L1/snmp");
  }
  c.good(9);
  c.good(9.1, "L1/snmp");
  c.good(10);
  c.good(10.1, "L1/snmp");
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.000,2]"));
  EXPECT_THAT(c.said(), Contains("L1 up 9 (8.100,9]"));
}

TEST(Judge, AWordFromBeforeTheDoubtEndsWhereTheOutageIsOverBeforeItsCheckAnswersAgain) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}, .when = {.down_after = 2, .up_after = 1}}});
  c.good(1);
  c.good(1.9, "L1/snmp");
  c.bad(2);
  c.bad(2.5);
  c.good(3);               // the outage is over …
  c.good(3.2, "L1/snmp");  // … before the other has answered: this answer says nothing of it
  c.j.advance(at(3.5), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.900,2]"));
  EXPECT_THAT(c.said(), Contains("L1 up 3 (2.500,3]"));
}

TEST(Judge, TheOtherChecksAnswerIsAwaitedBeforeAnOutageIsSaid) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  for (const double t : {2.0, 2.25, 2.5}) c.bad(t);
  c.j.advance(at(2.6), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1")) << "it may still speak for up";
  c.bad(2.02, "L1/snmp");
}

TEST(Judge, ALiveMonitorDoesNotWaitForEverForACheckThatCannotBeAsked) {
  court patient({{.id = "L1", .checks = {"icmp", "snmp"}}});
  court live({{.id = "L1", .checks = {"icmp", "snmp"}}});
  live.j = judge(live.inv, at(0), milliseconds{10'000});
  for (court* c : {&patient, &live}) {
    c->good(1);
    c->good(1, "L1/snmp");
    for (double t = 2; t < 5; t += 1) {
      c->bad(t);
      c->unmeasured(t + 0.05, cause::own_descriptors, "L1/snmp");
    }
    c->j.advance(at(5.5), c->out);
  }
  EXPECT_THAT(patient.said(), ElementsAre("L1 up 1")) << "its next measured sample may still come";
  EXPECT_THAT(live.said(), Contains("L1 down 2 (1.000,2]")) << "it was asked and could not be measured";
}

TEST(Judge, ALiveMonitorWaitsTenSecondsForACheckThatIsNotHeardOfAtAll) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.j = judge(c.inv, at(0), milliseconds{10'000});
  c.good(1);
  c.good(1, "L1/snmp");
  for (double t = 2; t < 12; t += 1) c.bad(t);
  c.out.now = at(11.9);
  c.j.advance(at(11.9), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1"));
  c.out.now = at(12.1);
  c.j.advance(at(12.05), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.000,2]"));
}

/** L1 is down by its pings since 2; a reload at 6 gives it an agent too, which answers. */
court down_and_then_with_an_agent() {
  court c({{.id = "L1"}});
  c.good(1);
  for (double t = 2; t < 6; t += 1) c.bad(t);
  const auto more = fakes::district({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.j.adopt(more, at(6), c.out);
  c.inv = more;
  c.good(6.5, "L1/snmp");
  return c;
}

TEST(Judge, ACheckThatAReloadAddsTakesNoOutageBack) {
  court c = down_and_then_with_an_agent();
  c.bad(7);
  c.good(7.5, "L1/snmp");
  c.j.advance(at(8), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.000,2]"));
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 up 6.5")));
}

TEST(Judge, ADoubtThatBeganBeforeAReloadDoubtsTheCheckThatItAdds) {
  court c = down_and_then_with_an_agent();
  c.bad(7);
  c.bad(7.5, "L1/snmp");  // a short run inside the doubt speaks for nothing
  c.bad(8);
  c.good(8.5, "L1/snmp");
  c.bad(9);
  c.j.advance(at(9.2), c.out);
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 unknown 7.5")));
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 up 8.5")));
}

TEST(Judge, ACheckThatAReloadTakesAwayFallsSilentThere) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}, .when = {.interval = milliseconds{10'000}}}});
  c.good(1);
  const auto less = fakes::district({{.id = "L1", .checks = {"snmp"}, .when = {.interval = milliseconds{10'000}}}});
  c.j.adopt(less, at(5), c.out);
  c.inv = less;
  c.good(20, "L1/snmp");
  c.j.advance(at(21), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 unknown 5 not_started", "L1 up 20"));
}

TEST(Judge, OfTheLastGoodSamplesOfTwoChecksAtOneInstantTheSlowerCountsAlsoWhenBothAreGone) {
  court c({{.id = "L1", .checks = {"icmp", "tcp"}}});
  c.sample_of("L1/icmp", 1, outcome::good, cause::none, 0.4);
  c.sample_of("L1/tcp", 1, outcome::good, cause::none, 3);
  const auto other = fakes::district({{.id = "L1", .checks = {"snmp"}}});
  c.j.adopt(other, at(1.2), c.out);
  c.inv = other;
  for (const double t : {1.5, 1.75, 2.0}) c.bad(t, "L1/snmp");
  c.j.advance(at(2.1), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 1.5 (1.000,1.504]"));
}

TEST(Judge, OfTheGoodSamplesOfOneCheckAtOneInstantTheLastIsTheLastBeforeTheOutage) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.bad(0.9, "L1/snmp");  // all is decided at once, with snmp's third
  c.sample_of("L1/icmp", 1, outcome::good, cause::none, 80);
  c.sample_of("L1/icmp", 1, outcome::good, cause::none, 3);
  for (const double t : {1.1, 1.35, 1.6}) c.bad(t);
  for (const double t : {1.7, 1.8}) c.bad(t, "L1/snmp");
  c.j.advance(at(1.9), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 1.1 (1.000,1.104]"));
}

TEST(Judge, ASampleThatWasOursEndsAPendingBadRun) {
  court c({{.id = "L1"}});
  c.good(1);
  c.bad(2);
  c.bad(2.25);
  c.unmeasured(2.5, cause::own_uplink);
  EXPECT_THAT(c.said(), Contains("L1 unconfirmed 2 x2"));
  EXPECT_TRUE(c.wished("L1/icmp", pace::fast));
  c.out.wishes.clear();
  c.bad(2.75);
  c.bad(3);
  c.j.advance(at(3.1), c.out);
  for (const std::string& s : c.said()) EXPECT_EQ(s.find("down"), std::string::npos) << s;
  c.good(3.25);
  EXPECT_TRUE(c.wished("L1/icmp", pace::usual));
}

TEST(Judge, WhenASampleWasOursTheOtherChecksAreAskedAtOnce) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.unmeasured(2, cause::own_uplink);
  EXPECT_TRUE(c.wished("L1/snmp", pace::fast)) << "its word of 1 must not speak through our own cut";
  c.unmeasured(2.1, cause::own_uplink, "L1/snmp");
  c.out.wishes.clear();
  c.good(3);
  EXPECT_FALSE(c.wished("L1/icmp", pace::usual)) << "snmp has not been measured yet";
  c.good(3.1, "L1/snmp");
  EXPECT_TRUE(c.wished("L1/icmp", pace::usual));
  EXPECT_TRUE(c.wished("L1/snmp", pace::usual));
}

TEST(Judge, AnOutageBehindOurOwnSilenceSaysSo) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2.0, 2.25, 2.5})
    c.j.take({.check = 0,
              .what = outcome::bad,
              .why = cause::timeout,
              .at = at(t),
              .after_own_uplink = true,
              .interval = milliseconds{1000}},
             c.out);
  const auto* down = std::get_if<transition>(&c.out.records.back());
  for (const record& r : c.out.records)
    if (const auto* t = std::get_if<transition>(&r); t != nullptr && t->to == line_state::down) down = t;
  ASSERT_NE(down, nullptr);
  EXPECT_TRUE(down->after_own_uplink);
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
  EXPECT_EQ(c.said().back(), "L1 up 4 (3.000,4]") << "snmp's outage is void: icmp answered first after its beginning";
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
  c.j = judge(c.inv, at(0), milliseconds{10'000});
  c.good(1);
  c.good(1, "L1/snmp");
  c.bad(1.8, "L1/snmp");  // a short run: its time counts as up, but it is older than what follows
  for (const double t : {2.0, 2.25, 2.5}) c.bad(t);
  c.good(2.75, "L1/snmp");
  c.j.advance(at(3), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 unknown 2 timeout", "L1 up 2.75"))
      << "nobody speaks for up until snmp answers, and then the leader's outage is none";
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
  c.bad(4.6, "L1/snmp");
  EXPECT_THAT(c.said(), Contains(testing::StartsWith("L1 down 4")));
}

TEST(Judge, AnOutageOfNoLengthIsNoLastBadSampleBeforeTheEnd) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}, .when = {.down_after = 1, .up_after = 1}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.unmeasured(1.5, cause::own_buffers, "L1/snmp");
  for (double t = 2; t < 10; t += 1) c.bad(t);
  c.bad(10, "L1/snmp");  // down and up again at one instant
  c.good(10, "L1/snmp");
  c.bad(10.5);
  c.j.advance(at(10.6), c.out);
  EXPECT_THAT(c.said(), Contains("L1 up 10 (9.000,10]"));
}

/** icmp and snmp go down together; icmp answers at 3 and is bad again at that very instant; snmp answers at 3.4. */
court both_down_and_one_again() {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}, .when = {.down_after = 1, .up_after = 1}}});
  c.good(1);
  c.good(1, "L1/snmp");
  c.bad(2);
  c.bad(2.1, "L1/snmp");
  c.bad(2.2);
  c.good(3);
  c.bad(3);  // no testimony: snmp's next answer is good
  return c;
}

TEST(Judge, AnOutageThatIsNoTestimonyTakesNothingFromTheOneBeforeIt) {
  court c = both_down_and_one_again();
  c.good(3.4, "L1/snmp");
  c.j.advance(at(3.6), c.out);
  EXPECT_THAT(c.said(), Contains("L1 up 3.4 (2.200,3.4]")) << "icmp testified until 3, so its bad sample at 2.2 counts";
}

TEST(Judge, AnOutageWithoutTimeThatIsNoTestimonyHasNoLastBadSample) {
  court c = both_down_and_one_again();
  c.unmeasured(3, cause::own_descriptors);  // so that the bad sample of 3 speaks for no time
  c.good(3.4, "L1/snmp");
  c.j.advance(at(3.6), c.out);
  EXPECT_THAT(c.said(), Contains("L1 up 3.4 (2.200,3.4]"));
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
