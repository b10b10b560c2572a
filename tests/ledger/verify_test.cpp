// An attacker with a database tool, with and without patience: whatever he does to journal and state row, or to one
// byte of anything, is found, and where. He lacks the private key.
#include <gmock/gmock.h>

#include <fstream>

#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/seal.h"
#include "tests/ledger/attacked.h"

namespace changtong::ledger {
namespace {

using namespace attacked;
using testing::HasSubstr;

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
