// Who recorded it: every start opens a branch that names the entry before it, and the journal is held to its word.
#include "daemon/ledger/branches.h"

#include <gmock/gmock.h>

#include "daemon/ledger/sql_tables.h"
#include "daemon/ledger/store.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

started a_start(double s, std::string text = {}) {
  return {.at = at(s), .version = "0.4.0", .text = std::move(text), .rules = 2, .node = "区政府机房"};
}

struct Branches : testing::Test {
  folder f;

  [[nodiscard]] std::vector<start_row> starts() const {
    store s(f.ledger(), store::mode::read);
    return sql_tables(s).starts();
  }
  [[nodiscard]] std::string hash_of(std::int64_t seq) const {
    store s(f.ledger(), store::mode::read);
    const auto row = s.prepare("SELECT hash FROM journal WHERE seq = ?");
    return row->rows(seq).step() ? hex(row->text(0)) : std::string();
  }
};

TEST_F(Branches, FirstStartHasABranchAndNoParent) {
  commit(*opened(f), 10, {a_start(0), line("L1", 0)});
  const started first = starts().at(0).what;
  EXPECT_EQ(first.node, "区政府机房");
  EXPECT_EQ(first.branch.size(), 32U);
  EXPECT_EQ(first.parent, branch_point{});
}

TEST_F(Branches, LaterStartNamesTheEntryBeforeItAndTheBranchThatWroteIt) {
  commit(*opened(f), 10, {a_start(0), line("L1", 0), up("L1", 1)});
  // What waits to be packed with it comes later in the journal, so that the start follows the gap.
  commit(*opened(f), 100, {stopped_watching(50), a_start(90), up("L1", 95)});
  const auto all = starts();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].seq, 5);
  EXPECT_EQ(all[1].what.parent, (branch_point{all[0].what.branch, 4, hash_of(4)}));
  EXPECT_NE(all[1].what.branch, all[0].what.branch);
}

TEST_F(Branches, StartAfterEntriesWithoutAStartHasAParentWithoutABranch) {
  const auto w = opened(f);
  commit(*w, 10, {line("L1", 0)});
  commit(*w, 20, {a_start(20)});
  EXPECT_EQ(starts().at(0).what.parent, (branch_point{"", 1, hash_of(1)}));
}

TEST_F(Branches, CommitThatFailedLeavesNoBranchBehind) {
  const auto w = opened(f);
  commit(*w, 10, {a_start(0), line("L1", 0)});
  {
    store other(f.ledger(), store::mode::write);
    const transaction held(other, "BEGIN IMMEDIATE");
    EXPECT_FALSE(w->commit(batch(20, {a_start(20)})));
  }
  commit(*w, 30, {a_start(30)});
  const auto all = starts();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].what.parent.branch, all[0].what.branch);
}

TEST_F(Branches, TwoRunsOfOneDistrictHaveDifferentBranchesAndTwoReplaysTheSame) {
  const auto recorded = [](const std::string& text) {
    const folder own;
    const auto w = opened(own);
    commit(*w, 10, {a_start(0, text), line("L1", 0)});
    commit(*w, 20, {a_start(20, text)});
    return w->last_hash();
  };
  EXPECT_NE(recorded(""), recorded(""));
  EXPECT_EQ(recorded("replay"), recorded("replay"));
}

TEST(BranchOfAReplay, IsMadeOfTheHashBeforeItAsTheReadmeSays) {
  digest before{};
  EXPECT_EQ(new_branch(a_start(0, "replay"), before), "d739e4343cf2a54c996e23904f0604d9");
}

}  // namespace
}  // namespace changtong::ledger
