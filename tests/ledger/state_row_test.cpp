// The signed state row: an editor without the key moves nothing of it within the unsealed day without being named.
#include <gmock/gmock.h>

#include <fstream>

#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/state_row.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::Contains;
using testing::HasSubstr;

struct StateRow : testing::TestWithParam<algorithm> {
  folder f;
  [[nodiscard]] std::unique_ptr<writer> run() const {
    return writer::open(f.ledger(), 0, {.key_file = {}, .kind = GetParam()}).value();
  }
  void SetUp() override {
    const auto w = run();
    commit(*w, 10, {line("L1", 0), up("L1", 1)});
    ASSERT_TRUE(w->commit({at(86'400 + 3600), {}, {{"L1/icmp", "2 bad"}, {"L2/icmp", "1 bad"}, {"L3/icmp", "x"}}}));
    ASSERT_TRUE(w->commit({at(86'400 + 3700), {}, {{"L1/icmp", "3 bad"}, {"L3/icmp", ""}}}));
  }
  void tamper(const std::string& sql) const { store(f.ledger(), store::mode::write).execute(sql.c_str()); }
  [[nodiscard]] proof seen(const verify_options& o = {}) const { return prove(f.ledger(), o, {}).value(); }
  void expect_wrong(const std::string& sql, const std::string& named) {
    tamper(sql);
    const proof p = seen();
    EXPECT_FALSE(p.ok) << sql;
    EXPECT_EQ(p.state, "wrong") << sql;
    EXPECT_THAT(p.text, HasSubstr(named));
  }
};
INSTANTIATE_TEST_SUITE_P(BothKinds, StateRow, testing::Values(algorithm::ed25519, algorithm::sm2),
                         [](const auto& of) { return of.param == algorithm::ed25519 ? "Ed25519" : "SM2"; });

TEST_P(StateRow, UntouchedIsSignedAlsoAfterACrashAndARebuild) {
  EXPECT_EQ(seen().state, "signed") << seen().text;
  EXPECT_TRUE(seen({.fingerprints = {std::string(bytes_of(seen().keys[0].fingerprint))}}).ok);
  ASSERT_TRUE(rebuild(f.ledger(), {}));
  EXPECT_EQ(seen().state, "signed");
  const auto w = run();
  EXPECT_EQ(w->seals().failures, 0U);
  commit(*w, 86'400 + 3800, {down("L1", 86'400 + 3790, 86'400 + 3789)});
  EXPECT_EQ(seen().state, "signed") << "state row and journal are of one commit: " << seen().text;
  ASSERT_TRUE(w->stop(at(86'400 + 3900)));
  EXPECT_EQ(seen().state, "signed") << seen().text;
}

TEST_P(StateRow, MovedHeartbeatIsNamed) {
  expect_wrong("UPDATE head SET heartbeat = heartbeat + 60000", "heartbeat");
  expect_wrong("UPDATE head SET heartbeat = heartbeat - 120000", "heartbeat");
  EXPECT_EQ(run()->seals().failures, 1U) << "the next start says it before it signs anew";
}

TEST_P(StateRow, EntriesThatNobodyMayAddByHandAreNamedAfterTheSignedOne) {
  const auto chained = [&](std::int64_t when, const std::string& kind, const std::string& body) {
    store s(f.ledger(), store::mode::write);
    const auto last = s.prepare("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
    ASSERT_TRUE(last->rows().step());
    const std::int64_t seq = last->integer(0) + 1;
    digest prev{};
    const std::string bytes(last->text(1));
    std::copy(bytes.begin(), bytes.end(), prev.begin());
    last->reset();
    const digest own = chain(prev, seq, wall_from_ms(when), kind, body);
    s.prepared("INSERT INTO journal(seq, at, kind, body, prev, hash) VALUES(?,?,?,?,?,?)")
        .run(seq, wall_from_ms(when), kind, body, statement::blob(bytes_of(prev)), statement::blob(bytes_of(own)));
    s.prepared("UPDATE head SET seq = ?, hash = ?").run(seq, statement::blob(bytes_of(own)));
  };
  const auto now = ms_of(at(86'400 + 3800));
  chained(now, "gap", R"({"from":1,"to":2,"why":"not_recorded","text":""})");
  ASSERT_TRUE(rebuild(f.ledger(), {}));
  EXPECT_EQ(seen().state, "wrong");
  EXPECT_THAT(seen().text, HasSubstr("after the signature"));
}

TEST_P(StateRow, WhatWasTamperedWithIsStillKnownWhenTheNextRunBegins) {
  commit(*run(), 86'400 + 3750, {started{.at = at(86'400 + 3750), .version = "t", .text = {}}});
  tamper("UPDATE head SET signature = NULL, heartbeat = heartbeat + 60000");
  EXPECT_THAT(run()->seals().trouble, HasSubstr("unsigned although a key sealed")) << "the start entry says it";
}

TEST_P(StateRow, FlippedStopMarkIsNamed) { expect_wrong("UPDATE head SET clean = 1 - clean", "clean stop"); }
TEST_P(StateRow, EditedCounterIsNamed) {
  expect_wrong("UPDATE memory SET text = '0' WHERE check_id='L1/icmp'", "memory");
}
TEST_P(StateRow, DeletedCounterIsNamed) { expect_wrong("DELETE FROM memory WHERE check_id='L2/icmp'", "memory"); }
TEST_P(StateRow, AddedCounterIsNamed) { expect_wrong("INSERT INTO memory VALUES('L9/icmp', 'x')", "memory"); }
TEST_P(StateRow, ChangedLineIsNamed) {
  expect_wrong("UPDATE head SET signature = replace(signature, '\"state\":1', '\"state\":2')", "signed line");
}

TEST_P(StateRow, AnotherKeyIsNamed) {
  state_line s =
      read_state_line(stored_state_line(*std::make_unique<store>(f.ledger(), store::mode::read)).value()).value();
  const auto forger = signing_key::make(GetParam()).value();
  s.key = forger.half().fingerprint();
  s.signature = forger.sign(signed_text(s)).value();
  expect_wrong("UPDATE head SET signature = '" + line_of(s) + "'", "another key");
}

/** It is anybody's to append to. */
TEST_P(StateRow, AnotherKeyThatWasPutIntoTheFileOfPublicKeysIsRemarkedOnAndToldByTheNextRun) {
  const auto forger = signing_key::make(GetParam()).value();
  ASSERT_TRUE(host::append_plain_file(public_file_of(f.ledger()), forger.half().pem(), 0644));
  state_line s =
      read_state_line(stored_state_line(*std::make_unique<store>(f.ledger(), store::mode::read)).value()).value();
  s.heartbeat -= std::chrono::minutes{1};
  s.key = forger.half().fingerprint();
  s.signature = forger.sign(signed_text(s)).value();
  tamper("UPDATE head SET heartbeat = heartbeat - 60000, signature = '" + line_of(s) + "'");
  EXPECT_THAT(seen().remarks, Contains(HasSubstr("another key than the last seal")));
  EXPECT_THAT(state_trouble(f.ledger())->en, HasSubstr("signed with another key"));
  EXPECT_THAT(run()->seals().found, HasSubstr("signed with another key"));
}

TEST_P(StateRow, AKeyReplacedByUsIsNoTrouble) {
  std::filesystem::rename(f.ledger() + ".key", f.ledger() + ".old");
  commit(*run(), 86'400 + 3800);
  EXPECT_TRUE(seen().ok) << seen().text;
  EXPECT_THAT(seen().remarks, Contains(HasSubstr("another key than the last seal")));
  EXPECT_EQ(state_trouble(f.ledger()).value(), phrase{});
  EXPECT_EQ(run()->seals().found, "");
}

TEST_P(StateRow, RemovedSignatureIsANoteAndWithAFingerprintAFailure) {
  tamper("UPDATE head SET signature = NULL");
  const proof p = seen();
  EXPECT_TRUE(p.ok) << p.text;
  EXPECT_EQ(p.state, "unsigned");
  EXPECT_THAT(p.remarks, Contains(HasSubstr("although a key sealed")));
  EXPECT_FALSE(seen({.fingerprints = {std::string(bytes_of(p.keys[0].fingerprint))}}).ok);
}

TEST_P(StateRow, RemovedSignatureIsAFailureOnceARunOfThisProgramHasSealed) {
  commit(*run(), 86'400 + 3800, {started{.at = at(86'400 + 3800), .version = "0.4.0", .text = {}}});
  tamper("UPDATE head SET signature = NULL");
  EXPECT_TRUE(seen().ok) << "no seal says yet that this run had a key: " << seen().text;
  commit(*run(), 2 * 86'400 + 3700);
  commit(*run(), 2 * 86'400 + 3800);
  EXPECT_TRUE(seen().ok) << seen().text;
  tamper("UPDATE head SET signature = NULL, heartbeat = heartbeat - 60000");
  EXPECT_FALSE(seen().ok);
  EXPECT_THAT(seen().text, HasSubstr("although a key sealed"));
  EXPECT_THAT(state_trouble(f.ledger())->en, HasSubstr("although a key sealed"));
}

/** On a ledger's first day no seal says that its runs had a key. */
TEST_P(StateRow, RemovedSignatureIsAFailureOnTheFirstDayToo) {
  const folder first;
  const auto opened_here = [&] {
    return writer::open(first.ledger(), 0, {.key_file = {}, .kind = GetParam()}).value();
  };
  const auto proved = [&](std::vector<std::string> named = {}) {
    return prove(first.ledger(), {.fingerprints = std::move(named)}, {}).value();
  };
  commit(*opened_here(), 10, {started{.at = at(5), .version = "0.4.0", .text = {}}, line("L1", 0), up("L1", 6)});
  const auto key = signing_key::load(key_file_of(first.ledger())).value().half().fingerprint();
  EXPECT_TRUE(proved({std::string(bytes_of(key))}).ok) << proved().text;
  store(first.ledger(), store::mode::write).execute("UPDATE head SET signature = NULL, heartbeat = heartbeat + 60000");
  EXPECT_FALSE(proved().ok);
  EXPECT_THAT(proved().text, HasSubstr("its runs had a key"));
  EXPECT_THAT(state_trouble(first.ledger())->en, HasSubstr("not signed")) << "nobody exports and signs it";
  std::filesystem::rename(public_file_of(first.ledger()), public_file_of(first.ledger()) + ".away");
  EXPECT_TRUE(proved().ok) << proved().text;
  EXPECT_THAT(proved().remarks, Contains(HasSubstr("not signed")));
  EXPECT_THAT(proved({std::string(bytes_of(key))}).text, HasSubstr("no signature to compare"));
  EXPECT_THAT(opened_here()->seals().found, HasSubstr("not signed")) << "the next start says it";
}

TEST_P(StateRow, TheTableOfStartsHidesNothingFromTheNextRun) {
  commit(*run(), 86'400 + 3750, {started{.at = at(86'400 + 3750), .version = "0.4.0", .text = {}}});
  tamper("UPDATE starts SET branch = ''; UPDATE head SET signature = NULL, heartbeat = heartbeat + 60000");
  EXPECT_THAT(run()->seals().found, HasSubstr("unsigned although a key sealed"));
}

/** 0.3.0 sealed and signed no state row; to enter something by hand, or to rebuild, makes it format 4. */
TEST_P(StateRow, OfALedgerOf030ThatOnlyAPersonHasOpenedIsNoTrouble) {
  tamper(
      "DROP TABLE starts; ALTER TABLE head DROP COLUMN signature; ALTER TABLE outages DROP COLUMN after_own_uplink;"
      "ALTER TABLE outages DROP COLUMN rules; PRAGMA user_version=3");
  EXPECT_EQ(state_trouble(f.ledger()).value(), phrase{});
  const duty_record duty{at(86'400 + 4000), "2026-03-15", "王工", "cli", "王工", ""};
  ASSERT_TRUE(writer::open(f.ledger(), 0, {.sealing = false}).value()->commit({{}, {duty}, {}}));
  EXPECT_TRUE(seen().ok) << seen().text;
  EXPECT_EQ(state_trouble(f.ledger()).value(), phrase{});
  EXPECT_EQ(run()->seals().found, "");
}

TEST_P(StateRow, LedgerWithoutTheColumnIsUnsignedUntilTheNextCommit) {
  tamper("ALTER TABLE head DROP COLUMN signature");
  EXPECT_TRUE(seen().ok) << seen().text;
  EXPECT_EQ(seen().state, "unsigned");
  commit(*run(), 86'400 + 3800);
  EXPECT_EQ(seen().state, "signed") << seen().text;
}

TEST_P(StateRow, UnreadableKeyLeavesTheRowUnsignedAndTheBooksGoOn) {
  const std::string key = f.ledger() + ".key";
  std::filesystem::rename(key, key + ".kept");
  std::ofstream(key) << "not a key";
  const auto w = run();
  commit(*w, 86'400 + 3800);
  EXPECT_EQ(seen().state, "unsigned");
  EXPECT_TRUE(seen().ok) << seen().text;
  EXPECT_GE(w->seals().failures, 1U);
  std::filesystem::rename(key + ".kept", key);
  commit(*w, 86'400 + 3860);
  EXPECT_EQ(seen().state, "signed") << seen().text;
  EXPECT_EQ(w->seals().trouble, "");
}

TEST_P(StateRow, AnEntryByHandThatBorrowsSomebodysTokenIsNamed) {
  window_record forged = window("W1", "L1", 86'400 + 4000, 2 * 86'400, 3 * 86'400, "approved");
  forged.via = "api: 王工@192.0.2.7";
  ASSERT_TRUE(writer::open(f.ledger(), 0, {.sealing = false}).value()->commit({{}, {forged}, {}}));
  EXPECT_EQ(seen().state, "wrong");
  EXPECT_THAT(seen().text, HasSubstr("written while no daemon ran"));
  EXPECT_THAT(run()->seals().found, HasSubstr("written while no daemon ran"));
}

TEST_P(StateRow, APersonsEntryLeavesWhatTheRunSigned) {
  const duty_record duty{at(86'400 + 4000), "2026-03-15", "王工", "cli", "王工", ""};
  ASSERT_TRUE(writer::open(f.ledger(), 0, {.sealing = false}).value()->commit({{}, {duty}, {}}));
  EXPECT_EQ(seen().state, "signed") << seen().text;
}

}  // namespace
}  // namespace changtong::ledger
