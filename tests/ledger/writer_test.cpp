#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

TEST(Writer, FreshLedgerHasNothingToRestore) {
  const folder f;
  const auto w = opened(f);
  const restored r = w->restore();
  EXPECT_TRUE(r.fresh);
  EXPECT_FALSE(r.crashed);
  EXPECT_TRUE(r.states.empty());
}

TEST(Writer, SecondWriterIsRefusedWithASentence) {
  const folder f;
  const auto w = opened(f);
  const auto second = writer::open(f.ledger());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text_en, testing::HasSubstr("another process is writing this ledger"));
}

TEST(Writer, LedgerFileIsNotForEverybodysEyes) {
  const folder f;
  const auto w = opened(f);
  struct stat s{};
  ASSERT_EQ(::stat(f.ledger().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0640U);
}

TEST(Writer, MissingFolderIsAnError) {
  const auto w = writer::open("/nonexistent/folder/ledger.db");
  ASSERT_FALSE(w);
  EXPECT_THAT(w.error().text, testing::HasSubstr("/nonexistent/folder/ledger.db"));
}

TEST(Writer, SomebodyElsesFileIsRefused) {
  const folder f;
  std::ofstream(f.ledger())
      << "these are the accounts of somebody else, in plain text, long enough to be no empty file\n";
  const auto w = writer::open(f.ledger());
  ASSERT_FALSE(w);
}

TEST(Writer, CleanStopIsNoCrash) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.1.0", ""}, up("L1", 1)});
    ASSERT_TRUE(w->stop(at(12)));
  }
  const restored r = opened(f)->restore();
  EXPECT_FALSE(r.fresh);
  EXPECT_FALSE(r.crashed);
  EXPECT_EQ(r.heartbeat, at(12));
}

TEST(Writer, RunThatDidNotStopIsACrashAtItsLastHeartbeat) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.1.0", ""}});
    ASSERT_TRUE(w->stop(at(12)));
  }
  {
    const auto w = opened(f);
    commit(*w, 20, {started{at(20), "0.1.0", ""}});
    commit(*w, 25);
  }
  const restored r = opened(f)->restore();
  EXPECT_TRUE(r.crashed);
  EXPECT_EQ(r.heartbeat, at(25));
}

TEST(Writer, HeartbeatNeverGoesBack) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 25);
  commit(*w, 20);
  EXPECT_EQ(reading(f)->heartbeat(), at(25));
}

TEST(Writer, OpenOutageAndMemoryComeBackAfterARestart) {
  const folder f;
  {
    const auto w = opened(f);
    ledger_batch b = batch(100, {line("L1", 0), up("L1", 1), up("L2", 1), down("L1", 50, 49), unknown("L1", 60),
                                 cause_found{"L1", at(50), cause::upstream, "T1"}});
    b.memory = {{"L1/icmp", "bad 3"}, {"L2/icmp", "bad 1"}};
    ASSERT_TRUE(w->commit(b));
    ledger_batch forget = batch(101);
    forget.memory = {{"L2/icmp", ""}};
    ASSERT_TRUE(w->commit(forget));
  }
  const restored r = opened(f)->restore();
  ASSERT_EQ(r.states.size(), 2U);
  EXPECT_EQ(r.states[0].target, "L1");
  EXPECT_EQ(r.states[0].believed, line_state::down);
  EXPECT_EQ(r.states[0].outage_began, at(50));
  EXPECT_TRUE(r.states[0].cause_known);
  EXPECT_EQ(r.states[0].why, cause::upstream);
  EXPECT_EQ(r.states[1].believed, line_state::up);
  ASSERT_EQ(r.memory.size(), 1U);
  EXPECT_EQ(r.memory[0].text, "bad 3");
  ASSERT_EQ(r.inventory.size(), 1U);
  EXPECT_EQ(r.inventory[0].json, line("L1", 0).json);
}

TEST(Writer, UnchangedInventoryIsNotWrittenAgain) {
  const folder f;
  const auto w = opened(f);
  const auto first = w->commit(batch(1, {line("L1", 0), policy_version{at(0), "Asia/Shanghai", "{}", "x"}}));
  const auto again = w->commit(batch(2, {line("L1", 0), policy_version{at(1), "Asia/Shanghai", "{}", "x"}}));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(*first, 2);
  EXPECT_EQ(*again, 2);
  EXPECT_EQ(*w->commit(batch(3, {line("L1", 5)})), 3);
}

TEST(Writer, RestoredInventoryIsTheLastVersionWithoutWhatWasRemoved) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 1, {line("L1", 0), line("L2", 0), line("L3", 0)});
    commit(*w, 2,
           {line("L1", 5), inventory_version{at(2), "L2", "", "test"}, inventory_version{at(2), "L3", "", "test"}});
    commit(*w, 3, {line("L3", 7)});
  }
  const restored r = opened(f)->restore();
  ASSERT_EQ(r.inventory.size(), 2U);
  EXPECT_EQ(r.inventory[0].json, line("L1", 5).json);
  EXPECT_EQ(r.inventory[1].json, line("L3", 7).json);
}

TEST(Writer, ResumptionsOfOneCommitAreOneEntry) {
  const folder f;
  const auto w = opened(f);
  std::vector<record> all;
  for (int i = 0; i < 500; ++i) all.emplace_back(up("L" + std::to_string(i), 1));
  const auto seq = w->commit(batch(2, all));
  ASSERT_TRUE(seq);
  EXPECT_EQ(*seq, 1);
}

TEST(Writer, EndOfAnOutageIsAnEntryOfItsOwn) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 1, {up("L1", 1), up("L2", 1)});
  EXPECT_EQ(*w->commit(batch(20, {down("L1", 10, 9)})), 2);
  EXPECT_EQ(*w->commit(batch(30, {up_again("L1", 20, 19), up("L2", 20)})), 4);
}

TEST(Writer, ResumptionsDoNotPassAGapThatCameBetweenThem) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 2, {line("L1", 0), line("L2", 0), up("L1", 1), up("L2", 1), stopped_watching(2)});
  EXPECT_EQ(*w->commit(batch(45, {up("L1", 20), stopped_watching(30), up("L2", 40)})), 7)
      << "two lines, L1 and L2 together, a gap; L1, a gap, L2";
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 45).unknown), 1 + 18 + 15);
  EXPECT_EQ(in_seconds(measured(f, "L2", 0, 45).unknown), 1 + 38);
}

TEST(Writer, AGapEndsWithWhatIsWrittenOfItsVeryFirstInstantAndLiesOverWhatWasBefore) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 2, {line("L1", 0), line("L2", 0), up("L1", 1), up("L2", 1)});
  commit(*w, 30, {stopped_watching(10), down("L1", 10, 9), down("L2", 9, 8)});  // decided after it
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 30).down), 20);
  EXPECT_EQ(in_seconds(measured(f, "L2", 0, 30).down), 1);
  EXPECT_EQ(in_seconds(measured(f, "L2", 0, 30).unknown), 1 + 20);
}

TEST(Writer, TransitionBeforeTheLastOneIsLeftOutAndHoldsUpNothing) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 10, {up("L1", 5)});
  EXPECT_EQ(*w->commit(batch(20, {up("L2", 6), down("L1", 4, 3)})), 2) << "the other line's record is there";
  EXPECT_EQ(reading(f)->heartbeat(), at(20));
  EXPECT_EQ(*w->commit(batch(30, {down("L1", 25, 24)})), 3);
}

TEST(Writer, FullLedgerTakesNothingOfABatchAndAllOfItLater) {
  const folder f;
  std::vector<record> many;
  for (int i = 0; i < 2000; ++i) many.emplace_back(down("L" + std::to_string(i), 10, 9));
  {
    auto limited = writer::open(f.ledger(), 300'000);
    ASSERT_TRUE(limited);
    commit(**limited, 5, {up("L1", 1)});
    const auto full = (*limited)->commit(batch(20, many));
    ASSERT_FALSE(full);
    EXPECT_THAT(full.error().text_en, testing::HasSubstr("full"));
    EXPECT_EQ(reading(f)->heartbeat(), at(5));
    EXPECT_EQ(*(*limited)->commit(batch(6)), 1) << "a heartbeat still fits";
    EXPECT_FALSE((*limited)->commit(batch(20, many)));
  }
  const auto w = opened(f);
  const auto later = w->commit(batch(20, many));
  ASSERT_TRUE(later) << to_string(later.error());
  EXPECT_EQ(*later, 2001);
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
}

}  // namespace
}  // namespace changtong::ledger
