#include "daemon/verdict/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

#include "tests/fakes/world.h"

namespace changtong::verdict {
namespace {

constexpr wall_t at(double seconds) { return wall_from_ms(1'000'000 + static_cast<std::int64_t>(seconds * 1000)); }
double sec(wall_t t) { return static_cast<double>(ms_of(t) - 1'000'000) / 1000; }

/** Feeds a judge by hand and tells what came out as short sentences: "L1 down 3-(2,3]". */
struct court {
  explicit court(const std::vector<fakes::line_spec>& lines) : inv(fakes::district(lines)), j(inv, at(0)) {}

  void sample_of(const std::string& check, double t, outcome what, cause why = cause::timeout, double rtt_ms = 0) {
    check_index index = no_index;
    for (check_index c = 0; c < inv->checks.size(); ++c)
      if (inv->checks[c].id == check) index = c;
    ASSERT_NE(index, no_index);
    j.take({.check = index,
            .what = what,
            .why = what == outcome::good ? cause::none : why,
            .sent = {},
            .at = at(t),
            .rtt = std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double, std::milli>(rtt_ms)),
            .interval = inv->checks[index].when.interval},
           out);
  }
  void good(double t, const std::string& check = "L1/icmp") { sample_of(check, t, outcome::good); }
  void bad(double t, const std::string& check = "L1/icmp") { sample_of(check, t, outcome::bad); }
  void unmeasured(double t, cause why, const std::string& check = "L1/icmp") {
    sample_of(check, t, outcome::not_measured, why);
  }

  std::vector<std::string> said() const {
    std::vector<std::string> all;
    for (const record& r : out.records) {
      std::ostringstream s;
      if (const auto* t = std::get_if<transition>(&r)) {
        s << t->target << " " << name_of(t->to) << " " << sec(t->at);
        if (t->to == line_state::unknown)
          s << " " << name_of(t->why);
        else if (t->edge.after != t->edge.until)
          s << " (" << (t->edge.after == wall_min ? std::string("-") : std::to_string(sec(t->edge.after)).substr(0, 5))
            << "," << sec(t->edge.until) << "]";
        if (t->same_outage) s << " same";
      } else if (const auto* u = std::get_if<unconfirmed_run>(&r)) {
        s << u->target << " unconfirmed " << sec(u->at) << " x" << u->samples;
      } else if (const auto* c = std::get_if<cause_found>(&r)) {
        s << c->target << " because " << name_of(c->why) << (c->upstream.empty() ? "" : " " + c->upstream);
      }
      all.push_back(s.str());
    }
    return all;
  }
  bool wished(const std::string& check, pace p) const {
    for (const wish& w : out.wishes)
      if (inv->checks[w.check].id == check && w.speed == p) return true;
    return false;
  }

  std::shared_ptr<const inventory> inv;
  judge j;
  judgement out;
};

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

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
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 down 2 (1.000,2]", "L1 because own_line"));
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
  EXPECT_THAT(c.said(), ElementsAre("L1 up 1", "L1 down 2 (1.000,2]", "L1 because own_line", "L1 up 6 (5.000,6]"));
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
  EXPECT_EQ(c.said().back(), "L1 up 4 (3.000,4]");
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

/** What a sequence of samples of one check says second by second, by a second, slower way of the same rules. */
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

}  // namespace
}  // namespace changtong::verdict
