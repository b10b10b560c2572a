// A backup restored over a newer ledger: it goes on recording and sealing, and the newer file of seals stays as
// evidence.
#include "daemon/ledger/set_aside.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "daemon/host/plain_file.h"
#include "daemon/ledger/fork.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/state_row.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"
#include "tests/reading/two_languages.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr double day = 86'400;

/** Two sealed days, a backup, two more sealed days; then the backup is put back over the ledger. */
struct RestoredBackup : testing::Test {
  folder f, elsewhere;

  void SetUp() override {
    commit(*opened(f), 10, {a_start(0), line("L1", 0), up("L1", 1)});
    seal(1, 2);
    fs::copy_file(f.ledger(), elsewhere.ledger());
    seal(3, 4);
    newer = text_of(file());
  }
  std::string newer;

  static started a_start(double s) { return {.at = at(s), .version = "0.4.0", .text = {}, .rules = 2, .node = "n"}; }
  void seal(int first, int last) const {
    const auto w = opened(f);
    for (int i = first; i <= last; ++i)
      commit(*w, i * day + 3600, {annotation{at(i * day), "L1", at(5), "王工", "雷击"}});
  }
  void restore() const { fs::copy_file(elsewhere.ledger(), f.ledger(), fs::copy_options::overwrite_existing); }
  [[nodiscard]] std::string file() const { return seals_file_of(f.ledger()); }
  [[nodiscard]] std::string aside() const { return file() + ".2026-03-17"; }
  static std::string text_of(const std::string& path) { return host::read_plain_file(path, 1 << 20).value(); }
  static void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
  [[nodiscard]] proof seen(const verify_options& o = {}) const { return prove(f.ledger(), o, {}).value(); }
};

TEST_F(RestoredBackup, GoesOnWithItsOwnFileAndTheNewerOneIsSetAside) {
  restore();
  EXPECT_FALSE(seen().ok) << "until it is opened nobody knows whether it is a backup or a cut";
  const auto w = opened(f);
  EXPECT_EQ(w->seals().failures, 0U);
  EXPECT_EQ(text_of(aside()), newer);
  EXPECT_EQ(lines_in(text_of(file())).size(), 2U);
  commit(*w, 5 * day + 3600, {a_start(5 * day)});
  EXPECT_EQ(w->seals().count, 5);
  EXPECT_EQ(w->seals().failures, 0U);
  EXPECT_EQ(lines_in(text_of(file())).size(), 5U);
  const proof p = seen();
  EXPECT_TRUE(p.ok) << p.text;
  EXPECT_THAT(p.remarks, Contains(AllOf(HasSubstr(aside()), HasSubstr("backup made before 2026-03-16 was sealed"))));
  EXPECT_TRUE(tells_of_backup(p.branches.back().what.text, aside()))
      << "the start says so: " << p.branches.back().what.text;
  EXPECT_THAT(p.remarks, Contains(HasSubstr("entry 6, a start, says")));
}

TEST_F(RestoredBackup, IsBetrayedByTheFileSetAside) {
  restore();
  const auto w = opened(f);
  EXPECT_FALSE(seen({.seals_file = aside()}).ok);
  commit(*w, 5 * day + 3600, {a_start(5 * day)});
  const proof p = seen({.seals_file = aside()});
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.bad_seal, 3U) << p.text;
}

TEST_F(RestoredBackup, AndTheLedgerThatItReplacedAreAForkOfOneEntry) {
  const folder old;
  fs::copy_file(f.ledger(), old.ledger());
  restore();
  commit(*opened(f), 5 * day + 3600, {a_start(5 * day)});
  const auto c = compare_journals(f.ledger(), old.ledger(), {}).value();
  EXPECT_EQ(c.what, kinship::fork);
  EXPECT_EQ(c.common, 5);
  EXPECT_EQ(c.ours.branch.seq, 6) << "the start is a new branch of an old entry";
  EXPECT_EQ(c.theirs.branch.seq, 1);
}

TEST_F(RestoredBackup, OpenOutageLivesOnOverIt) {
  commit(*opened(f), 4 * day + 3700, {down("L1", 4 * day + 3650, 4 * day + 3649)});
  fs::copy_file(f.ledger(), elsewhere.ledger(), fs::copy_options::overwrite_existing);
  seal(5, 6);
  restore();
  const auto w = opened(f);
  ASSERT_EQ(w->restore().states.size(), 1U);
  EXPECT_EQ(w->restore().states[0].outage_began, at(4 * day + 3650));
  EXPECT_TRUE(fs::exists(file() + ".2026-03-19"));
}

TEST_F(RestoredBackup, SecondOneTakesAnotherNameAndNothingIsWrittenOver) {
  restore();
  seal(3, 4);
  restore();
  (void)opened(f);
  EXPECT_EQ(text_of(aside()), newer);
  EXPECT_EQ(lines_in(text_of(aside() + ".2")).size(), 4U);
  EXPECT_EQ(std::ranges::count_if(seen().remarks, [](const std::string& r) { return r.find("restored") != r.npos; }),
            2);
  commit(*opened(f), 5 * day + 3600, {a_start(5 * day)});
  EXPECT_TRUE(seen().ok) << "the first one is told again: its start is gone with what was replaced. " << seen().text;
}

TEST_F(RestoredBackup, IsToldByTheNextStartIfACrashCameBetween) {
  restore();
  (void)opened(f);
  EXPECT_THAT(seen().text, HasSubstr("no start says that it was set aside"));
  commit(*opened(f), 5 * day + 3600, {a_start(5 * day)});
  EXPECT_TRUE(seen().ok) << seen().text;
}

TEST_F(RestoredBackup, IsLeftToTheNextStartByWhoEntersSomethingByHand) {
  restore();
  const duty_record duty{at(5 * day), "2026-03-15", "王工", "cli", "王工", ""};
  ASSERT_TRUE(writer::open(f.ledger(), 0, {.sealing = false}).value()->commit({{}, {duty}, {}}));
  EXPECT_FALSE(fs::exists(aside())) << "no start would say so";
  commit(*opened(f), 5 * day + 3600, {a_start(5 * day)});
  EXPECT_EQ(text_of(aside()), newer);
  EXPECT_TRUE(seen().ok) << seen().text;
}

TEST_F(RestoredBackup, OfFormat3HasNoSignedStateRowAndGoesOn) {
  const folder old;
  const auto age = [&] {
    store(old.ledger(), store::mode::write)
        .execute(
            "DROP TABLE starts; ALTER TABLE head DROP COLUMN signature; ALTER TABLE outages DROP COLUMN "
            "after_own_uplink; ALTER TABLE outages DROP COLUMN rules; PRAGMA user_version=3");
  };
  commit(*opened(old), day + 3600, {line("L1", 0), up("L1", 1)});
  age();
  fs::copy_file(old.ledger(), elsewhere.ledger(), fs::copy_options::overwrite_existing);
  commit(*opened(old), 2 * day + 3600);
  fs::copy_file(elsewhere.ledger(), old.ledger(), fs::copy_options::overwrite_existing);
  commit(*opened(old), 3 * day + 3600, {a_start(3 * day)});
  EXPECT_TRUE(fs::exists(seals_file_of(old.ledger()) + ".2026-03-15"));
  const proof p = prove(old.ledger(), {}, {}).value();
  EXPECT_TRUE(p.ok) << p.text;
}

// ---- a cut that looks like one ------------------------------------------------------------------------------------

/** Who cuts journal, seals and state row has no key: the row is without signature, or has one of another key. */
struct CutLedger : RestoredBackup {
  void SetUp() override {
    RestoredBackup::SetUp();
    restore();
    sql("UPDATE head SET signature = NULL");
  }
  void sql(const std::string& text) const { store(f.ledger(), store::mode::write).execute(text.c_str()); }
  void start_once_more() const { commit(*opened(f), 2 * day + 3600, {a_start(5 * day)}); }
  void put_aside_by_hand() const {
    fs::rename(file(), aside());
    std::size_t own = newer.find('\n') + 1;
    own = newer.find('\n', own) + 1;
    write(file(), newer.substr(0, own));
  }
};

TEST_F(CutLedger, IsNoBackupAndTheStartSaysSo) {
  EXPECT_FALSE(seen().ok);
  EXPECT_THAT(seen().text, HasSubstr("the state row is not signed"));
  start_once_more();
  EXPECT_FALSE(fs::exists(aside()));
  EXPECT_EQ(text_of(file()), newer);
  const proof p = seen();
  EXPECT_FALSE(p.ok) << "signed by now, and the file still has what the ledger lacks";
  EXPECT_THAT(p.remarks, Contains(HasSubstr("not taken for a restored backup: the state row is not signed")));
}

/** The first start signs the row with the heartbeat of the cut: only its text still tells. */
TEST_F(CutLedger, IsNoBackupEitherWhenItIsOpenedAgain) {
  const folder g;
  commit(*opened(g), day + 3600, {a_start(0), line("L1", 0), up("L1", 1)});
  fs::copy_file(g.ledger(), elsewhere.ledger(), fs::copy_options::overwrite_existing);
  {
    const auto w = opened(g);
    commit(*w, day + 3700, std::vector<record>(5, annotation{at(day + 3700), "L1", at(5), "王工", "雷击"}));
    commit(*w, 2 * day + 3600);
  }
  fs::copy_file(elsewhere.ledger(), g.ledger(), fs::copy_options::overwrite_existing);
  store(g.ledger(), store::mode::write).execute("UPDATE head SET signature = NULL");
  for (int i = 0; i < 2; ++i) {
    commit(*opened(g), day + 3600, {a_start(5 * day)});
    EXPECT_FALSE(fs::exists(seals_file_of(g.ledger()) + ".2026-03-15")) << i;
  }
  EXPECT_FALSE(prove(g.ledger(), {}, {}).value().ok);
}

TEST_F(CutLedger, IsNotExcusedByAFileThatSomebodyElsePutAside) {
  put_aside_by_hand();
  EXPECT_FALSE(seen().ok);
  EXPECT_THAT(seen().text, HasSubstr("the state row is not signed"));
  start_once_more();
  EXPECT_FALSE(seen().ok) << "its start does not say that it was set aside";
  EXPECT_THAT(seen().text, HasSubstr("no start says that it was set aside"));
}

TEST_F(CutLedger, IsNoBackupThoughTheForgersOwnKeySignedIt) {
  const auto forger = signing_key::make(algorithm::ed25519).value();
  restore();
  state_line s =
      read_state_line(stored_state_line(*std::make_unique<store>(f.ledger(), store::mode::read)).value()).value();
  s.key = forger.half().fingerprint();
  s.signature = forger.sign(signed_text(s)).value();
  sql("UPDATE head SET signature = '" + line_of(s) + "'");
  ASSERT_TRUE(host::append_plain_file(public_file_of(f.ledger()), forger.half().pem(), 0644));
  start_once_more();
  EXPECT_FALSE(fs::exists(aside()));
  EXPECT_FALSE(seen().ok);
}

TEST_F(RestoredBackup, PostsAgainWhatIsWrittenAnew) {
  write(posted_file_of(f.ledger()), "4\n");
  restore();
  (void)opened(f);
  EXPECT_EQ(text_of(posted_file_of(f.ledger())), "2\n");
}

TEST_F(RestoredBackup, FromBeforeTheFirstSealIsKnownByTheKey) {
  const folder fresh;
  {
    const auto w = opened(fresh);
    commit(*w, 10, {a_start(0)});
  }
  const std::string early = (fresh.path / "early").string();
  fs::copy_file(fresh.ledger(), early);
  commit(*opened(fresh), day + 3600);
  fs::copy_file(early, fresh.ledger(), fs::copy_options::overwrite_existing);
  const auto w = opened(fresh);
  EXPECT_TRUE(fs::exists(seals_file_of(fresh.ledger()) + ".2026-03-14"));
  commit(*w, 2 * day + 3600);
  EXPECT_EQ(w->seals().failures, 0U);
}

TEST_F(RestoredBackup, NothingIsSaidOfABackupWhereTheChainIsBroken) {
  restore();
  (void)opened(f);
  store(f.ledger(), store::mode::write)
      .execute("DROP TRIGGER journal_is_append_only_update; UPDATE journal SET at = at + 1 WHERE seq = 2");
  const proof p = seen();
  EXPECT_EQ(p.first_bad, 2);
  EXPECT_TRUE(p.remarks.empty()) << "the rows of seals were not even read";
}

// ---- whatever else contradicts is left as it is -------------------------------------------------------------------

TEST_F(RestoredBackup, RowsOfSealsCutFromALedgerThatWentOnAreNoBackup) {
  store(f.ledger(), store::mode::write)
      .execute("DROP TRIGGER seals_are_append_only_delete; DELETE FROM seals WHERE number > 2");
  (void)opened(f);
  EXPECT_FALSE(fs::exists(aside()));
  EXPECT_EQ(text_of(file()), newer);
}

TEST_F(RestoredBackup, LinesOfAForgerAreNotBelieved) {
  restore();
  std::string forged = newer;
  forged[forged.rfind("signature") + 20] ^= 1;
  write(file(), forged);
  const auto w = opened(f);
  EXPECT_EQ(w->seals().failures, 1U);
  EXPECT_FALSE(fs::exists(aside()));
  EXPECT_EQ(text_of(file()), forged);
}

TEST_F(RestoredBackup, NewLedgerBesideAnOldFileIsNoBackup) {
  fs::remove(f.ledger());
  (void)opened(f);
  EXPECT_EQ(text_of(file()), newer);
}

TEST_F(RestoredBackup, CopyMadeByHandThatSaysNothingNewIsNotRemarkedOn) {
  write(file() + ".2026-03-15", newer.substr(0, newer.find('\n') + 1));
  write(file() + ".bak", "anything");
  for (const std::string& r : seen().remarks) EXPECT_THAT(r, testing::Not(HasSubstr("restored")));
}

TEST(Doubt, HasItsReasonInEachLanguageWhole) {
  const phrase words = words_of_doubt(both("状态行与它的签名不符：{}", "the state row does not match its signature: {}",
                                           phrase{"心跳被改动过", "the heartbeat was changed"}));
  EXPECT_EQ(words.cn,
            "封存文件比账本新，但状态行与它的签名不符：心跳被改动过：不能当作恢复的备份，可能被截断，封存文件留在原处");
  EXPECT_TRUE(words.en.ends_with(": the state row does not match its signature: the heartbeat was changed"))
      << words.en;
  EXPECT_FALSE(fakes::has_chinese(words.en)) << words.en;
  EXPECT_TRUE(tells_of_doubt(to_string(words)));
}

}  // namespace
}  // namespace changtong::ledger
