// An attacker with a database tool, with and without patience: whatever he does to journal, state row, seals or their
// file is found, and where. He lacks the private key.
#include <gmock/gmock.h>

#include <fstream>

#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::HasSubstr;

constexpr double day = 86'400;

/** Twelve entries and four sealed days: seals after entries 5, 7, 9, 11; entry 12 is of today. */
struct Audit : testing::Test {
  folder f;

  void SetUp() override {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1)});
    for (int i = 1; i <= 4; ++i)
      commit(*w, i * day + 3600,
             {down("L1", i * day - 100, i * day - 101), up_again("L1", i * day - 50, i * day - 51)});
    commit(*w, 4 * day + 3700, {annotation{at(4 * day + 3700), "L1", at(5), "王工", "雷击"}});
    tampering.emplace(f.ledger(), store::mode::write);
    tampering->execute(
        "DROP TRIGGER journal_is_append_only_update; DROP TRIGGER journal_is_append_only_delete;"
        "DROP TRIGGER seals_are_append_only_update; DROP TRIGGER seals_are_append_only_delete");
  }
  std::optional<store> tampering;

  void tamper(const std::string& sql) { tampering->execute(sql.c_str()); }
  [[nodiscard]] proof seen(const verify_options& o = {}) const { return prove(f.ledger(), o, {}).value(); }
  [[nodiscard]] std::string file() const { return seals_file_of(f.ledger()); }
  [[nodiscard]] std::vector<std::string> filed() const {
    return lines_in(host::read_plain_file(file(), 1 << 20).value());
  }
  void write_file(const std::vector<std::string>& lines) const {
    std::ofstream out(file(), std::ios::binary);
    for (const std::string& l : lines) out << l << '\n';
  }
  [[nodiscard]] std::int64_t number(const char* sql) { return tampering->number(sql); }

  /** Every hash anew, and the state row: a chain as whole as the first. */
  void make_chain_whole() {
    digest prev{};
    std::int64_t seq = 0;
    struct row {
      std::int64_t seq;
      wall_t at;
      std::string kind, body;
    };
    std::vector<row> rows;
    statement& each = tampering->prepared("SELECT seq, at, kind, body FROM journal ORDER BY seq");
    for (each.rows(); each.step();)
      rows.push_back({each.integer(0), each.instant(1), std::string(each.text(2)), std::string(each.text(3))});
    each.reset();
    for (const row& r : rows) {
      const digest own = chain(prev, r.seq, r.at, r.kind, r.body);
      tampering->prepared("UPDATE journal SET prev = ?, hash = ? WHERE seq = ?")
          .run(statement::blob(bytes_of(prev)), statement::blob(bytes_of(own)), r.seq);
      prev = own;
      seq = r.seq;
    }
    tampering->prepared("UPDATE head SET seq = ?, hash = ?").run(seq, statement::blob(bytes_of(prev)));
  }
  /** Cuts journal, state row and seal rows after entry `last`, so that they agree with each other. */
  void cut_after(std::int64_t last) {
    tamper(fmt::format("DELETE FROM journal WHERE seq > {}", last));
    make_chain_whole();
    std::int64_t keep = 0;
    for (const std::string& l : filed()) keep += read_seal(l)->seq <= last ? 1 : 0;
    tamper(fmt::format("DELETE FROM seals WHERE number > {}", keep));
  }
};

TEST_F(Audit, UntouchedLedgerIsProvenDayByDay) {
  const proof p = seen();
  EXPECT_TRUE(p.ok) << p.text;
  EXPECT_EQ(p.entries, 12);
  EXPECT_EQ(p.seals, 4);
  EXPECT_EQ(p.sealed_to, at(4 * day));
  ASSERT_EQ(p.keys.size(), 1U);
  EXPECT_THAT(p.text, HasSubstr(short_form(p.keys[0].fingerprint)));
  EXPECT_THAT(p.remarks, testing::Contains(HasSubstr("origin not proven")));
}

// ---- one byte anywhere
// -----------------------------------------------------------------------------------------------

/** Flips bits of every value of every row, one at a time, and puts it back. Where a line is long not every byte of it:
 * that each one counts is seal_test's. */
struct Sweep : Audit {
  struct finding {
    bool ok;
    std::int64_t entry;
    std::size_t seal;
    std::string text;
  };
  void each_flip(const std::string& table, const std::string& key, const std::string& column, std::size_t stride,
                 const std::function<void(std::int64_t row, const finding&)>& check) {
    std::vector<std::pair<std::int64_t, std::string>> values;
    const std::string all = "SELECT " + key + ", CAST(" + column + " AS BLOB), typeof(" + column + ") FROM " + table;
    std::string type;
    statement& each = tampering->prepared(all.c_str());
    for (each.rows(); each.step();) {
      values.emplace_back(each.integer(0), std::string(each.text(1)));
      type = each.text(2);
    }
    each.reset();
    tampering->forget_statements();
    const auto set = [&](std::int64_t row, const std::string& bytes, const char* as) {
      tamper(fmt::format("UPDATE {} SET {} = CAST(x'{}' AS {}) WHERE {} = {}", table, column, host::hex(bytes), as, key,
                         row));
    };
    const char* as = type == "blob" ? "BLOB" : type == "text" ? "TEXT" : "INTEGER";
    for (const auto& [row, value] : values)
      for (std::size_t i = 0; i < value.size(); i += stride) {
        std::string flipped = value;
        flipped[i] = static_cast<char>(flipped[i] ^ (type == "integer" ? 2 : 1));
        if (type == "integer" && (flipped[i] < '0' || flipped[i] > '9')) continue;
        set(row, flipped, as);
        const proof p = seen();
        check(row, {p.ok, p.first_bad, p.bad_seal, p.text});
        set(row, value, as);
      }
    EXPECT_TRUE(seen().ok) << "put back: " << column;
  }
};

TEST_F(Sweep, ChangedByteOfAnEntryIsFoundInThatEntry) {
  for (const char* column : {"at", "kind", "body", "prev", "hash"})
    each_flip("journal", "seq", column, 3, [&](std::int64_t row, const finding& found) {
      EXPECT_FALSE(found.ok) << column << " of " << row;
      EXPECT_EQ(found.entry, row) << column << ": " << found.text;
    });
}

TEST_F(Sweep, ChangedByteOfASealIsFoundInThatSeal) {
  each_flip("seals", "number", "line", 29, [&](std::int64_t row, const finding& found) {
    EXPECT_FALSE(found.ok);
    EXPECT_EQ(found.seal, static_cast<std::size_t>(row)) << found.text;
  });
}

TEST_F(Sweep, ChangedStateRowIsFound) {
  for (const char* column : {"seq", "hash"})
    each_flip("head", "one", column, 1,
              [&](std::int64_t, const finding& found) { EXPECT_FALSE(found.ok) << column << ": " << found.text; });
}

TEST_F(Sweep, ChangedByteOfTheFileIsFoundInItsLine) {
  const auto whole = filed();
  for (std::size_t k = 0; k < whole.size(); ++k)
    for (std::size_t i = 0; i < whole[k].size(); i += 29) {
      auto changed = whole;
      changed[k][i] = static_cast<char>(changed[k][i] ^ 1);
      write_file(changed);
      const proof p = seen();
      EXPECT_FALSE(p.ok);
      EXPECT_EQ(p.bad_seal, k + 1) << p.text;
      EXPECT_THAT(p.text, HasSubstr(file()));
    }
}

TEST(Heartbeat, ClearlyBeforeATransitionOfTheJournalIsObjectedTo) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 100, {started{at(0), "0.4.0", ""}, line("L1", 0), up("L1", 1), down("L1", 398, 397)});
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok) << "what waits for an answer may be five minutes behind";
  commit(*w, 100, {up_again("L1", 399.001, 398.5)});
  const auto p = prove(f.ledger(), {}, {});
  EXPECT_FALSE(p->ok);
  EXPECT_EQ(p->first_bad, 5);
  EXPECT_THAT(p->text, HasSubstr("心跳早于第 5 条"));
  commit(*w, 100, {gap{at(400), at(400), cause::clock_step, "clock stepped by -300.000 s"}});
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok) << "labels repeat after a backward step";
}

TEST(Heartbeat, BeforeACleanStopIsObjectedToToTheMillisecondAlsoAfterAStepOfTheClock) {
  const folder f;
  commit(*opened(f), 100, {started{at(0), "0.4.0", ""}, line("L1", 0), up("L1", 1)});
  ASSERT_TRUE(opened(f)->stop(at(200)));
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  const auto moved_to = [&](double s) {
    store(f.ledger(), store::mode::write)
        .execute(fmt::format("UPDATE head SET signature = NULL, heartbeat = {}", ms_of(at(s))).c_str());
    return prove(f.ledger(), {}, {}).value();
  };
  EXPECT_TRUE(moved_to(200).ok);
  EXPECT_EQ(moved_to(199.999).first_bad, 4);
  EXPECT_THAT(moved_to(199.999).text, HasSubstr("heartbeats never go back"));
  moved_to(200);
  commit(*opened(f), 300, {gap{at(150), at(150), cause::clock_step, "clock stepped by -50.000 s"}});
  EXPECT_FALSE(moved_to(199).ok);
}

TEST(Heartbeat, BeforeThatOfACommitThatLabelledAGapOrACauseIsObjectedTo) {
  for (const record& r : {record(stopped_watching(50, 60)), record(cause_found{"L1", at(50), cause::own_line, ""})}) {
    const folder f;
    commit(*opened(f), 400, {started{at(0), "0.4.0", ""}, line("L1", 0), down("L1", 50, 49), r});
    EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
    store(f.ledger(), store::mode::write)
        .execute(fmt::format("UPDATE head SET signature = NULL, heartbeat = {}", ms_of(at(399.999))).c_str());
    EXPECT_EQ(prove(f.ledger(), {}, {})->first_bad, 4) << "four minutes behind no transition, but behind a label";
  }
}

TEST_F(Audit, ASignatureTakenAwayIsNoRemarkWhereTheRunThatSealedSignedTheRow) {
  tamper("UPDATE head SET signature = NULL, heartbeat = heartbeat - 60000");
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.state, "unsigned");
  EXPECT_THAT(p.text, HasSubstr("unsigned although a key sealed"));
}

/** As format 3 outages are read by the rules of then, and their columns are not compared. */
TEST_F(Audit, AFormatMarkSetBackIsFound) {
  tamper("PRAGMA user_version=3; UPDATE outages SET rules = 9");
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("the mark was changed"));
}

TEST_F(Audit, ChangedNumbersAreFound) {
  tamper("UPDATE journal SET seq = 100 WHERE seq = 12");
  EXPECT_EQ(seen().first_bad, 12);
  tamper("UPDATE journal SET seq = 12 WHERE seq = 100; UPDATE seals SET number = 9 WHERE number = 4");
  const proof p = seen();
  EXPECT_FALSE(p.ok) << "a row that is not in its place is no list of seals, however good its line";
  EXPECT_EQ(p.bad_seal, 4U);
  EXPECT_THAT(p.text, HasSubstr("the number of seal row 4 was changed"));
  tamper("UPDATE seals SET number = 4 WHERE number = 9");
  EXPECT_TRUE(seen().ok);
}

// ---- a patient attacker: the chain is recomputed
// ---------------------------------------------------------------------

TEST_F(Audit, RewrittenEntryUnderAWholeChainIsPlacedBetweenTwoSeals) {
  tamper("UPDATE journal SET body = replace(body, '\"why\":\"timeout\"', '\"why\":\"none\"') WHERE seq = 6");
  make_chain_whole();
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.first_bad, 6);
  EXPECT_EQ(p.bad_seal, 2U);
  EXPECT_EQ(p.bad_day, "2026-03-15");
  EXPECT_THAT(p.text, HasSubstr("entries 6 to 7"));
}

TEST_F(Audit, DeletedInsertedAndSwappedEntriesUnderAWholeChainAreFound) {
  const struct {
    const char* sql;
    std::int64_t from;
  } attacks[] = {
      {"DELETE FROM journal WHERE seq = 7; UPDATE journal SET seq = seq - 1 + 1000 WHERE seq > 7;"
       "UPDATE journal SET seq = seq - 1000 WHERE seq > 1000",
       6},
      {"UPDATE journal SET seq = seq + 1001 WHERE seq >= 9; UPDATE journal SET seq = seq - 1000 WHERE seq > 1000;"
       "INSERT INTO journal SELECT 9, at, kind, body, prev, hash FROM journal WHERE seq = 5",
       8},
      {"UPDATE journal SET seq = -4 WHERE seq = 4; UPDATE journal SET seq = 4 WHERE seq = 5;"
       "UPDATE journal SET seq = 5 WHERE seq = -4",
       1},
  };
  for (const auto& attack : attacks) {
    tamper("SAVEPOINT attack");
    tamper(attack.sql);
    make_chain_whole();
    tamper("RELEASE attack");
    const proof p = seen();
    EXPECT_FALSE(p.ok);
    EXPECT_EQ(p.first_bad, attack.from) << p.text;
    tampering.reset();
    std::filesystem::remove_all(f.path);
    std::filesystem::create_directory(f.path);
    SetUp();
  }
}

TEST_F(Audit, TailCutInEveryPlaceIsFoundByTheFileAlone) {
  // From the end to the beginning: each cut goes deeper than the one before.
  for (std::int64_t last = 10; last >= 1; --last) {
    cut_after(last);
    const proof p = seen();
    EXPECT_FALSE(p.ok) << last;
    EXPECT_GT(p.first_bad, last) << p.text;
    EXPECT_LE(p.first_bad, last + 5) << "the first seal that covers more than is there";
    EXPECT_THAT(p.text, HasSubstr("the journal's tail was cut"));
  }
}

TEST_F(Audit, TailThatNoSealCoversYetIsBetrayedByTheStateRowAlone) {
  cut_after(11);
  EXPECT_THAT(seen().differences, testing::Contains(HasSubstr("annotations"))) << "the tables still know it";
  ASSERT_TRUE(rebuild(f.ledger(), {}));
  EXPECT_EQ(seen().state, "wrong") << "the state row was signed with the entry";
  tamper("UPDATE head SET signature = NULL");
  EXPECT_FALSE(seen().ok) << "the open day is protected by the state row and by whoever holds a copy, not by a seal";
  EXPECT_EQ(seen().first_bad, 0);
  EXPECT_THAT(seen().text, HasSubstr("unsigned although a key sealed"));
}

TEST_F(Audit, CutTailWithoutTheStateRowIsFoundByTheStateRow) {
  tamper("DELETE FROM journal WHERE seq = 12");
  EXPECT_EQ(seen().first_bad, 12);
}

TEST_F(Audit, TurnedBackHeartbeatIsFoundByTheSeals) {
  tamper(fmt::format("UPDATE head SET heartbeat = {}", ms_of(at(2 * day))));
  EXPECT_FALSE(seen().ok);
  EXPECT_THAT(seen().text, HasSubstr("heartbeat"));
}

// ---- seals: rows and file
// --------------------------------------------------------------------------------------------

TEST_F(Audit, DroppedSealRowIsFound) {
  tamper("DELETE FROM seals WHERE number = 2");
  EXPECT_EQ(seen().bad_seal, 2U);
}

TEST_F(Audit, DroppedLastSealRowIsFoundByTheFile) {
  tamper("DELETE FROM seals WHERE number = 4");
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.bad_seal, 4U);
  EXPECT_EQ(p.bad_day, "2026-03-17");
  EXPECT_THAT(p.text, HasSubstr("the ledger lacks the seal"));
}

TEST_F(Audit, AllSealsGoneWithTheirFileAreDaysWithoutSeal) {
  tamper("DELETE FROM seals");
  std::filesystem::remove(file());
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_EQ(p.bad_day, "2026-03-14");
}

TEST_F(Audit, LastSealsGoneWithTheirLinesAreDaysWithoutSeal) {
  tamper("DELETE FROM seals WHERE number > 2");
  auto lines = filed();
  lines.resize(2);
  write_file(lines);
  EXPECT_EQ(seen().bad_day, "2026-03-16");
}

TEST_F(Audit, SwappedRowsAndSwappedLinesAreFound) {
  auto lines = filed();
  std::swap(lines[1], lines[2]);
  write_file(lines);
  EXPECT_EQ(seen().bad_seal, 2U);
  tamper(
      "UPDATE seals SET number = -2 WHERE number = 2; UPDATE seals SET number = 2 WHERE number = 3; UPDATE seals SET "
      "number = 3 WHERE number = -2");
  EXPECT_EQ(seen().bad_seal, 2U);
}

TEST_F(Audit, AddedLineOfAForgerIsFound) {
  auto lines = filed();
  seal s = read_seal(lines[3]).value();
  s.number = 5;
  s.when = {s.when.to, s.when.to + std::chrono::hours{24}};
  s.made = s.when.to;
  s.previous = digest_of(lines[3]);
  ASSERT_TRUE(sign(s, signing_key::make(algorithm::ed25519).value()));
  lines.push_back(line_of(s));
  write_file(lines);
  EXPECT_EQ(seen().bad_seal, 5U);
  lines.back() = "{}";
  write_file(lines);
  EXPECT_EQ(seen().bad_seal, 5U);
}

TEST_F(Audit, SecondSealOfADayByTheHolderOfTheKeyIsNamedAsWhatItIs) {
  auto lines = filed();
  seal s = read_seal(lines[3]).value();
  s.made += milliseconds{1};
  ASSERT_TRUE(sign(s, signing_key::load(key_file_of(f.ledger())).value()));
  lines[3] = line_of(s);
  write_file(lines);
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("sealed twice"));
}

TEST_F(Audit, LostFileIsAFailureAndAnOlderCopyARemark) {
  auto lines = filed();
  std::filesystem::remove(file());
  EXPECT_FALSE(seen().ok);
  lines.resize(2);
  write_file(lines);
  const proof p = seen();
  EXPECT_TRUE(p.ok) << p.text;
  EXPECT_THAT(p.remarks, testing::Contains(HasSubstr("lacks the last 2 lines")));
}

TEST_F(Audit, CopyKeptElsewhereProvesACutThatTheOwnFileHides) {
  const auto copy = filed();
  cut_after(7);
  auto own = copy;
  own.resize(2);
  write_file(own);
  tamper(fmt::format("UPDATE head SET signature = NULL, heartbeat = {}", ms_of(at(2 * day + 3600))));
  ASSERT_TRUE(rebuild(f.ledger(), {}));
  EXPECT_THAT(seen().text, HasSubstr("unsigned although a key sealed")) << "all else was cut at the same place";
  const std::string elsewhere = (f.path / "copy.seals").string();
  {
    std::ofstream out(elsewhere);
    for (const auto& l : copy) out << l << '\n';
  }
  const proof p = seen({.seals_file = elsewhere});
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("entry 9 is gone"));
  EXPECT_EQ(p.first_bad, 9);
}

// ---- keys
// --------------------------------------------------------------------------------------------------------------

TEST_F(Audit, LedgerSignedAnewByAStrangerIsConsistentButNotOurs) {
  const std::string ours(bytes_of(seen().keys[0].fingerprint));
  EXPECT_TRUE(seen({.fingerprints = {ours}}).ok);
  EXPECT_TRUE(seen({.fingerprints = {ours.substr(0, 16)}}).ok);
  EXPECT_THAT(seen({.fingerprints = {ours}}).remarks, testing::IsEmpty());
  tampering.reset();
  std::filesystem::remove_all(f.path);
  std::filesystem::create_directory(f.path);
  SetUp();  // another key
  EXPECT_TRUE(seen().ok);
  const proof p = seen({.fingerprints = {ours}});
  EXPECT_FALSE(p.ok);
  EXPECT_THAT(p.text, HasSubstr("signed with another key"));
}

TEST_F(Audit, WithoutThePublicKeyNothingIsProven) {
  const std::string kept = (f.path / "kept.pub").string();
  std::filesystem::rename(public_file_of(f.ledger()), kept);
  EXPECT_FALSE(seen().ok);
  EXPECT_THAT(seen().text, HasSubstr("--key"));
  EXPECT_TRUE(seen({.public_file = kept}).ok);
}

TEST_F(Audit, LedgerFromBeforeSealsSaysThatNothingIsSealed) {
  tamper("DROP TABLE seals");
  std::filesystem::remove(file());
  EXPECT_FALSE(seen().ok);
  EXPECT_EQ(seen().bad_day, "2026-03-14");
  tampering.reset();
  commit(*opened(f), 4 * day + 3800);
  EXPECT_TRUE(seen().ok) << "the next run seals what lies behind: " << seen().text;
  EXPECT_EQ(seen().seals, 4);
}

TEST_F(Audit, WriterAtWorkIsNoTampering) {
  tampering.reset();
  const auto w = opened(f);
  int commits = 0;
  const auto p = prove(f.ledger(), {}, [&](std::int64_t, std::int64_t) {
    if (++commits <= 3) commit(*w, (4 + commits) * day + 3600, {annotation{at(9 * day), "L1", at(5), "王工", "x"}});
    return true;
  });
  ASSERT_TRUE(p);
  EXPECT_TRUE(p->ok) << p->text;
  EXPECT_GT(commits, 0);
}

}  // namespace
}  // namespace changtong::ledger
