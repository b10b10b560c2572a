#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

using availability::outage;

bool inside(double truth, const bracket& b) { return seconds_of(b.after) <= truth && truth <= seconds_of(b.until); }

milliseconds total(const availability::seconds& s) { return s.up + s.down + s.excluded + s.unknown; }

TEST(Scenario, S001_OneOutageOfHalfAMinuteWithItsTrueEdgesInside) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2"}});
  d.up = [](const std::string& check, double t) { return check != "L1/icmp" || t < 100.37 || t >= 130.81; };
  d.start();
  d.run_until(300);
  d.stop();
  EXPECT_EQ(d.state("L2"), line_state::up);
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].target, "L1");
  EXPECT_TRUE(inside(100.37, all[0].began_edge));
  EXPECT_TRUE(inside(130.81, all[0].ended_edge));
  EXPECT_EQ(all[0].found, cause::unexplained);
  for (const auto& row : d.books(0, 300)) {
    EXPECT_EQ(total(row.sums), milliseconds{300'000}) << "every second is in one class";
    EXPECT_LE(row.sums.unknown, milliseconds{2'500}) << "from the start to the first sample, and the last heartbeat";
    EXPECT_EQ(row.sums.outages, row.key == "L1" ? 1 : 0);
  }
}

TEST(Scenario, S002_AStallIsUnknownForEverybodyAndNobodyIsDown) {
  std::vector<fakes::line_spec> lines;
  for (int i = 0; i < 50; ++i) lines.push_back({.id = "L" + std::to_string(i), .checks = {"icmp", "tcp"}});
  virtual_daemon d(lines);
  d.start();
  d.run_until(60);
  d.skip_until(75);
  d.run_until(120);
  d.stop();
  EXPECT_THAT(d.outages(), testing::IsEmpty());
  EXPECT_GE(d.tallies.late_slots.load(), 50U * 13);
  for (const auto& row : d.books(0, 120)) {
    EXPECT_EQ(row.sums.down.count(), 0);
    // The TCP check is asked every three seconds: its last answer speaks until its own first missed slot.
    EXPECT_GE(row.sums.unknown, milliseconds{15'000 - 3'600}) << row.key;
    EXPECT_LE(row.sums.unknown, milliseconds{19'500}) << row.key;
  }
  for (const auto& [r, recorded] : d.announced)
    if (const auto* t = std::get_if<transition>(&r); t != nullptr && t->to == line_state::unknown)
      EXPECT_EQ(t->why, cause::late);
}

TEST(Scenario, S003_ARestartInTheMiddleOfAnOutageLeavesOneOutageWithAHole) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 50 || t >= 200; };
  d.start();
  d.run_until(100);
  d.stop();
  d.skip_until(150);
  d.start();
  d.run_until(260);
  d.stop();
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 1U) << "not two, and none for ever";
  EXPECT_TRUE(inside(50, all[0].began_edge));
  EXPECT_TRUE(inside(200, all[0].ended_edge));
  ASSERT_EQ(all[0].holes.size(), 1U);
  EXPECT_NEAR(seconds_of(all[0].holes[0].from), 99, 1.1);
  EXPECT_NEAR(seconds_of(all[0].holes[0].to), 150.5, 1.0);
  const auto row = d.books(0, 260).at(0);
  EXPECT_NEAR(static_cast<double>(row.sums.down.count()), 99'000, 2'500) << "50 to 99 and 150 to 200 were seen";
  EXPECT_NEAR(static_cast<double>(row.sums.unknown.count()), 52'000, 3'000);
}

TEST(Scenario, S004_AnOutageThatEndedWhileNobodyLookedEndsInTheGap) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 50 || t >= 120; };
  d.start();
  d.run_until(100);
  d.crash();
  d.skip_until(150);
  d.start();
  d.run_until(200);
  d.stop();
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(inside(120, all[0].ended_edge))
      << seconds_of(all[0].ended_edge.after) << " " << seconds_of(all[0].ended_edge.until);
  EXPECT_LE(seconds_of(all[0].ended), 100) << "what nobody saw is not down";
  EXPECT_LE(d.books(0, 200).at(0).sums.down, milliseconds{50'000});
}

TEST(Scenario, S005_ARunThatWasPendingAtACrashIsConfirmedAfterIt) {
  virtual_daemon d({{.id = "L1"}});
  double cut = 0;
  d.up = [&](const std::string&, double t) { return t < cut || t >= 150; };
  cut = 1e9;
  d.start();
  d.run_until(60);
  cut = 60;
  d.run_until(62.05);  // the first bad answer is known at its timeout, the third a little later
  d.crash();
  d.skip_until(100);
  d.start();
  d.run_until(200);
  d.stop();
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(inside(60, all[0].began_edge)) << "the run lives on: it began before the crash";
}

TEST(Scenario, S006_AForwardStepOfTheClockIsAGapAndNoOutage) {
  virtual_daemon d({{.id = "L1"}});
  d.start();
  d.run_until(60);
  d.step_clock(30);
  d.run_until(120);
  d.stop();
  EXPECT_THAT(d.outages(), testing::IsEmpty());
  const auto row = d.books(0, 150).at(0);
  EXPECT_NEAR(static_cast<double>(row.sums.unknown.count()), 31'500, 2'500);
  EXPECT_EQ(total(row.sums), milliseconds{150'000});
}

TEST(Scenario, S007_P13_ABackwardStepNeverCountsTimeTwice) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 100 || t >= 110; };
  d.start();
  d.run_until(60);
  d.step_clock(-30);  // labels 30 .. 60 come again
  d.run_until(200);
  d.stop();
  const auto row = d.books(0, 170).at(0);
  EXPECT_EQ(total(row.sums), milliseconds{170'000});
  EXPECT_NEAR(static_cast<double>(row.sums.down.count()), 10'000, 1'200);
  EXPECT_GE(*row.values.availability, 0);
  EXPECT_LE(*row.values.availability, 1);
  ASSERT_EQ(d.outages().size(), 1U);
  EXPECT_TRUE(inside(70, d.outages()[0].began_edge)) << "true time 100 has label 70";
}

TEST(Scenario, S008_P09_ATownshipsUplinkTakesItsVillagesWithIt) {
  std::vector<fakes::line_spec> lines{{.id = "T"}};
  for (int i = 0; i < 10; ++i) lines.push_back({.id = "V" + std::to_string(i), .checks = {"icmp"}, .parent = "T"});
  lines.push_back({.id = "other"});
  virtual_daemon d(lines);
  d.up = [](const std::string& check, double t) { return check == "other/icmp" || t < 50 || t >= 90; };
  d.start();
  d.run_until(150);
  d.stop();
  const auto all = d.outages();
  ASSERT_EQ(all.size(), 11U) << "each line's down time counts";
  for (const outage& o : all) {
    EXPECT_EQ(o.found, o.target == "T" ? cause::unexplained : cause::upstream) << o.target;
    if (o.target != "T") EXPECT_EQ(o.upstream, "T");
  }
}

TEST(Scenario, S009_RecordedBeforeAnnounced) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 20 || t >= 40; };
  std::size_t checked = 0;
  d.on_announce = [&](const record& r) {
    const auto* t = std::get_if<transition>(&r);
    if (t == nullptr || t->to != line_state::down) return;
    ASSERT_EQ(d.outages().size(), 1U) << "what is announced can be read from the ledger by anybody";
    ++checked;
  };
  d.start();
  d.run_until(60);
  d.stop();
  EXPECT_EQ(checked, 1U);
}

TEST(Scenario, S010_ALedgerThatRefusesDelaysTheBooksNotTheAlarm) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 20 || t >= 40; };
  d.start();
  d.run_until(15);
  d.ledger_away();
  d.run_until(30);
  d.await_refusal();
  d.ledger_back();
  d.run_until(60);
  d.stop();
  std::vector<bool> recorded;
  for (const auto& [r, known] : d.announced)
    if (const auto* t = std::get_if<transition>(&r); t != nullptr && t->to == line_state::down)
      recorded.push_back(known);
  ASSERT_EQ(recorded.size(), 2U) << "told at once as 未入账, and again when it was recorded";
  EXPECT_FALSE(recorded[0]);
  EXPECT_TRUE(recorded[1]);
  ASSERT_EQ(d.outages().size(), 1U);
  EXPECT_TRUE(inside(20, d.outages()[0].began_edge));
}

TEST(Scenario, S016_ALedgerThatStaysAwayCostsRecordsButNoAlarmAndNoOutage) {
  std::vector<fakes::line_spec> lines;
  for (int i = 0; i < 20; ++i) lines.push_back({.id = "L" + std::to_string(i)});
  virtual_daemon d(lines);
  d.limits.most_queued = 5;
  d.up = [](const std::string&, double t) { return t < 20; };
  d.start();
  d.run_until(15);
  d.ledger_away();
  d.run_until(30);
  std::set<std::string> told;
  d.await_refusal();
  d.ledger_back();
  d.run_until(35);
  d.stop();
  for (const auto& [r, recorded] : d.announced)
    if (const auto* t = std::get_if<transition>(&r); t != nullptr && t->to == line_state::down) told.insert(t->target);
  EXPECT_EQ(told.size(), 20U) << "every outage was announced";
  EXPECT_GE(d.tallies.ledger_lost.load(), 15U) << "the queue holds five";
  EXPECT_EQ(d.outages().size(), 20U) << "who is down is said again once the ledger is back";
}

TEST(Scenario, S011_AReloadKeepsWhatGoesOnAndEndsWhatIsGone) {
  virtual_daemon d({{.id = "L1"}, {.id = "gone"}});
  d.up = [](const std::string& check, double t) { return check != "L1/icmp" || t < 50 || t >= 90; };
  d.start();
  d.run_until(60);
  d.note({inventory_version{.at = d.wall(), .target = "gone", .json = {}, .author = "test"},
          inventory_version{
              .at = d.wall(), .target = "new", .json = R"({"id":"new","category":"village"})", .author = "test"}});
  d.reload({{.id = "new"}, {.id = "L1"}});
  d.run_until(150);
  d.stop();
  ASSERT_EQ(d.outages().size(), 1U);
  EXPECT_TRUE(inside(50, d.outages()[0].began_edge));
  EXPECT_TRUE(inside(90, d.outages()[0].ended_edge));
  for (const auto& row : d.books(0, 150)) {
    if (row.key == "gone") EXPECT_LE(row.sums.up, milliseconds{61'000});
    if (row.key == "new") EXPECT_GE(row.sums.up, milliseconds{85'000});
  }
}

TEST(Scenario, S024_ATransitionIsInTheBooksWithinATenthOfASecond) {
  const auto played = [](double until) {
    auto d = std::make_unique<virtual_daemon>(std::vector<fakes::line_spec>{{.id = "L1"}});
    d->up = [](const std::string&, double t) { return t < 20; };
    d->start();
    d->run_until(until);
    return d;
  };
  double confirmed = 0;
  {
    const auto whole = played(60);
    whole->stop();
    ASSERT_EQ(whole->outages().size(), 1U);
    confirmed = seconds_of(whole->outages()[0].confirmed);
  }
  const auto cut = played(confirmed + 0.1);
  cut->crash();  // what was not handed over by then is lost
  EXPECT_EQ(cut->outages().size(), 1U);
}

TEST(Scenario, S025_WhatAQuestionUnderWayWouldHaveSaidIsNotKnownAfterAReload) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2"}});
  double unanswered = 0;
  d.up = [&](const std::string& check, double t) {
    const bool good = check != "L2/icmp" || t < 50;
    if (!good && unanswered == 0) unanswered = t;
    return good;
  };
  d.start();
  double now = 50;
  while (unanswered == 0) d.run_until(now += 0.01);
  d.run_until(unanswered + 0.4);
  d.reload({{.id = "L1"}});  // L2 is taken away while its question waits
  d.run_until(60);
  d.stop();
  double unknown_from = 0;
  for (const auto& [r, recorded] : d.announced)
    if (const auto* t = std::get_if<transition>(&r); t != nullptr && t->target == "L2" && t->to == line_state::unknown)
      unknown_from = seconds_of(t->at);
  EXPECT_GT(unknown_from, 45);
  EXPECT_LE(unknown_from, unanswered + 0.001);
}

/** When the first record of L2 says that it was seen. */
double first_seen(const virtual_daemon& d) {
  for (const auto& [r, recorded] : d.announced)
    if (const auto* t = std::get_if<transition>(&r); t != nullptr && t->target == "L2") return seconds_of(t->at);
  return 0;
}

TEST(Scenario, S026_ANewLineIsNotSeenWhileLabelsRepeatAfterABackwardStep) {
  virtual_daemon d({{.id = "L1"}});
  d.start();
  d.run_until(60);
  d.step_clock(-30);
  d.run_until(65);
  d.reload({{.id = "L1"}, {.id = "L2"}});  // its labels begin at 35, and all up to 60 have been used
  d.run_until(120);
  d.stop();
  EXPECT_GT(first_seen(d), 59);
  EXPECT_LT(first_seen(d), 62);
}

TEST(Scenario, S027_ANewLineIsNotSeenBeforeTheHeartbeatOfTheRunBefore) {
  virtual_daemon d({{.id = "L1"}});
  d.start();
  d.run_until(60);
  d.stop();
  d.step_clock(-30);
  d.reload({{.id = "L1"}, {.id = "L2"}});
  d.start();
  d.run_until(120);
  d.stop();
  EXPECT_GT(first_seen(d), 59);
  EXPECT_LT(first_seen(d), 62);
}

TEST(Scenario, S012_ShortFailuresAreUnconfirmedAndUp) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 50 || t >= 50.3; };
  d.start();
  d.run_until(100);
  d.stop();
  EXPECT_THAT(d.outages(), testing::IsEmpty());
  EXPECT_EQ(d.books(0, 100).at(0).sums.down.count(), 0);
}

TEST(Scenario, S013_ALineIsNotDegradedByTheOutageItHasBehindIt) {
  virtual_daemon d({{.id = "L1"}, {.id = "lossy"}});
  d.up = [](const std::string& check, double t) {
    if (check == "lossy/icmp") return static_cast<int>(t * 100) % 7 != 0;
    return t < 50 || t >= 90;
  };
  d.start();
  d.run_until(150);
  d.stop();
  EXPECT_EQ(d.state("L1"), line_state::up);
  EXPECT_FALSE(d.degraded("L1"));
  EXPECT_TRUE(d.degraded("lossy"));
}

TEST(Scenario, S014_AReloadThatGivesALineAnotherCheckKeepsItsOpenOutage) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 50 || t >= 90; };
  d.start();
  d.run_until(60);
  d.reload({{.id = "L1", .checks = {"icmp", "tcp"}}});
  d.run_until(150);
  d.reload({{.id = "L1", .checks = {"tcp"}}});
  d.run_until(200);
  d.stop();
  ASSERT_EQ(d.outages().size(), 1U);
  EXPECT_TRUE(inside(50, d.outages()[0].began_edge));
  EXPECT_TRUE(inside(90, d.outages()[0].ended_edge));
  const auto row = d.books(0, 200).at(0);
  EXPECT_EQ(total(row.sums), milliseconds{200'000});
  EXPECT_NEAR(static_cast<double>(row.sums.down.count()), 40'000, 2'500);
}

TEST(Scenario, S015_ALineOpensAndClosesWithItsScope) {
  virtual_daemon d({{.id = "L1"}, {.id = "closed", .closed = wall_at(100)}});
  d.up = [](const std::string& check, double t) { return check == "L1/icmp" || t < 50; };
  d.start();
  d.run_until(200);
  d.stop();
  ASSERT_EQ(d.outages().size(), 1U);
  for (const auto& row : d.books(0, 200)) {
    if (row.key != "closed") continue;
    EXPECT_EQ(total(row.sums), milliseconds{100'000}) << "after its closing it is in no class";
    EXPECT_NEAR(static_cast<double>(row.sums.down.count()), 50'000, 1'500);
  }
}

TEST(Scenario, S017_AFailingHealthCheckColoursAnUpLineAndNothingMore) {
  virtual_daemon d({{.id = "L1", .checks = {"icmp", "page"}}, {.id = "L2", .checks = {"icmp", "page"}}});
  d.up = [](const std::string& check, double t) {
    if (check == "L1/page") return t < 50;
    if (check == "L2/page") return t < 50 || t >= 80;
    return true;
  };
  d.start();
  d.run_until(120);
  d.stop();
  EXPECT_THAT(d.outages(), testing::IsEmpty());
  EXPECT_EQ(d.state("L1"), line_state::up);
  EXPECT_TRUE(d.degraded("L1"));
  EXPECT_FALSE(d.degraded("L2")) << "well again";
}

/** Any pattern of outages of three seconds and more: each is found, with its true edges inside, and nothing else. */
RC_GTEST_PROP(Scenario, EveryOutageOfThreeSecondsIsInTheBooks, ()) {
  std::vector<std::pair<double, double>> cuts;
  double t = 10;
  const int n = *rc::gen::inRange(1, 6);
  for (int i = 0; i < n; ++i) {
    t += *rc::gen::inRange(6'000, 40'000) / 1000.0;
    const double length = *rc::gen::inRange(3'000, 60'000) / 1000.0;
    cuts.emplace_back(t, t + length);
    t += length;
  }
  virtual_daemon d({{.id = "L1"}});
  d.rtt_ms = *rc::gen::inRange(1, 80);
  d.up = [&](const std::string&, double now) {
    for (const auto& [from, to] : cuts)
      if (now >= from && now < to) return false;
    return true;
  };
  d.start();
  d.run_until(t + 20);
  d.stop();
  const auto all = d.outages();
  RC_ASSERT(all.size() == cuts.size());
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    RC_ASSERT(inside(cuts[i].first, all[i].began_edge));
    RC_ASSERT(inside(cuts[i].second, all[i].ended_edge));
  }
  const auto row = d.books(0, t + 20).at(0);
  RC_ASSERT(total(row.sums) == milliseconds{static_cast<std::int64_t>((t + 20) * 1000)});
  RC_ASSERT(row.sums.down_min <= row.sums.down && row.sums.down <= row.sums.down_max);
}

}  // namespace
}  // namespace changtong::scenarios
