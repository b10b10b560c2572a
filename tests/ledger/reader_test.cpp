#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

struct Reader : testing::Test {
  folder f;
  std::unique_ptr<writer> w = opened(f);
};

TEST_F(Reader, SumsOfALineWithOneOutage) {
  commit(*w, 100,
         {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1), down("L1", 50, 49), up_again("L1", 60, 59)});
  const auto s = measured(f, "L1", 0, 100);
  EXPECT_EQ(in_seconds(s.up), 89);
  EXPECT_EQ(in_seconds(s.down), 10);
  EXPECT_EQ(in_seconds(s.unknown), 1) << "before the first sample";
  EXPECT_EQ(in_seconds(s.down_min), 9);
  EXPECT_EQ(in_seconds(s.down_mid), 10);
  EXPECT_EQ(in_seconds(s.down_max), 11);
  EXPECT_EQ(s.outages, 1);
}

TEST_F(Reader, P01_MonitorDownIsUnknownNeverUp) {
  commit(*w, 100, {line("L1", 0), up("L1", 0)});
  commit(*w, 400, {stopped_watching(100), up("L1", 300)});
  const auto s = measured(f, "L1", 0, 400);
  EXPECT_EQ(in_seconds(s.up), 200);
  EXPECT_EQ(in_seconds(s.down), 0);
  EXPECT_EQ(in_seconds(s.unknown), 200);
}

TEST_F(Reader, TimeAfterTheHeartbeatIsUnknown) {
  commit(*w, 100, {line("L1", 0), up("L1", 0)});
  const auto s = measured(f, "L1", 0, 1000, 150);
  EXPECT_EQ(in_seconds(s.up), 100);
  EXPECT_EQ(in_seconds(s.unknown), 50);
}

TEST_F(Reader, P07_TimeAfterNowIsNotInThePeriod) {
  commit(*w, 100, {line("L1", 0), up("L1", 0)});
  const auto s = measured(f, "L1", 0, 1000, 100);
  EXPECT_EQ(in_seconds(s.up + s.unknown), 100);
  EXPECT_EQ(s.scope->to, at(100));
}

TEST_F(Reader, P06_LineIsNotUpBeforeItsAcceptance) {
  commit(*w, 100, {line("L1", 40), up("L1", 0)});
  const auto s = measured(f, "L1", 0, 100);
  EXPECT_EQ(in_seconds(s.up), 60);
  EXPECT_EQ(s.scope->from, at(40));
}

TEST_F(Reader, EmptyAcceptedMeansFromTheFirstEntry) {
  inventory_version v = line("L1", 0);
  v.json = R"({"id":"L1","category":"village"})";
  commit(*w, 100, {started{at(7), "0.1.0", ""}, v, up("L1", 10)});
  EXPECT_EQ(measured(f, "L1", 0, 100).scope->from, at(7));
}

TEST_F(Reader, RemovedLineLeavesItsBooksButNoMoreScope) {
  commit(*w, 100, {line("L1", 0), up("L1", 0)});
  commit(*w, 200, {inventory_version{at(150), "L1", "", "test"}});
  const auto s = measured(f, "L1", 0, 200);
  EXPECT_EQ(s.scope->to, at(150));
  EXPECT_EQ(in_seconds(s.up), 150);
}

TEST_F(Reader, DownAcrossAGapIsOneOutageWithAHole) {
  commit(*w, 100, {line("L1", 0), up("L1", 0), down("L1", 50, 49)});
  commit(*w, 300, {stopped_watching(100), still_down("L1", 200), up_again("L1", 250, 249)});
  const auto s = measured(f, "L1", 0, 300);
  EXPECT_EQ(in_seconds(s.down), 100);
  EXPECT_EQ(in_seconds(s.unknown), 100);
  EXPECT_EQ(s.outages, 1);
  const auto list = reading(f)->outages({at(0), at(300)}, "", 10);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].began, at(50));
  EXPECT_EQ(list[0].ended, at(250));
  EXPECT_THAT(list[0].holes, testing::ElementsAre(period{at(100), at(200)}));
}

TEST_F(Reader, OutageThatIsGoneAfterAGapEndsWhereTheGapBegan) {
  commit(*w, 100, {line("L1", 0), up("L1", 0), down("L1", 50, 49)});
  transition again = up_again("L1", 200, 100);
  commit(*w, 300, {stopped_watching(100), again});
  const auto s = measured(f, "L1", 0, 300);
  EXPECT_EQ(in_seconds(s.down), 50);
  EXPECT_EQ(in_seconds(s.unknown), 100);
  EXPECT_EQ(in_seconds(s.down_min), 50);
  EXPECT_EQ(in_seconds(s.down_max), 151) << "it may have lasted until the first good sample";
  EXPECT_EQ(reading(f)->outages({at(0), at(300)}, "", 10)[0].ended, at(100));
}

TEST_F(Reader, P13_ClosedGapLiesOverEveryTarget) {
  commit(*w, 100, {line("L1", 0), line("L2", 0), up("L1", 0), up("L2", 0), down("L2", 20, 19)});
  commit(*w, 100, {gap{at(30), at(40), cause::clock_step, "clock stepped by 10 s"}});
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 100).unknown), 10);
  EXPECT_EQ(in_seconds(measured(f, "L2", 0, 100).down), 70);
}

TEST_F(Reader, OpenOutageIsDownUpToTheHeartbeat) {
  commit(*w, 100, {line("L1", 0), up("L1", 0), down("L1", 50, 49)});
  const auto s = measured(f, "L1", 0, 1000, 120);
  EXPECT_EQ(in_seconds(s.down), 50);
  EXPECT_EQ(in_seconds(s.down_max), 51);
  EXPECT_EQ(in_seconds(s.unknown), 20);
  const auto list = reading(f)->outages({at(90), at(95)}, "L1", 10);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].ended, wall_max);
  EXPECT_THAT(list[0].holes, testing::ElementsAre(period{at(100), wall_max}));
}

TEST_F(Reader, P08_ApprovedWindowIsTakenOut) {
  commit(*w, 100,
         {line("L1", 0), up("L1", 0), window("W1", "L1", 5, 40, 60, "approved"), down("L1", 50, 49),
          up_again("L1", 70, 69)});
  const auto s = measured(f, "L1", 0, 100);
  EXPECT_EQ(in_seconds(s.excluded), 20);
  EXPECT_EQ(in_seconds(s.up), 70);
  EXPECT_EQ(in_seconds(s.down), 10) << "the overrun";
}

TEST_F(Reader, P04_UnconfirmedRunIsCountedButNotDown) {
  commit(*w, 100,
         {line("L1", 0), up("L1", 0), unconfirmed_run{"L1", "L1/icmp", at(30), at(31), 2, cause::timeout},
          unconfirmed_run{"L1", "L1/tcp", at(30), at(31), 2, cause::timeout}});
  const auto s = measured(f, "L1", 0, 100);
  EXPECT_EQ(s.unconfirmed, 2);
  EXPECT_EQ(s.down.count(), 0);
  EXPECT_EQ(measured(f, "L1", 31, 100).unconfirmed, 0) << "it belongs to the period of its first sample";
}

TEST_F(Reader, CauseComesToTheOutageItNames) {
  commit(*w, 100, {line("L1", 0), up("L1", 0), down("L1", 50, 49)});
  commit(*w, 101, {cause_found{"L1", at(50), cause::upstream, "T1"}});
  const auto list = reading(f)->outages({at(0), at(100)}, "", 10);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].found, cause::upstream);
  EXPECT_EQ(list[0].upstream, "T1");
  EXPECT_EQ(list[0].why, cause::timeout);
  EXPECT_EQ(list[0].decided_by, "L1/icmp");
}

TEST_F(Reader, OutagesComeLatestFirstAndAtMostTheLimit) {
  commit(*w, 100,
         {line("L1", 0), line("L2", 0), up("L1", 0), up("L2", 0), down("L1", 10, 9), up_again("L1", 20, 19),
          down("L2", 30, 29), up_again("L2", 40, 39), down("L1", 50, 49)});
  const auto list = reading(f)->outages({at(15), at(100)}, "", 2);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].began, at(50));
  EXPECT_EQ(list[1].target, "L2");
  EXPECT_EQ(reading(f)->outages({at(15), at(100)}, "L1", 10).size(), 2U);
  EXPECT_TRUE(reading(f)->outages({at(20), at(25)}, "", 10).empty());
}

TEST_F(Reader, AnOutageKnowsUnderWhichRulesItWasRecordedAndWhetherItFollowedOurOwnSilence) {
  transition after_ours = down("L1", 50, 49);
  after_ours.after_own_uplink = true;
  commit(*w, 100, {started{at(0), "0.3.0", ""}, line("L1", 0), up("L1", 0), down("L1", 10, 9), up_again("L1", 20, 19)});
  commit(*w, 100, {started{at(40), "0.4.0", "", 2}, after_ours, up_again("L1", 60, 59)});
  w.reset();
  w = opened(f);  // what the last start said is known again
  commit(*w, 200, {down("L1", 110, 109)});
  for (const bool rebuilt : {false, true}) {
    if (rebuilt) {
      w.reset();
      ASSERT_TRUE(rebuild(f.ledger(), {}));
    }
    const auto all = reading(f)->outages({at(0), at(200)}, "L1", 10);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[2].rules, 1);
    EXPECT_FALSE(all[2].after_own_uplink);
    EXPECT_EQ(all[1].rules, 2);
    EXPECT_TRUE(all[1].after_own_uplink);
    EXPECT_EQ(all[0].rules, 2);
    EXPECT_FALSE(all[0].after_own_uplink);
  }
}

TEST_F(Reader, BracketThatReachesIntoThePeriodCountsThere) {
  commit(*w, 100, {line("L1", 0), up("L1", 0), down("L1", 50, 40), up_again("L1", 60, 55)});
  double sum = 0;
  for (int s = 0; s < 100; ++s) sum += in_seconds(measured(f, "L1", s, s + 1).down_max);
  EXPECT_EQ(sum, 20);
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 100).down_max), 20);
}

TEST_F(Reader, NotALedgerIsRefused) { EXPECT_FALSE(reader::open((f.path / "nothing.db").string())); }

TEST_F(Reader, AnchorsAreNotInTheBooks) {
  inventory_version anchor{at(0), "anchor-1", R"({"id":"anchor-1","kind":"anchor"})", "test"};
  commit(*w, 100, {anchor, line("L1", 0), up("anchor-1", 0), up("L1", 0)});
  const auto all = reading(f)->targets();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "L1");
  EXPECT_EQ(all[0].town, "城南镇");
}

TEST_F(Reader, InventoryOfALaterCommitIsSeenByAnOpenReader) {
  commit(*w, 10, {line("L1", 0)});
  const auto r = reading(f);
  EXPECT_EQ(r->targets().size(), 1U);
  commit(*w, 20, {line("L2", 0)});
  EXPECT_EQ(r->targets().size(), 2U);
}

TEST_F(Reader, AGapStaysOverARunThatIsDecidedLongAfterIt) {
  // Two bad samples before the stop, the third after it: the outage from 90 is written after the gap from 100.
  commit(*w, 100, {line("L1", 0), up("L1", 0)});
  commit(*w, 300, {stopped_watching(100), down("L1", 90, 80), [] {
                     transition t = down("L1", 250, 80);
                     t.same_outage = true;
                     return t;
                   }()});
  const auto s = measured(f, "L1", 0, 300);
  EXPECT_EQ(in_seconds(s.up), 90);
  EXPECT_EQ(in_seconds(s.down), 10 + 50);
  EXPECT_EQ(in_seconds(s.unknown), 150);
  EXPECT_EQ(s.outages, 1);
}

TEST_F(Reader, AReplayedLedgerEndsWhereItsTraceEnds) {
  commit(*w, 100, {started{at(0), "0.1.0", "replay"}, line("L1", 0), up("L1", 0)});
  EXPECT_EQ(reader::open(f.ledger()).value()->now(at(5000)), at(100));
}

TEST_F(Reader, ALedgerOfTheDaemonEndsNow) {
  commit(*w, 100, {started{at(0), "0.1.0", "icmp: raw socket"}, line("L1", 0), up("L1", 0)});
  EXPECT_EQ(reader::open(f.ledger()).value()->now(at(5000)), at(5000));
}

}  // namespace
}  // namespace changtong::ledger
