// Rule 10 live: what waits, what passes, and what it passes as.
#include "daemon/verdict/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/fakes/world.h"

namespace changtong::verdict {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/** Lines L1, L2 and two anchors; time in ms. What passes is told as "L1 bad 100". */
struct gateway {
  std::shared_ptr<const inventory> inv;
  gate g;
  std::vector<std::string> passed;
  gate::passing pass = [this](const sample& s) {
    std::ostringstream o;
    o << inv->checks[s.check].id << " " << (s.why == cause::own_uplink ? "ours" : name_of(s.what)) << " " << ms_of(s.at)
      << (s.after_own_uplink ? " after" : "");
    passed.push_back(o.str());
  };

  explicit gateway(std::vector<fakes::line_spec> lines = {{.id = "L1"}, {.id = "L2"}})
      : inv(with_anchors(lines)), g(inv) {}
  static std::shared_ptr<const inventory> with_anchors(std::vector<fakes::line_spec> lines) {
    for (const char* id : {"anchor-1", "anchor-2"})
      lines.push_back({.id = id, .parent = "", .kind = target_kind::anchor});
    return fakes::district(lines);
  }
  static mono_t mono(std::int64_t ms) { return mono_t{milliseconds{ms}}; }

  void known(const std::string& check, outcome what, std::int64_t sent, std::int64_t took, std::int64_t rtt_ms = 1) {
    sample s{.check = no_index,
             .what = what,
             .why = what == outcome::bad ? cause::timeout : cause::none,
             .sent = mono(sent),
             .at = wall_from_ms(sent),
             .interval = milliseconds{1000}};
    for (check_index c = 0; c < inv->checks.size(); ++c)
      if (inv->checks[c].id == check) s.check = c;
    if (what == outcome::good) s.rtt = milliseconds{rtt_ms};
    if (what == outcome::bad) s.took = milliseconds{took};
    g.seen(s);
    g.take(s, pass);
  }
  void good(const std::string& check, std::int64_t sent) { known(check, outcome::good, sent, 0); }
  void bad(const std::string& check, std::int64_t sent, std::int64_t took = 1000) {
    known(check, outcome::bad, sent, took);
  }
  void anchors(outcome what, std::int64_t sent) {
    for (const char* check : {"anchor-1/icmp", "anchor-2/icmp"}) known(check, what, sent, 1000);
  }
  void review(std::int64_t now) {
    g.review(mono(now), {.lines = mono(now), .anchor = [&](target_index) { return mono(now); }}, pass);
  }
};

TEST(Gate, GoodSamplesDoNotWait) {
  gateway w;
  w.good("L1/icmp", 100);
  EXPECT_THAT(w.passed, ElementsAre("L1/icmp good 100"));
}

TEST(Gate, ABadSampleWaitsForTheNextSignAndIsTheLines) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.bad("L1/icmp", 100);
  EXPECT_TRUE(w.g.wants_anchors()) << "every anchor is asked at once";
  EXPECT_FALSE(w.g.wants_anchors());
  w.review(1100);
  EXPECT_THAT(w.passed, IsEmpty());
  EXPECT_TRUE(w.g.undecided(0)) << "meanwhile we show unknown";
  EXPECT_EQ(w.g.first_waiting(), wall_from_ms(100));
  w.anchors(outcome::good, 1101);
  w.review(1103);
  EXPECT_THAT(w.passed, ElementsAre("L1/icmp bad 100"));
  EXPECT_FALSE(w.g.undecided(0));
  EXPECT_EQ(w.g.first_waiting(), wall_max);
}

TEST(Gate, WhatOurOwnUplinkLostIsNotMeasured) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.anchors(outcome::bad, 200);
  w.bad("L1/icmp", 100, 1200);
  w.review(1300);
  EXPECT_THAT(w.passed, ElementsAre("L1/icmp ours 100"));
  EXPECT_TRUE(w.g.undecided(0)) << "its time is ours: unknown";
  EXPECT_TRUE(w.g.silent());
  EXPECT_EQ(w.g.taken_out(), 1U);
  w.good("L1/icmp", 1400);
  EXPECT_FALSE(w.g.undecided(0));
  EXPECT_FALSE(w.g.silent());
}

TEST(Gate, WhatComesBehindAWaitingSampleOfItsTargetWaitsToo) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.bad("L1/icmp", 100);
  w.good("L1/icmp", 1050);
  w.good("L2/icmp", 1060);
  EXPECT_THAT(w.passed, ElementsAre("L2/icmp good 1060")) << "other targets do not";
  w.anchors(outcome::good, 1101);
  w.review(1102);
  EXPECT_THAT(w.passed, ElementsAre("L2/icmp good 1060", "L1/icmp bad 100", "L1/icmp good 1050"));
}

TEST(Gate, AnAnchorThatCannotBeHeardOfHidesNoOutage) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.bad("L1/icmp", 100);
  w.review(11'000);
  EXPECT_THAT(w.passed, IsEmpty());
  w.review(11'200);
  EXPECT_THAT(w.passed, ElementsAre("L1/icmp bad 100"));
}

TEST(Gate, ASlowAnswerASiteAndALineOnOurSideGiveNoSign) {
  gateway w(
      {{.id = "L1"}, {.id = "near", .witness = false}, {.id = "portal", .kind = target_kind::site}, {.id = "far"}});
  w.anchors(outcome::good, 50);
  w.anchors(outcome::bad, 200);
  w.good("near/icmp", 1150);
  w.good("portal/icmp", 1160);
  w.known("far/icmp", outcome::good, 1170, 0, 1001);
  w.bad("L1/icmp", 300, 1000);
  w.review(1300);
  EXPECT_THAT(w.passed.back(), "L1/icmp ours 300");
}

TEST(Gate, MutedSamplesAreNoSignsAndPassAsTheyAre) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.g.mute_until(wall_from_ms(500));
  w.anchors(outcome::bad, 600);
  w.good("L2/icmp", 450);
  w.bad("L1/icmp", 400);
  EXPECT_THAT(w.passed, ElementsAre("L2/icmp good 450", "L1/icmp bad 400"));
  w.bad("L1/icmp", 620, 900);
  w.review(1700);
  EXPECT_THAT(w.passed.back(), "L1/icmp ours 620");
}

TEST(Gate, HealthChecksDoNotWait) {
  gateway w({{.id = "L1", .checks = {"icmp", "page"}}});
  w.anchors(outcome::good, 50);
  w.bad("L1/page", 100);
  EXPECT_THAT(w.passed, ElementsAre("L1/page bad 100"));
  EXPECT_FALSE(w.g.undecided(0));
}

TEST(Gate, WhatWaitsIsDroppedByAReloadLikeTheQuestionsUnderWay) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.bad("L1/icmp", 100);
  w.g.forget();
  w.review(20'000);
  EXPECT_THAT(w.passed, IsEmpty());
  EXPECT_FALSE(w.g.undecided(0));
}

TEST(Gate, AnOutageThatBeginsSoonAfterOurSilenceSaysSo) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.anchors(outcome::bad, 200);
  w.anchors(outcome::good, 5000);
  w.bad("L1/icmp", 6000);
  w.anchors(outcome::good, 7001);
  w.review(7003);
  EXPECT_THAT(w.passed.back(), "L1/icmp bad 6000 after");
}

TEST(Gate, AtTheEndOfASessionEverythingIsDecided) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.bad("L1/icmp", 100);
  w.anchors(outcome::bad, 300);
  w.bad("L2/icmp", 200, 1200);
  w.g.conclude(gateway::mono(1500), w.pass);
  EXPECT_THAT(w.passed, ElementsAre("L1/icmp ours 100", "L2/icmp ours 200"));
}

TEST(Gate, WhatAnchorsSaidOutlivesANewInventory) {
  gateway w;
  w.anchors(outcome::good, 50);
  w.anchors(outcome::bad, 200);
  const auto next = gateway::with_anchors({{.id = "L0"}, {.id = "L1"}, {.id = "L2"}});
  w.g.adopt(next);
  w.inv = next;
  w.bad("L1/icmp", 300);
  w.review(1400);
  EXPECT_THAT(w.passed, ElementsAre("L1/icmp ours 300"));
}

TEST(Gate, AnchorsThatNeverAnsweredWhileLinesDoAreTold) {
  gateway w;
  w.anchors(outcome::bad, 50);
  w.good("L1/icmp", 100);
  EXPECT_FALSE(w.g.contradicted(gateway::mono(30'000)));
  w.good("L1/icmp", 61'000);
  EXPECT_TRUE(w.g.contradicted(gateway::mono(62'000)));
}

}  // namespace
}  // namespace changtong::verdict
