// What is wrong with the monitor itself: days that nobody sealed, however often it was started since.
#include "daemon/run/own_health.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/scenarios/alert_office.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;

bool unsealed(own_health& h, const daemon_tallies& c, wall_t now) {
  for (const auto& [name, wrong, since] : h.look(c, std::nullopt, false, now))
    if (name == "seals") return wrong;
  ADD_FAILURE() << "nobody looks at seals";
  return false;
}

TEST(OwnHealth, DaysThatWereNeverSealedCountFromTheFirstEntryNotFromTheStart) {
  const auto c = std::make_unique<daemon_tallies>();
  own_health started_today(begin - 240h);
  EXPECT_FALSE(unsealed(started_today, *c, begin)) << "it may be about to";
  EXPECT_FALSE(unsealed(started_today, *c, begin + 29min));
  EXPECT_TRUE(unsealed(started_today, *c, begin + 31min));
}

TEST(OwnHealth, AStandstillIsSaidOnceWithItsBeginAndItsEnd) {
  const auto c = std::make_unique<daemon_tallies>();
  own_health h;
  const auto looked = [&](std::string_view name, wall_t now) {
    for (const own_health::fault& f : h.look(*c, std::nullopt, false, now))
      if (f.name == name) return f;
    return own_health::fault{};
  };
  EXPECT_FALSE(looked("paused", begin).wrong);
  c->paused_from_ms = ms_of(begin + 1s);
  c->paused_until_ms = ms_of(begin + 41s);
  const auto f = looked("paused", begin + 42s);
  EXPECT_TRUE(f.wrong);
  EXPECT_EQ(f.since, begin + 1s);
  EXPECT_EQ(h.pause_ended(begin + 1s), begin + 41s);
  EXPECT_EQ(h.pause_ended(begin), std::nullopt);
  EXPECT_FALSE(looked("paused", begin + 43s).wrong);
}

TEST(OwnHealth, AStandstillIsOverWhenItIsSeenAndAnotherDoesNotHideIt) {
  const auto c = std::make_unique<daemon_tallies>();
  own_health h;
  (void)h.look(*c, std::nullopt, false, begin);
  for (const auto& [from, until] : {std::pair{1s, 8s}, std::pair{12s, 18s}}) {
    c->paused_from_ms = ms_of(begin + from);
    c->paused_until_ms = ms_of(begin + until);
    std::vector<std::pair<bool, wall_t>> said;
    for (const auto& [name, wrong, since] : h.look(*c, std::nullopt, false, begin + until))
      if (name == "paused") said.emplace_back(wrong, since);
    EXPECT_EQ(said, (std::vector<std::pair<bool, wall_t>>{{true, begin + from}, {false, begin + until}}));
  }
  EXPECT_EQ(h.pause_ended(begin + 1s), begin + 8s);
  EXPECT_EQ(h.pause_ended(begin + 12s), begin + 18s);
}

/** The clock was set back between the two: the second is news, and stands beside the first. */
TEST(OwnHealth, StandstillsOfOneLabelAreToldEach) {
  const auto c = std::make_unique<daemon_tallies>();
  own_health h;
  (void)h.look(*c, std::nullopt, false, begin);
  const auto paused = [&](std::chrono::seconds from, std::chrono::seconds until) {
    c->paused_from_ms = ms_of(begin + from);
    c->paused_until_ms = ms_of(begin + until);
    std::vector<std::pair<bool, wall_t>> said;
    for (const auto& [name, wrong, since] : h.look(*c, std::nullopt, false, begin + until))
      if (name == "paused") said.emplace_back(wrong, since);
    return said;
  };
  using all = std::vector<std::pair<bool, wall_t>>;
  EXPECT_EQ(paused(11s, 50s), (all{{true, begin + 11s}, {false, begin + 50s}}));
  EXPECT_EQ(paused(11s, 18s), (all{{true, begin + 11s}, {false, begin + 18s}}));
  EXPECT_EQ(h.pause_ended(begin + 11s), begin + 18s) << "what is told now is of the latest";
  EXPECT_EQ(paused(1s, 8s), (all{{true, begin + 1s}, {false, begin + 8s}})) << "an earlier label is no earlier pause";
  EXPECT_EQ(paused(2s, 8s), (all{{true, begin + 2s}, {false, begin + 8s}})) << "one that ends with one label";
  EXPECT_EQ(h.pause_ended(begin + 1s), begin + 8s);
}

TEST(OwnHealth, AStandstillAfterTheClockWasSetBackIsNotForgottenFirst) {
  const auto c = std::make_unique<daemon_tallies>();
  own_health h;
  (void)h.look(*c, std::nullopt, false, begin);
  const auto pause = [&](wall_t from) {
    c->paused_from_ms = ms_of(from);
    c->paused_until_ms = ms_of(from + 7s);
    (void)h.look(*c, std::nullopt, false, from + 7s);
  };
  for (int k = 0; k < 64; ++k) pause(begin + k * 10s);
  pause(begin - 1h);
  EXPECT_EQ(h.pause_ended(begin - 1h), begin - 1h + 7s);
}

TEST(OwnHealth, WhatHasToLastIsToldToHaveBegunWhenItDid) {
  const auto c = std::make_unique<daemon_tallies>();
  own_health h;
  c->own_uplink_silent = true;
  wall_t since{};
  for (wall_t now = begin; now <= begin + 5s; now += 1s)
    for (const own_health::fault& f : h.look(*c, std::nullopt, false, now))
      if (f.name == "uplink" && f.wrong) since = f.since;
  EXPECT_EQ(since, begin);
}

TEST(OwnHealth, ANewLedgerHasNothingToSeal) {
  const auto c = std::make_unique<daemon_tallies>();
  own_health fresh;
  EXPECT_FALSE(unsealed(fresh, *c, begin));
  EXPECT_FALSE(unsealed(fresh, *c, begin + 25h));
  EXPECT_FALSE(unsealed(fresh, *c, begin + 27h));
  EXPECT_TRUE(unsealed(fresh, *c, begin + 28h));
}

TEST(OwnHealth, WhoIsSealedIsWell) {
  const auto c = std::make_unique<daemon_tallies>();
  c->sealed_until_ms = ms_of(begin);
  own_health h(begin - 240h);
  EXPECT_FALSE(unsealed(h, *c, begin + 20h));
  EXPECT_FALSE(unsealed(h, *c, begin + 25h));
}

TEST_F(RunningAlertDesk, OurOwnStandstillIsToldFromWhenToWhen) {
  o.pass(2s);
  o.tallies.paused_from_ms = ms_of(now);
  now += 40s;
  o.tallies.paused_until_ms = ms_of(now);
  o.tallies.late_slots = 4'000;
  o.pass(2s);
  ASSERT_EQ(o.sent.size(), 1U) << "what was late meanwhile is no other fault";
  EXPECT_NE(o.sent[0].find("监测本机：监测停顿"), std::string::npos) << o.sent[0];
  EXPECT_NE(o.sent[0].find("历时 40 秒"), std::string::npos) << o.sent[0];
  o.pass(70s);
  EXPECT_EQ(o.sent.size(), 1U) << "it was over when it was told";
  EXPECT_EQ(o.view().open, 0U);
}

/** 7, 6 and 4 seconds, each within ten of the one before. */
TEST_F(RunningAlertDesk, StandstillsThatFollowEachOtherAreToldWithTheirOwnLength) {
  o.pass(2s);
  for (const auto& [length, then] : {std::pair{7s, 5s}, std::pair{6s, 5s}, std::pair{4s, 30s}}) {
    o.tallies.paused_from_ms = ms_of(now);
    now += length;
    o.tallies.paused_until_ms = ms_of(now);
    o.pass(then);
  }
  ASSERT_EQ(o.sent.size(), 2U);
  EXPECT_NE(o.sent[0].find("历时 7 秒"), std::string::npos) << o.sent[0];
  EXPECT_NE(o.sent[1].find("（共 3 次），历时 17 秒"), std::string::npos) << o.sent[1];
}

TEST_F(RunningAlertDesk, AFaultOfOurOwnEndsWhenItWasOverNotWhenItWasBelieved) {
  o.pass(2s);
  o.tallies.anchors_contradicted = true;
  o.pass(5s);
  o.tallies.anchors_contradicted = false;
  o.pass(30s);
  ASSERT_EQ(o.sent.size(), 2U);
  EXPECT_NE(o.sent[1].find("，历时 5 秒"), std::string::npos) << o.sent[1];
}

}  // namespace
}  // namespace changtong
