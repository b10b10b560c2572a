// Who recorded it: every start opens a branch that names the entry before it, and the journal is held to its word.
#include "daemon/ledger/branches.h"

#include <gmock/gmock.h>

#include "daemon/host/digest.h"
#include "daemon/ledger/fork.h"
#include "daemon/ledger/sql_tables.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::HasSubstr;

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
    return row->rows(seq).step() ? host::hex(row->text(0)) : std::string();
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

// ---- verify ---------------------------------------------------------------------------------------------------------

struct VerifiedBranches : Branches {
  void SetUp() override {
    commit(*opened(f), 10, {a_start(0), line("L1", 0), up("L1", 1)});
    commit(*opened(f), 100, {stopped_watching(50), a_start(90), up("L1", 95)});
    commit(*opened(f), 200, {a_start(150)});
  }
  [[nodiscard]] proof seen() const { return prove(f.ledger(), {}, {}).value(); }
  /** Edits bodies, computes the chain anew and drops the signature that would betray it. */
  void edit(const std::string& sql) const {
    store s(f.ledger(), store::mode::write);
    s.execute("DROP TRIGGER IF EXISTS journal_is_append_only_update");
    s.execute(sql.c_str());
    digest prev{};
    const std::int64_t last = s.number("SELECT max(seq) FROM journal");
    for (std::int64_t seq = 1; seq <= last; ++seq) {
      const auto row = s.prepare("SELECT at, kind, body FROM journal WHERE seq = ?");
      ASSERT_TRUE(row->rows(seq).step());
      const digest own = chain(prev, seq, row->instant(0), row->text(1), row->text(2));
      row->reset();
      s.prepared("UPDATE journal SET prev = ?, hash = ? WHERE seq = ?")
          .run(statement::blob(bytes_of(prev)), statement::blob(bytes_of(own)), seq);
      prev = own;
    }
    s.prepared("UPDATE head SET hash = ?, signature = NULL").run(statement::blob(bytes_of(prev)));
  }
  /** And makes the tables from it: what a patient hand leaves. */
  void tamper(const std::string& sql) const {
    edit(sql);
    ASSERT_TRUE(rebuild(f.ledger(), {}));
  }
};

TEST_F(VerifiedBranches, AreNamedWithNodeInstantAndEntries) {
  const proof p = seen();
  EXPECT_TRUE(p.ok) << p.text;
  ASSERT_EQ(p.branches.size(), 3U);
  EXPECT_EQ(p.branches[0].what.seq, 1);
  EXPECT_EQ(p.branches[0].what.entries, 4);
  EXPECT_EQ(p.branches[1].what.entries, 2);
  EXPECT_EQ(p.branches[1].since, "2026-03-14T00:01:30.000+08:00");
  EXPECT_EQ(p.branches[2].what.node, "区政府机房");
  EXPECT_EQ(p.branches[2].what.branch, starts().at(2).what.branch);
}

TEST_F(VerifiedBranches, StartWhoseParentIsNotTheEntryBeforeItIsNamed) {
  tamper("UPDATE journal SET body = replace(body, '城南镇', '城北镇') WHERE seq = 2");
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.first_bad, 5) << "the chain and the tables are whole: only the start remembers";
  EXPECT_THAT(p.text, HasSubstr("put together from two"));
}

TEST_F(VerifiedBranches, LedgerOfFormat3GoesOnAfterItsLastEntryAndStillVerifies) {
  edit("UPDATE journal SET body = json_remove(body, '$.rules', '$.node', '$.branch', '$.parent') WHERE kind = 'start'");
  store(f.ledger(), store::mode::write)
      .execute(
          "DROP TABLE starts; ALTER TABLE head DROP COLUMN signature; ALTER TABLE outages DROP COLUMN "
          "after_own_uplink; ALTER TABLE outages DROP COLUMN rules;"
          "PRAGMA user_version=3");
  EXPECT_TRUE(seen().ok) << "as it is: " << seen().text;
  EXPECT_EQ(seen().branches.at(2).what.branch, "");
  commit(*opened(f), 300, {a_start(250)});
  EXPECT_EQ(starts().back().what.parent, (branch_point{"", 7, hash_of(7)}));
  commit(*opened(f), 400, {a_start(350)});
  EXPECT_EQ(starts().back().what.parent.branch, starts().at(3).what.branch);
  EXPECT_TRUE(seen().ok) << seen().text;
}

TEST(BranchWalk, AsksEveryStartForItsParent) {
  const digest one{1}, two{2};
  const auto start = [](std::string branch, branch_point parent) {
    started s = a_start(0);
    s.branch = std::move(branch);
    s.parent = std::move(parent);
    return encode(s, at(0)).body;
  };
  const std::string a(32, 'a'), b(32, 'b'), hash = host::hex(bytes_of(one));
  const auto bad = [&](const std::string& first, const std::string& second) {
    branch_walk w;
    w.step(1, "start", first, one);
    w.step(2, "start", second, two);
    return w.bad();
  };
  EXPECT_EQ(bad(start(a, {}), start(b, {a, 1, hash})), 0);
  EXPECT_EQ(bad(start("", {}), start("", {})), 0) << "format 3";
  EXPECT_EQ(bad(start("", {}), start(b, {"", 1, hash})), 0) << "format 3, brought over";
  EXPECT_EQ(bad(start(a, {"", 1, hash}), start(b, {a, 1, hash})), 1) << "nothing is before the first entry";
  EXPECT_EQ(bad(start(a, {}), start(b, {b, 1, hash})), 2) << "another branch";
  EXPECT_EQ(bad(start(a, {}), start(b, {a, 2, hash})), 2) << "another place";
  EXPECT_EQ(bad(start(a, {}), start(b, {a, 1, host::hex(bytes_of(two))})), 2) << "another hash";
  EXPECT_EQ(bad(start(a, {}), start(b, {})), 2) << "no parent";
  EXPECT_EQ(bad(start(a, {}), start("", {})), 2) << "no branch after one";
}

// ---- two ledgers ----------------------------------------------------------------------------------------------------

struct Forks : Branches {
  folder backup;

  void SetUp() override {
    commit(*opened(f), 10, {a_start(0), line("L1", 0), up("L1", 1)});
    copy();
  }
  void copy() const {
    std::filesystem::copy_file(f.ledger(), backup.ledger(), std::filesystem::copy_options::overwrite_existing);
  }
  [[nodiscard]] journal_comparison compared() const {
    return compare_journals(f.ledger(), backup.ledger(), {}).value();
  }
};

TEST_F(Forks, CopyIsTheSame) {
  EXPECT_EQ(compared().what, kinship::same);
  EXPECT_TRUE(compared().ok());
}

TEST_F(Forks, OlderBackupIsSoManyEntriesBehind) {
  commit(*opened(f), 100, {a_start(90), up("L1", 95)});
  EXPECT_EQ(compared().what, kinship::ahead);
  EXPECT_EQ(compared().common, 3);
  EXPECT_EQ(compared().ours.after, 2);
  EXPECT_THAT(compared().text, HasSubstr("2 entries behind"));
  EXPECT_EQ(compare_journals(backup.ledger(), f.ledger(), {})->what, kinship::behind);
  EXPECT_TRUE(compared().ok());
}

TEST_F(Forks, BackupThatGoesOnBesideTheLedgerIsAForkOfTheLastCommonEntry) {
  commit(*opened(f), 100, {up("L1", 95)});  // the daemon went on in its branch
  commit(*opened(backup), 300, {stopped_watching(10), a_start(200), up("L1", 210)});
  const journal_comparison c = compared();
  EXPECT_EQ(c.what, kinship::fork);
  EXPECT_FALSE(c.ok());
  EXPECT_EQ(c.common, 3);
  EXPECT_EQ(host::hex(bytes_of(c.hash)), hash_of(3));
  EXPECT_EQ(c.label, "2026-03-14T00:00:01.000+08:00");
  EXPECT_EQ(c.ours.branch.branch, starts().at(0).what.branch);
  EXPECT_EQ(c.ours.after, 1);
  EXPECT_EQ(c.ours.starts, 0);
  EXPECT_EQ(c.theirs.after, 3);
  EXPECT_EQ(c.theirs.starts, 1);
  EXPECT_EQ(c.theirs.branch.node, "区政府机房");
  EXPECT_THAT(c.text, HasSubstr("a fork: both go on after entry 3"));
}

TEST_F(Forks, BothChildrenOfAForkVerifyByThemselves) {
  commit(*opened(f), 100, {a_start(90), up("L1", 95)});
  commit(*opened(backup), 100, {a_start(90), up("L1", 95)});
  EXPECT_EQ(compared().what, kinship::fork) << "the same words, but another branch";
  EXPECT_EQ(compared().ours.branch.seq, 4);
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  EXPECT_TRUE(prove(backup.ledger(), {}, {})->ok);
}

TEST_F(Forks, LedgersWithoutACommonEntryAreStrangersAndABrokenOneIsNotCompared) {
  std::filesystem::remove(backup.ledger());
  commit(*opened(backup), 10, {a_start(0)});
  EXPECT_EQ(compared().what, kinship::strangers);
  EXPECT_FALSE(compared().ok());
  store(backup.ledger(), store::mode::write).execute("UPDATE head SET seq = 7");
  EXPECT_EQ(compared().what, kinship::broken);
  EXPECT_THAT(compared().text, HasSubstr("the tail is cut"));
}

TEST(ForksOfLongJournals, AreFoundInAnyPlace) {
  for (const int common : {1, 2, 7, 64, 65}) {
    const folder one, other;
    const auto until = [&](const folder& where, int first, int last, const std::string& by) {
      const auto w = opened(where);
      for (int i = first; i <= last; ++i) commit(*w, i, {annotation{at(i), "L1", at(i), by, "雷击"}});
    };
    until(one, 1, common, "王工");
    std::filesystem::copy_file(one.ledger(), other.ledger());
    until(one, common + 1, common + 5, "王工");
    until(other, common + 1, common + 40, "李工");
    const auto c = compare_journals(one.ledger(), other.ledger(), {}).value();
    EXPECT_EQ(c.what, kinship::fork);
    EXPECT_EQ(c.common, common);
    EXPECT_EQ(c.theirs.after, 40);
  }
}

}  // namespace
}  // namespace changtong::ledger
