// Rule 10 in the whole daemon under virtual time: our own uplink is nobody's outage, and hides nobody's for long.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

std::vector<fakes::line_spec> district_of(int lines, milliseconds interval) {
  std::vector<fakes::line_spec> all;
  for (int i = 1; i <= lines; ++i) all.push_back({.id = "L" + std::to_string(i), .when = {.interval = interval}});
  for (const char* id : {"anchor-1", "anchor-2"}) all.push_back({.id = id, .kind = target_kind::anchor});
  return all;
}

struct cut {
  double from, to;
  [[nodiscard]] bool holds(double t) const { return from <= t && t < to; }
};

TEST(OwnUplink, S030_ACutOfOurOwnUplinkIsUnknownAndNobodysOutage) {
  virtual_daemon d(district_of(20, milliseconds{1000}));
  const cut ours{20.3, 26.3};
  d.up = [&](const std::string&, double t) { return !ours.holds(t); };
  d.start();
  d.run_until(20);
  EXPECT_FALSE(d.tallies.own_uplink_silent);
  d.run_until(23);
  EXPECT_TRUE(d.tallies.own_uplink_silent) << "one alarm, about ourselves";
  EXPECT_EQ(d.shown("L7"), line_state::unknown) << "shown at once, not when the ledger has judged it";
  d.run_until(40);
  EXPECT_FALSE(d.tallies.own_uplink_silent);
  virtual_daemon::await([&] { return d.shown("L7") == line_state::up; });
  EXPECT_GT(d.tallies.own_uplink_samples, 0U);
  d.stop();
  EXPECT_THAT(d.outages(), testing::IsEmpty());
  for (const auto& row : d.books(10, 38)) {
    EXPECT_EQ(row.sums.down.count(), 0) << row.key;
    EXPECT_NEAR(static_cast<double>(row.sums.unknown.count()) / 1000, 6, 1.3) << row.key;
  }
}

TEST(OwnUplink, S031_ARealOutageBesideOthersThatAnswerWaitsForNothing) {
  virtual_daemon d(district_of(3, milliseconds{1000}));
  d.up = [&](const std::string& check, double t) { return check != "L2/icmp" || t < 20 || t >= 24; };
  d.start();
  d.run_until(40);
  d.stop();
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].target, "L2");
  EXPECT_LE(all[0].confirmed - all[0].began, milliseconds{2300}) << "a timeout, then two fast questions and theirs";
  EXPECT_FALSE(all[0].after_own_uplink);
}

TEST(OwnUplink, S032_WhatWasCertainBeforeOurOwnCutIsDownAndTheRestIsUnknown) {
  virtual_daemon d(district_of(3, milliseconds{1000}));
  const cut ours{24, 60};
  d.up = [&](const std::string& check, double t) {
    return !ours.holds(t) && (check != "L1/icmp" || t < 18 || t >= 50);
  };
  d.start();
  d.run_until(80);
  d.stop();
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].target, "L1");
  for (const auto& row : d.books(10, 78)) {
    const double down = static_cast<double>(row.sums.down.count()) / 1000;
    if (row.key != "L1") EXPECT_EQ(down, 0) << row.key;
    if (row.key == "L1") EXPECT_NEAR(down, 5, 1.3) << "from its first bad sample to the last that was known in time";
    if (row.key == "L1") EXPECT_LE(row.sums.down_max, row.sums.down + milliseconds{1100}) << "nothing of the unknown";
  }
}

TEST(OwnUplink, S033_AnchorsThatNeverAnswerHideNobodysOutageAndAreTold) {
  virtual_daemon d(district_of(3, milliseconds{1000}));
  d.up = [&](const std::string& check, double t) {
    return !check.starts_with("anchor") && (check != "L2/icmp" || t < 70 || t >= 75);
  };
  d.start();
  d.run_until(30);
  EXPECT_FALSE(d.tallies.anchors_contradicted);
  d.run_until(90);
  EXPECT_TRUE(d.tallies.anchors_contradicted);
  d.stop();
  ASSERT_EQ(d.outages().size(), 1U);
}

TEST(OwnUplink, S034_AReloadInTheMiddleOfOurOwnCutMakesNoOutage) {
  virtual_daemon d(district_of(3, milliseconds{1000}));
  const cut ours{20, 30};
  d.up = [&](const std::string&, double t) { return !ours.holds(t); };
  d.start();
  d.run_until(25);
  d.reload(district_of(4, milliseconds{1000}));
  EXPECT_EQ(d.shown("L1"), line_state::unknown);
  d.run_until(45);
  virtual_daemon::await([&] { return d.shown("L1") == line_state::up; });
  d.stop();
  EXPECT_THAT(d.outages(), testing::IsEmpty());
}

TEST(OwnUplink, S035_CutsOfAnyLengthAndPhaseMakeNoOutage) {
  for (const int interval : {1000, 3000, 10'000}) {
    virtual_daemon d(district_of(7, milliseconds{interval}));
    std::vector<cut> cuts;
    for (int i = 0; i < 24; ++i) {
      const double at = 30 + 17.037 * i;
      cuts.push_back({at, at + 0.5 + 0.43 * i});
    }
    d.up = [&](const std::string&, double t) {
      return std::ranges::none_of(cuts, [&](const cut& c) { return c.holds(t); });
    };
    d.start();
    d.run_until(460);
    d.stop();
    EXPECT_THAT(d.outages(), testing::IsEmpty()) << "interval " << interval;
  }
}

TEST(OwnUplink, S036_AnOutageThatBeginsRightAfterOurCutSaysSo) {
  virtual_daemon d(district_of(3, milliseconds{1000}));
  const cut ours{20, 26};
  d.up = [&](const std::string& check, double t) { return !ours.holds(t) && (check != "L3/icmp" || t < 20); };
  d.start();
  d.run_until(40);
  d.stop();
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].after_own_uplink) << "shown, not excluded";
  EXPECT_GE(all[0].began, wall_at(25));
}

TEST(OwnUplink, S037_ALineThatIsClosedInTheMiddleOfADoubtLeavesTheAnchorsInPeace) {
  auto lines = district_of(3, milliseconds{1000});
  lines[0].closed = wall_at(20.5);
  virtual_daemon d(lines);
  int asked = 0;
  d.up = [&](const std::string& check, double t) {
    asked += t >= 30 && t < 60 && check == "anchor-1/icmp";
    return check != "L1/icmp" || t < 19;
  };
  d.start();
  d.run_until(60);
  d.stop();
  EXPECT_LE(asked, 33) << "once a second, not at the fast interval for ever";
  EXPECT_GE(asked, 28);
}

}  // namespace
}  // namespace changtong::scenarios
