// One check: runs, silence, gaps, clock steps, reloads, pace (rules 1 to 6).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/verdict/court.h"

namespace changtong::verdict {
namespace {

TEST(Judge, ATargetBeginsAsUpWithItsFirstMeasuredSample) {
  court c({{.id = "L1"}});
  c.unmeasured(0.5, cause::own_permission);
  c.good(1);
  c.good(2);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1"));
}

TEST(Judge, P03_AnOutageBeginsAtTheFirstBadSampleOfTheConfirmedRun) {
  court c({{.id = "L1"}});
  c.good(1);
  c.bad(2);
  c.bad(2.25);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1")) << "two bad samples of three confirm nothing";
  c.bad(2.5);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 down 2 (1.000,2]", "L1 because unexplained"));
}

TEST(Judge, P04_AShortBadRunIsUnconfirmedAndStaysUp) {
  court c({{.id = "L1"}});
  c.good(1);
  c.bad(2);
  c.bad(3);
  c.good(4);
  c.good(5);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 unconfirmed 2 x2"));
}

TEST(Judge, AnOutageEndsAtTheFirstGoodSampleOfTheConfirmingRun) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2, 3, 4, 5}) c.bad(t);
  c.good(6);
  c.good(7);
  c.good(8);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 down 2 (1.000,2]", "L1 because unexplained", "L1 up 6 (5.000,6]"));
}

TEST(Judge, AShortGoodRunInsideAnOutageIsDown) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2, 3, 4}) c.bad(t);
  c.good(5);
  c.bad(6);
  c.good(7);
  c.good(8);
  EXPECT_EQ(c.said().back(), "L1 up 7 (6.000,7]");
  EXPECT_EQ(c.said().size(), 4U);
}

TEST(Judge, TheRoundTripWidensTheLaterEndOfABracket) {
  court c({{.id = "L1"}});
  c.sample_of("L1/icmp", 1, outcome::good, cause::none, 40.2);
  for (const double t : {2, 3, 4}) c.bad(t);
  c.sample_of("L1/icmp", 5, outcome::good, cause::none, 30);
  c.sample_of("L1/icmp", 6, outcome::good, cause::none, 1);
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.000,2.041]"));
  EXPECT_THAT(c.said(), Contains("L1 up 5 (4.000,5.031]"));
}

TEST(Judge, OurOwnFailuresNeverCountAndNeverReset) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2, 3, 4, 5, 6, 7, 8}) c.unmeasured(t, cause::own_permission);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 unknown 2 own_permission"));
  c.bad(9);
  c.unmeasured(10, cause::late);
  c.bad(11);
  c.unmeasured(12, cause::late);
  c.bad(13);
  EXPECT_THAT(c.said(), Contains("L1 down 9 (1.000,9]"));
  EXPECT_THAT(c.said(), Contains("L1 unknown 10 late"));
}

TEST(Judge, SilenceIsUnknownAfterOneAndAHalfIntervals) {
  court c({{.id = "L1"}});
  c.good(1);
  c.j.advance(at(2), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1"));
  c.j.advance(at(10), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 unknown 2.5 silent"));
  c.good(11);
  c.j.advance(at(11.1), c.out);
  EXPECT_EQ(c.said().back(), "L1 up 11");
}

TEST(Judge, APageThatTakesLongIsNoSilence) {
  court c({{.id = "portal", .checks = {"icmp"}, .parent = "", .kind = target_kind::site}});
  c.good(1, "portal/icmp");
  c.j.advance(at(10), c.out, [](target_index) { return at(2); });  // its next visit, begun at 2, is still under way
  EXPECT_THAT(c.said(), ElementsAre("portal up 1"));
  c.j.advance(at(10), c.out, [](target_index) { return at(10); });
  EXPECT_EQ(c.said().back(), "portal unknown 2.5 silent");
}

TEST(Judge, WhereUnknownLiesBeforeTheGoodSampleTheOutageEndsAtItsBeginning) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2, 3, 4}) c.bad(t);
  c.unmeasured(5, cause::late);
  c.good(8);
  c.good(9);
  EXPECT_EQ(c.said().back(), "L1 up 8 (5.000,8]");
}

TEST(Judge, P16_ARunAndAnOpenOutageLiveOnOverARestart) {
  court before({{.id = "L1"}, {.id = "L2"}});
  before.good(1);
  before.good(1, "L2/icmp");
  for (const double t : {2, 3, 4}) before.bad(t);
  before.bad(3.5, "L2/icmp");
  before.bad(4.5, "L2/icmp");
  std::vector<check_memory> memory{before.j.memory_of(0), before.j.memory_of(1)};

  court after({{.id = "L1"}, {.id = "L2"}});
  after.j.recall({{.target = "L1", .believed = line_state::down, .outage_began = at(2), .cause_known = true},
                  {.target = "L2", .believed = line_state::up}},
                 memory, at(5), after.out);
  after.good(20);
  after.good(21);
  after.bad(20, "L2/icmp");
  after.bad(20.25, "L2/icmp");
  EXPECT_THAT(after.said(), Contains("L1 up 20 (5.000,20]")) << "ended somewhere in the gap";
  EXPECT_THAT(after.said(), Contains("L2 down 3.5 (1.000,3.5]")) << "two bad samples before the stop, one after it";
  EXPECT_THAT(after.said(), Contains(testing::AllOf(testing::StartsWith("L2 down 20"), testing::EndsWith("same"))));
}

TEST(Judge, P13_AfterABackwardStepLabelsUpToTheBarrierAreMuted) {
  court c({{.id = "L1"}});
  c.good(1);
  c.good(2);
  c.j.mute_until(at(2));
  c.bad(1.5);
  c.bad(1.8);
  c.bad(2);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1"));
  EXPECT_EQ(c.j.muted(), 3U);
  c.good(2.5);
  EXPECT_EQ(c.said().size(), 1U);
}

TEST(Judge, AClosedGapLeavesBeliefAloneAndMovesTheEndOfAnOutageToItsBeginning) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2, 3, 4}) c.bad(t);
  c.j.gap_over_all({at(4.5), at(60)}, cause::clock_step, c.out);
  c.good(60);
  c.good(61);
  EXPECT_EQ(c.said().back(), "L1 up 60 (4.500,60]");
}

TEST(Judge, AReloadKeepsRunsOfChecksThatAreStillThere) {
  court c({{.id = "L1"}, {.id = "L2"}});
  c.good(1);
  c.bad(2);
  c.bad(3);
  const auto next = fakes::district({{.id = "L0"}, {.id = "L1"}});
  c.j.adopt(next, at(3.5), c.out);
  c.inv = next;
  c.bad(4);
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.000,2]"));
}

/** The line's checks are others from `when` on. */
void give_checks(court& c, std::vector<std::string> checks, double when) {
  const auto next = fakes::district({{.id = "L1", .checks = std::move(checks)}});
  c.j.adopt(next, at(when), c.out);
  c.inv = next;
}

TEST(Judge, AReloadThatAddsACheckKeepsTheRunThatIsPending) {
  court c({{.id = "L1"}});
  c.good(1);
  c.bad(2);
  c.bad(3);
  give_checks(c, {"icmp", "tcp"}, 3.5);
  c.bad(3.6, "L1/tcp");
  c.bad(4);
  c.bad(4.1, "L1/tcp");
  c.bad(4.6, "L1/tcp");
  c.j.advance(at(4.7), c.out);
  EXPECT_THAT(c.said(), Contains("L1 down 2 (1.000,2]")) << "and not only from the reload on";
}

TEST(Judge, AReloadThatAddsACheckLeavesARecoveryThatIsPending) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2, 3, 4}) c.bad(t);
  c.good(5);
  give_checks(c, {"icmp", "tcp"}, 5.5);
  c.good(5.6, "L1/tcp");
  c.good(6);
  EXPECT_THAT(c.said(), Contains("L1 up 5 (4.000,5]"));
}

TEST(Judge, APendingRunOfACheckThatAReloadTakesAwayStaysTooShort) {
  court c({{.id = "L1"}});
  c.good(1);
  c.bad(2);
  c.bad(3);
  give_checks(c, {"tcp"}, 3.5);
  for (const double t : {4, 5, 6}) c.bad(t, "L1/tcp");
  c.j.advance(at(6), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 unconfirmed 2 x2", "L1 unknown 3.5 not_started",
                                    "L1 down 4 (1.000,4]", "L1 because unexplained"))
      << "its history ends there (rules 1 and 3)";
}

TEST(Judge, TwoReloadsWhileARunIsPendingLoseNothing) {
  court c({{.id = "L1", .checks = {"icmp", "tcp", "snmp"}}});
  for (const char* check : {"L1/icmp", "L1/tcp", "L1/snmp"}) c.good(1, check);
  c.bad(2);
  c.bad(2, "L1/tcp");
  c.bad(2, "L1/snmp");
  give_checks(c, {"snmp", "icmp"}, 2.3);
  give_checks(c, {"icmp"}, 2.6);
  c.bad(3);
  c.bad(4);
  c.good(5);
  c.good(6);
  c.j.advance(at(6), c.out);
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 down 2 (1.000,2]", "L1 because unexplained", "L1 up 5 (4.000,5]"));
}

RC_GTEST_PROP(Judge, ASilentCheckThatReloadsAddAndTakeAwayChangesNothing, ()) {
  court still({{.id = "L1"}}), moved({{.id = "L1"}});
  bool two = false;
  for (int second = 1; second < 80; ++second) {
    const bool up = *rc::gen::weightedElement<bool>({{2, true}, {1, false}});
    if (*rc::gen::inRange(0, 6) == 0) {
      two = !two;
      give_checks(moved, two ? std::vector<std::string>{"icmp", "tcp"} : std::vector<std::string>{"icmp"},
                  second - 0.5);
    }
    for (court* c : {&still, &moved}) {
      if (up)
        c->good(second);
      else
        c->bad(second);
      c->j.advance(at(second + 0.1), c->out);
    }
  }
  for (court* c : {&still, &moved}) c->j.conclude(at(80), c->out);  // a silent check is waited for until then
  auto one = still.said(), other = moved.said();  // the same, though later: a cause may stand elsewhere among them
  std::ranges::sort(one);
  std::ranges::sort(other);
  RC_ASSERT(one == other);
}

TEST(Judge, AnOutageOfMoreThanTenMinutesIsAskedAtTheOutagePace) {
  court c({{.id = "L1"}});
  c.good(1);
  for (double t = 2; t < 602; t += 1) c.bad(t);
  EXPECT_FALSE(c.wished("L1/icmp", pace::outage));
  c.bad(603);
  EXPECT_TRUE(c.wished("L1/icmp", pace::outage));
  c.good(604);
  c.good(605);
  EXPECT_TRUE(c.wished("L1/icmp", pace::usual));
}

TEST(Judge, WhatIsSaidAgainIsEachBeliefOnceMoreAndNothingElse) {
  court c({{.id = "L1"}, {.id = "L2"}});
  for (double t = 1; t < 6; ++t) {
    c.good(t);
    c.good(t, "L2/icmp");
  }
  for (double t = 6; t < 10; ++t) {
    c.bad(t);
    c.good(t, "L2/icmp");
  }
  c.out = {};
  c.j.say_again();
  for (double t = 10; t < 14; ++t) {
    c.bad(t);
    c.good(t, "L2/icmp");
  }
  EXPECT_THAT(c.said(), ElementsAre("L1 down 9 (5.000,9] same", "L2 up 9"));
}

/** Whatever two checks say: transitions come in order, belief really changes, and every bracket holds its edge. */
RC_GTEST_PROP(Judge, TransitionsAreInOrderAndAlternate, ()) {
  court c({{.id = "L1", .checks = {"icmp", "snmp"}}});
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
  double t = 1;
  for (const int s : steps) {
    const std::string check = (s & 1) != 0 ? "L1/icmp" : "L1/snmp";
    if (s / 2 == 0)
      c.good(t, check);
    else if (s / 2 == 3)
      c.unmeasured(t, cause::late, check);
    else
      c.bad(t, check);
    t += 0.5;
  }
  c.j.advance(at(t + 100), c.out);
  wall_t last = wall_min;
  std::optional<line_state> state;
  for (const record& r : c.out.records) {
    const auto* change = std::get_if<transition>(&r);
    if (change == nullptr) continue;
    RC_ASSERT(change->at > last);
    RC_ASSERT((!state || *state != change->to));  // in parentheses: RC_ASSERT would evaluate both sides
    RC_ASSERT(change->confirmed >= change->at);
    RC_ASSERT(change->edge.after <= change->edge.until);
    if (change->to == line_state::down) RC_ASSERT(change->edge.after < change->at);
    last = change->at;
    state = change->to;
  }
}

// ---- what is settled
// -------------------------------------------------------------------------------------------------

TEST(Settled, EverythingIsWhereNothingIsInDoubt) {
  court c({{.id = "L1"}, {.id = "L2", .checks = {"icmp", "snmp"}}});
  for (const char* check : {"L1/icmp", "L2/icmp", "L2/snmp"}) c.good(1, check);
  c.j.advance(at(2), c.out);
  EXPECT_EQ(c.j.settled_before(at(2)), at(2));
}

TEST(Settled, NotBeyondTheFirstSampleOfAPendingRun) {
  court c({{.id = "L1"}, {.id = "L2"}});
  c.good(1);
  c.good(1, "L2/icmp");
  c.bad(2);
  c.bad(3);
  c.good(3, "L2/icmp");
  EXPECT_EQ(c.j.settled_before(at(3)), at(2));
  c.good(4);
  c.j.advance(at(4), c.out);
  EXPECT_EQ(c.j.settled_before(at(4)), at(4)) << "the run was too short";
}

TEST(Settled, NotBeyondAGoodRunThatMayEndAnOutage) {
  court c({{.id = "L1"}});
  c.good(1);
  for (const double t : {2., 3., 4.}) c.bad(t);
  c.j.advance(at(4), c.out);
  EXPECT_EQ(c.j.settled_before(at(4)), at(4)) << "an open outage is known";
  c.good(5);
  EXPECT_EQ(c.j.settled_before(at(6)), at(5));
}

TEST(Settled, NotBeyondAnOutageWhoseCauseWaitsForTheParent) {
  court c({{.id = "T1"}, {.id = "L1", .parent = "T1"}});
  c.good(1, "T1/icmp");
  c.good(1);
  c.bad(1.9, "T1/icmp");
  for (const double t : {2., 3., 4.}) c.bad(t);
  c.good(4, "T1/icmp");
  EXPECT_LE(c.j.settled_before(at(4.5)), at(2));
  c.j.advance(at(7), c.out);
  EXPECT_EQ(c.j.settled_before(at(7)), at(7));
}

TEST(Settled, NotBeyondASitesPageThatIsStillLoading) {
  court c({{.id = "L1"}, {.id = "portal", .checks = {"icmp"}, .kind = target_kind::site}});
  EXPECT_EQ(c.j.settled_before(at(9), [](target_index) { return at(5); }), at(5));
}

}  // namespace
}  // namespace changtong::verdict
