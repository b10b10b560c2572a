// Whoever takes, adds or edits a row of any table that is made from the journal is noticed, and the row is named.
#include "daemon/ledger/table_check.h"

#include <gmock/gmock.h>

#include "daemon/ledger/schema.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/any_daemon.h"
#include "tests/ledger/any_declared.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::AllOf;
using testing::HasSubstr;

struct Tables : testing::Test {
  folder f;

  void SetUp() override {
    const auto w = opened(f);
    const window_record first = window("W1", "L1", 20, 30, 40, "requested");
    std::vector<record> all{
        started{at(0), "0.4.0", "", 2},
        policy_version{at(0), "Asia/Shanghai", "{}", "test"},
        line("L1", 0),
        line("L2", 0),
        up("L1", 1),
        up("L2", 1),
        down("L1", 10, 9),
        up_again("L1", 20, 19),
        first,
        stopped_watching(30, 35),
        unknown("L2", 40),
        up("L2", 50),
        annotation{at(60), "L1", at(15), "王工", "雷击"},
        unconfirmed_run{"L2", "L2/icmp", at(60), at(61), 2, cause::timeout},
        duty_record{at(60), "2026-03-14", "王工", "api", "李工", ""},
        counter_record{at(70), "c", at(50), "7", "", "", "王工", "api"},
        indicator_verdict{at(70), "2026", "X-7", attainment::partly, "0.5", "", "", "", "王工", "cli"},
        period_closed{at(80), {at(0), at(70)}, 1, "李工", "月度结账", "[]", "ab", "[]"},
        down("L2", 90, 89)};
    add_what_is_missing(all, declarations{});
    commit(*w, 100, std::move(all));
  }
  [[nodiscard]] proof seen() const { return prove(f.ledger(), {}, {}).value(); }
  void tamper(const std::string& sql) const { store(f.ledger(), store::mode::write).execute(sql.c_str()); }
  [[nodiscard]] std::vector<std::string> columns(const std::string& table) const {
    store s(f.ledger(), store::mode::write);
    std::vector<std::string> all;
    const auto row = s.prepare("SELECT name FROM pragma_table_info(?)");
    for (row->rows(table); row->step();) all.emplace_back(row->text(0));
    return all;
  }
  void mend() const {
    ASSERT_TRUE(rebuild(f.ledger(), {}));
    ASSERT_TRUE(seen().ok) << seen().text;
  }
  [[nodiscard]] static std::vector<std::string> names_of_tables() {
    std::vector<std::string> all;
    for (const kept_table& t : kept_tables()) all.emplace_back(t.name);
    return all;
  }
  void expect_named(const std::string& table, const std::string& what) const {
    const proof p = seen();
    EXPECT_FALSE(p.ok) << what;
    ASSERT_FALSE(p.differences.empty()) << what;
    EXPECT_THAT(p.differences[0], HasSubstr(table)) << what;
    EXPECT_THAT(p.text, AllOf(HasSubstr(p.differences[0]), HasSubstr("ledger rebuild"))) << what;
  }
};

TEST_F(Tables, UntouchedOnesAgree) {
  const proof p = seen();
  EXPECT_TRUE(p.ok) << p.text;
  EXPECT_EQ(p.different, 0);
  EXPECT_THAT(p.text, HasSubstr("the tables made from them agree"));
}

TEST_F(Tables, ADeletedRowOfAnyTableIsNoticed) {
  for (const std::string& table : names_of_tables()) {
    const std::string key = columns(table)[0];
    tamper(fmt::format("DELETE FROM {0} WHERE {1} = (SELECT min({1}) FROM {0})", table, key));
    expect_named(table, "deleted from " + table);
    mend();
  }
}

TEST_F(Tables, AnEditedValueOfAnyColumnIsNoticed) {
  for (const std::string& table : names_of_tables())
    for (const std::string& column : columns(table)) {
      const std::string other = "CASE WHEN typeof({1}) = 'integer' THEN {1} + 7 ELSE coalesce({1}, 7) || '9' END";
      tamper(fmt::format(fmt::runtime("UPDATE {0} SET {1} = " + other + " WHERE {2} = (SELECT min({2}) FROM {0})"),
                         table, column, columns(table)[0]));
      expect_named(table, "changed " + table + "." + column);
      mend();
    }
}

TEST_F(Tables, AnAddedRowOfAnyTableIsNoticed) {
  for (const std::string& table : names_of_tables()) {
    std::string values;
    for (const std::string& c : columns(table))
      values += fmt::format("{0}CASE WHEN typeof({1}) = 'integer' THEN {1} + 7 ELSE {1} || '9' END",
                            values.empty() ? "" : ", ", c);
    tamper(fmt::format("INSERT INTO {0} SELECT {1} FROM {0} LIMIT 1", table, values));
    expect_named(table, "added to " + table);
    mend();
  }
}

TEST_F(Tables, AMissingTableOrColumnIsNoticed) {
  tamper("ALTER TABLE outages RENAME COLUMN why TO reason");
  expect_named("outages", "a column");
  tamper("DROP TABLE policies");
  expect_named("outages", "first");
  EXPECT_THAT(seen().differences, testing::Contains(HasSubstr("policies")));
}

/** What the official report prints as 未观测到中断 was an outage. */
TEST_F(Tables, TheRowIsNamedWithItsLineAndTheRestIsCounted) {
  tamper("DELETE FROM outages WHERE target = 1");
  EXPECT_THAT(seen().differences[0], HasSubstr(fmt::format("target=1（L1） began={}", ms_of(at(10)))));
  tamper("DELETE FROM outages; DELETE FROM inventory; DELETE FROM windows; DELETE FROM duties; DELETE FROM counters");
  EXPECT_EQ(seen().different, 7);
  EXPECT_EQ(seen().differences.size(), 5U);
}

/** Today it shows what the journal says; on the day of the report it need not. */
TEST_F(Tables, AViewOrAComputedColumnInPlaceOfATableIsNoticed) {
  tamper(
      "ALTER TABLE outages RENAME TO kept; CREATE VIEW outages AS SELECT * FROM kept WHERE began < unixepoch() * 1000");
  expect_named("outages", "a view");
  EXPECT_THAT(seen().text, HasSubstr("no plain table"));
  tamper("DROP VIEW outages; ALTER TABLE kept RENAME TO outages");
  mend();
  tamper("ALTER TABLE gaps ADD COLUMN soon INTEGER AS (till + 1)");
  expect_named("gaps", "a computed column");
}

TEST_F(Tables, AnIndexThatLacksARowIsNoticed) {
  tamper(
      "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql='CREATE INDEX outages_by_began ON outages(began, "
      "confirmed)' WHERE name='outages_by_began'; PRAGMA writable_schema=RESET");
  EXPECT_FALSE(seen().ok);
}

TEST_F(Tables, AnEntryThatCannotBeFoldedIsNamed) {
  {
    store s(f.ledger(), store::mode::write);
    statement& end = s.prepared("SELECT seq, hash FROM head");
    digest last{};
    ASSERT_TRUE(end.rows().step());
    const std::int64_t seq = end.integer(0) + 1;
    std::ranges::copy(end.text(1), last.begin());
    end.reset();
    const digest own = chain(last, seq, at(100), "unheard", "{}");
    s.prepared("INSERT INTO journal(seq, at, kind, body, prev, hash) VALUES(?, ?, 'unheard', '{}', ?, ?)")
        .run(seq, at(100), statement::blob(bytes_of(last)), statement::blob(bytes_of(own)));
    s.prepared("UPDATE head SET seq = ?, hash = ?").run(seq, statement::blob(bytes_of(own)));
  }
  const proof p = seen();
  EXPECT_FALSE(p.ok);
  EXPECT_GT(p.first_bad, 0);
  EXPECT_THAT(p.text, HasSubstr("cannot be understood"));
}

TEST_F(Tables, AWriterAtWorkIsNoDifference) {
  const auto w = opened(f);
  int commits = 0;
  const auto p = prove(f.ledger(), {}, [&](std::int64_t, std::int64_t) {
    if (++commits <= 3)
      commit(*w, 100 + commits, {up_again("L2", 94 + commits, 93 + commits), down("L2", 95 + commits, 94 + commits)});
    return true;
  });
  ASSERT_TRUE(p);
  EXPECT_TRUE(p->ok) << p->text;
}

TEST(AnyJournal, LeavesTablesThatAgree) {
  rc::check([] {
    const folder f;
    {
      const auto w = opened(f);
      any_daemon d;
      for (int n = *rc::gen::inRange(1, 6); n > 0; --n) {
        ledger_batch b;
        for (int r = *rc::gen::inRange(0, 20); r > 0; --r) b.records.push_back(d.next());
        b.heartbeat = wall_from_ms(d.now);
        RC_ASSERT(static_cast<bool>(w->commit(b)));
      }
    }
    const proof p = prove(f.ledger(), {}, {}).value();
    RC_LOG() << p.text;
    RC_ASSERT(p.ok);
  });
}

}  // namespace
}  // namespace changtong::ledger
