// Files that are no ledgers, and ledgers whose tables would compute for ever: refused by name, and at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <stdexcept>
#include <string_view>

#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::HasSubstr;

std::string why_not(const std::string& path) {
  const auto r = reader::open(path);
  return r ? "" : to_string(r.error());
}

TEST(Hostile, AFileThatIsNoLedgerIsNamed) {
  const folder f;
  std::ofstream(f.ledger()) << "id,name,category,address\n";
  const std::string expected = f.ledger() + " 不是畅通账本，请核对文件名 / ";
  EXPECT_THAT(why_not(f.ledger()), HasSubstr(expected));
  const auto w = writer::open(f.ledger(), 0, {});
  ASSERT_FALSE(w);
  EXPECT_THAT(to_string(w.error()), HasSubstr(expected));
  const auto proved = prove(f.ledger(), {}, {});
  ASSERT_FALSE(proved);
  EXPECT_THAT(to_string(proved.error()), HasSubstr(expected));
}

TEST(Hostile, APipeIsNotWaitedFor) {
  const folder f;
  ASSERT_EQ(::mkfifo(f.ledger().c_str(), 0600), 0);
  EXPECT_THAT(why_not(f.ledger()), HasSubstr("管道或设备"));
  const auto w = writer::open(f.ledger(), 0, {});
  ASSERT_FALSE(w);
  EXPECT_THAT(to_string(w.error()), HasSubstr("管道或设备"));
}

TEST(Hostile, DamageNamesTheFile) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1)});
  }
  {
    store s(f.ledger(), store::mode::write);
    s.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::fstream file(f.ledger(), std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(100);
  for (int i = 0; i < 3996; ++i) file.put('\xff');
  file.close();
  EXPECT_THAT(why_not(f.ledger()), HasSubstr(f.ledger()));
}

TEST(Hostile, TablesThatComputeAreNotRead) {
  for (const char* trick :
       {"ALTER TABLE policies RENAME TO p; CREATE VIEW policies AS WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT "
        "seq + 1 FROM n) SELECT seq, 0 AS at, '' AS zone, '' AS policy FROM n",
        "CREATE TRIGGER more AFTER INSERT ON journal BEGIN DELETE FROM head; END", "CREATE VIEW more AS SELECT 1",
        "ALTER TABLE gaps ADD COLUMN big TEXT AS (hex(zeroblob(100000000)))",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = 'table', sql = 'CREATE/**/VIEW gaps AS SELECT 1' "
        "WHERE name = 'gaps'"}) {
    const folder f;
    {
      const auto w = opened(f);
      commit(*w, 10, {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1)});
    }
    {
      store s(f.ledger(), store::mode::write);
      s.execute(trick);
    }
    EXPECT_THAT(why_not(f.ledger()), HasSubstr(f.ledger())) << trick;
    EXPECT_FALSE(writer::open(f.ledger(), 0, {})) << trick;
    const auto proved = prove(f.ledger(), {}, {});  // which names the table, or the file
    EXPECT_FALSE(proved && proved->ok) << trick;
  }
}

TEST(Hostile, ATargetOfAnImpossibleNumberIsRefused) {
  for (const char* table : {"states", "inventory"}) {
    const folder f;
    {
      const auto w = opened(f);
      commit(*w, 10, {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1)});
    }
    {
      store s(f.ledger(), store::mode::write);
      s.execute("UPDATE targets SET target = 9007199254740992");
      s.execute(fmt::format("UPDATE {} SET target = 9007199254740992", table).c_str());
    }
    const auto r = reader::open(f.ledger());
    ASSERT_TRUE(r);
    EXPECT_THROW((void)(*r)->outages({at(0), at(100)}, {}, 10), std::runtime_error) << table;
  }
}

TEST(Hostile, AJournalWithoutAnEndIsNotWalked) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 10, {started{at(0), "0.1.0", ""}, line("L1", 0), up("L1", 1)});
  }
  {
    store s(f.ledger(), store::mode::write);
    s.execute(
        "DROP TABLE memory; CREATE VIEW memory AS WITH RECURSIVE n(check_id, text) AS (SELECT 'x', 'y' UNION ALL "
        "SELECT "
        "check_id, text FROM n) SELECT * FROM n");
  }
  EXPECT_FALSE(prove(f.ledger(), {}, {}));
}

}  // namespace
}  // namespace changtong::ledger
