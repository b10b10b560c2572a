// What is folded is held against the journal: every table, every column, and the sheets of months and days.
#include "daemon/centre/folded_proof.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <sstream>

#include "daemon/centre/sheets.h"
#include "tests/centre/folded.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/any_daemon.h"
#include "tests/ledger/any_declared.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace ledger::desk;
using testing::HasSubstr;

constexpr double day = 86'400;
const std::string node = "东城区";
bool go_on(std::int64_t /*done*/, std::int64_t /*all*/) { return true; }

folded_found found(database& db, const folded_head& h) {
  const auto done = verify_folded(db, h, go_on);
  if (!done) ADD_FAILURE() << to_string(done.error());
  return done ? *done : folded_found{};
}

struct FoldedProof : testing::Test {
  centre_of_one centre{server().empty()};
  std::unique_ptr<database> db = database::open(centre.where).value();
  told_records journal;

  /** A year of a line that was down once, and is, of one that was never seen, and of one that is up; with sheets. */
  void fold() {
    journal.write({started{at(-370 * day), "0.9.0", "", 3, node}, line("L1", -370 * day), line("L2", -370 * day),
                   line("L3", -370 * day), up("L3", -370 * day), up("L1", -370 * day), down("L1", -40 * day, -40 * day),
                   up_again("L1", -39 * day, -39 * day),
                   unconfirmed_run{"L1", "L1/icmp", at(-30 * day), at(-30 * day + 1), 1, cause::timeout},
                   annotation{at(0), "L1", at(-40 * day), "雷击", "李工"}, stopped_watching(-20 * day, -19 * day),
                   up("L3", -19 * day), down("L1", -10 * day, -10 * day)},
                  midnight_ms);
    centre.take(journal.rest());
    fold_all(*a_folder(centre.where));
  }
  void spoil(const std::string& statement) {
    const auto done = db->ask(statement);
    ASSERT_TRUE(done) << to_string(done.error());
  }
  [[nodiscard]] folded_found found() { return centre::found(*db, centre.head()); }
  /** How many there are of all that is known: of each month, and of each day since the last of them began. */
  [[nodiscard]] std::int64_t sheets() const {
    const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
    const wall_t known_to = centre.head().folded_to;
    const auto months = months_behind(zone, known_to);
    return std::ssize(months) + std::ssize(days_behind(zone, months, known_to));
  }
  /** The first difference once that is done; empty: there is none. What was there before is put back. */
  [[nodiscard]] std::string after(const std::string& statement) {
    const auto done =
        db->ask(fmt::format("CREATE TABLE kept AS SELECT * FROM {0}; {1}", statement_table(statement), statement));
    if (!done) return to_string(done.error());
    const folded_found f = found();
    spoil(fmt::format("DELETE FROM {0}; INSERT INTO {0} SELECT * FROM kept; DROP TABLE kept",
                      statement_table(statement)));
    return f.first.empty() ? "" : f.first.front().en;
  }

 private:
  /** `UPDATE x …`, `DELETE FROM x …`, `INSERT INTO x …` */
  static std::string statement_table(const std::string& s) {
    std::istringstream words(s);
    std::string verb, name;
    words >> verb >> name;
    if (verb != "UPDATE") words >> name;
    return name;
  }
};

TEST_F(FoldedProof, WhatWasFoldedIsWhatTheJournalSays) {
  fold();
  const auto f = found();
  EXPECT_EQ(f.differences, 0) << f.first.front().en;
  EXPECT_FALSE(f.in_the_making);
  EXPECT_EQ(f.entries, centre.head().entries);
  EXPECT_EQ(f.sheets, sheets());
}

TEST_F(FoldedProof, EveryColumnOfEveryTableIsLookedAt) {
  fold();
  std::vector<std::string> not_found;
  const auto columns =
      db->ask(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name IN ('targets', "
            "'states', 'outages', 'unknowns', 'unconfirmed', 'said', 'sheet_cells', 'sheet_outages') AND column_name "
            "NOT IN ('node', "
            "'branch', "
            "'level', 'cell', 'sheet') AND table_schema = 'public' ORDER BY 1, 2")
          .value()[0];
  EXPECT_GT(columns.size(), 45U);
  for (const table_row& row : columns) {
    const std::string table = *row[0], column = *row[1];
    const std::string other = *row[2] == "bytea"  ? "convert_to('x', 'UTF8')"
                              : *row[2] == "text" ? "'power'"
                                                  : fmt::format("coalesce({}, 0) + 1", column);
    if (after(fmt::format("UPDATE {0} SET {1} = {2} WHERE ctid = (SELECT max(ctid) FROM {0})", table, column, other))
            .empty())
      not_found.push_back(table + "." + column);
  }
  EXPECT_THAT(not_found, testing::IsEmpty());
  EXPECT_EQ(found().differences, 0);
}

TEST_F(FoldedProof, TheRowIsNamedWithWhatItShouldBe) {
  fold();
  const std::int64_t began = ms_of(at(-40 * day));
  EXPECT_EQ(after(fmt::format("UPDATE outages SET ended = began + 1 WHERE began = {}", began)),
            fmt::format("a row of outages was changed: target=1（L1） began={}: ended should be {} and is {}", began,
                        ms_of(at(-39 * day)), began + 1));
  EXPECT_EQ(after("DELETE FROM unconfirmed WHERE true"),
            fmt::format("a row of unconfirmed is missing: target=1（L1） at={}", ms_of(at(-30 * day))));
  EXPECT_EQ(after("INSERT INTO unknowns VALUES (1, 1, 2, 5, 6, 'none')"),
            "a row of unknowns is not in the journal: target=2（L2） at=5");
  EXPECT_THAT(after("INSERT INTO said VALUES (1, 1, 'dream', 5, 0, 0, '')"), HasSubstr("said is not in the journal"));
  EXPECT_THAT(after("DELETE FROM targets WHERE target = 2"), HasSubstr("a row of targets is missing: target=2（L2）"));
}

TEST_F(FoldedProof, HowFarItIsFoldedIsNotBelieved) {
  fold();
  EXPECT_THAT(after("UPDATE folded SET heartbeat = heartbeat + 1"), HasSubstr("figures know all up to"));
  EXPECT_THAT(after("UPDATE folded SET seq = seq + 1"), HasSubstr("folded: up to entry"));
  EXPECT_THAT(after("UPDATE folded SET seq = seq - 1"), HasSubstr("state should be up and is down"));
}

TEST_F(FoldedProof, TheSheetOfAMonthOrADayIsMadeAnew) {
  fold();
  for (const std::string_view of : {"NOT day", "day"}) {
    const auto sheet = db->ask(fmt::format("SELECT sheet, began FROM sheets WHERE {} ORDER BY till DESC LIMIT 1", of));
    ASSERT_TRUE(sheet && !sheet->front().empty());
    const table_row& last = sheet->front()[0];
    EXPECT_THAT(after(fmt::format("UPDATE sheet_cells SET down = 0, up = up + 1 WHERE sheet = {}", *last[0])),
                HasSubstr(fmt::format("the sheet from {} on", *last[1])));
  }
  EXPECT_THAT(after("DELETE FROM sheet_cells WHERE level = 0"), HasSubstr("is not what the books say"));
  EXPECT_EQ(after("DELETE FROM sheets WHERE true"), "") << "the books are asked then";
}

TEST_F(FoldedProof, AnOutageOverAnEdgeIsOfItsCell) {
  fold();
  for (const std::string column : {"sheet", "cell"})
    EXPECT_THAT(after(fmt::format("UPDATE sheet_outages SET {0} = {0} + 1000", column)), HasSubstr("the sheet from"));
  EXPECT_THAT(after("DELETE FROM sheet_outages WHERE true"), HasSubstr("the sheet from"));
}

TEST_F(FoldedProof, HowLinesGoOnIsMadeAnew) {
  fold();
  EXPECT_EQ(found().differences, 0);
  const std::string l1 = "standing: target=1（L1） should be read from the books and is ",
                    l2 = "standing: target=2（L2） should be unknown village/城南镇/电信 and is ",
                    l3 = "standing: target=3（L3） should be up village/城南镇/电信 and is ";
  const auto lines = [&](std::string_view bytes) {
    return after(fmt::format("UPDATE standing SET lines = '\\x{}'", bytes));
  };
  EXPECT_EQ(lines("000100020003"), "") << "as they are";
  EXPECT_EQ(lines("000200020003"), l1 + "unknown village/城南镇/电信");
  EXPECT_EQ(lines("000000020003"), l1 + "not counted");
  EXPECT_EQ(lines("000100010003"), "a row of standing_cells is of no line: cell=0");
  EXPECT_EQ(lines("000100030003"), "a row of standing_cells is of no line: cell=0");
  EXPECT_EQ(lines("000100020009"), "a row of standing_cells is of no line: cell=1");
  EXPECT_EQ(lines("00010002"), "a row of standing_cells is of no line: cell=1");
  EXPECT_EQ(lines("0001000200030003"), "standing: target=4（） should be not counted and is up village/城南镇/电信");
  EXPECT_EQ(after("UPDATE standing SET seq = seq + 1000"),
            fmt::format("standing: made of {0} entries, and {1} are folded", centre.head().folded + 1000,
                        centre.head().folded));
  EXPECT_THAT(after(fmt::format("UPDATE standing SET at = {}", ms_of(at(-19.5 * day)))),
              HasSubstr("standing: target=3（L3） should be read from the books and is up"))
      << "nobody watched then";
  EXPECT_THAT(after("UPDATE standing SET at = at + 600001"), HasSubstr("and figures know all up to"));
  EXPECT_EQ(after("DELETE FROM standing_cells WHERE true"), l2 + "in no cell");
  EXPECT_EQ(after("UPDATE standing_cells SET state = 'up' WHERE cell = 0"), l2 + "up village/城南镇/电信");
  EXPECT_EQ(after("UPDATE standing_cells SET state = 'power' WHERE cell = 0"),
            "a row of standing_cells was changed: cell=0: there is no state power");
  for (const std::string word : {"category", "town", "carrier"})
    for (const std::string other : {"convert_to('x', 'UTF8')", "NULL"})
      EXPECT_THAT(after(fmt::format("UPDATE standing_cells SET {} = {} WHERE cell = 1", word, other)), HasSubstr(l3));
  EXPECT_EQ(after("UPDATE standing_cells SET cell = 7 WHERE cell = 1"),
            "a row of standing_cells was changed: cell should be 1 and is 7");
  EXPECT_EQ(after("INSERT INTO standing_cells VALUES (1, 1, 2, 'up', '', '', '')"),
            "a row of standing_cells is of no line: cell=2");
  EXPECT_EQ(after("DELETE FROM standing WHERE true"), "") << "the books are asked then";
  EXPECT_EQ(found().differences, 0);
}

TEST_F(FoldedProof, WhatWasSaidSinceOfALineIsNotPassedOver) {
  fold();
  journal.write({down("L3", 40, 35), up("L9", 41)}, midnight_ms + 60'000);  // nobody declared L9
  centre.take(journal.rest());
  fold_all(*a_folder(centre.where, {.sheets = {.days = [](auto&&...) { return std::vector<period>{}; }}}));
  EXPECT_EQ(found().differences, 0) << "whoever asks reads its books";
  EXPECT_EQ(after("UPDATE standing SET seq = seq + 1"),
            "standing: target=3（L3） should be read from the books and is up village/城南镇/电信");
  EXPECT_EQ(after("UPDATE standing SET lines = '\\x000100020000'"), "a row of standing_cells is of no line: cell=1");
  spoil("UPDATE standing SET seq = seq - 1");
  EXPECT_EQ(found().differences, 0) << "more is read from the books";
}

TEST_F(FoldedProof, WhatIsInTheMakingIsSaidToBe) {
  EXPECT_TRUE(found().in_the_making);
  fold();
  spoil("UPDATE folded SET version = 77");
  EXPECT_TRUE(found().in_the_making);
}

TEST_F(FoldedProof, WhatWasChangedIsMadeAnewOnDemand) {
  fold();
  auto f = a_folder(centre.where);
  fold_all(*f);
  spoil(
      "UPDATE outages SET ended = began + 1 WHERE ended IS NOT NULL; UPDATE sheet_cells SET down = 0; UPDATE "
      "standing SET lines = '\\x000200020002'; UPDATE standing_cells SET town = NULL; DELETE FROM sheet_outages");
  EXPECT_GT(found().differences, 0);
  EXPECT_EQ(fold_anew(*db, "西城区").value(), 0);
  EXPECT_EQ(fold_anew(*db, node).value(), 1);
  EXPECT_EQ(centre.head().folded, 0);
  EXPECT_TRUE(found().in_the_making) << "nobody takes it for figures";
  fold_all(*f);
  EXPECT_EQ(found().differences, 0);
  EXPECT_EQ(found().sheets, sheets() - 1) << "the day that goes on is looked at again two minutes later";
  for (const std::string_view table : {"standing", "standing_cells"})
    EXPECT_THAT(db->ask(fmt::format("SELECT 1 FROM {}", table)).value()[0], testing::IsEmpty()) << "and what follows";
  f.reset();
  fold_all(*a_folder(centre.where));
  EXPECT_EQ(found().differences, 0);
  EXPECT_EQ(found().sheets, sheets());
  EXPECT_EQ(fold_anew(*db, "").value(), 1);
}

TEST_F(FoldedProof, AnEntryThatNobodyCanFoldIsWhereItEnds) {
  fold();
  ledger::shipped_entry odd{.seq = journal.all.back().seq + 1, .at = at(1), .kind = "dream", .body = "{}", .hash = {}};
  odd.hash = ledger::chain(journal.all.back().hash, odd.seq, odd.at, odd.kind, odd.body);
  journal.all.push_back(odd);
  centre.take(journal.rest());
  fold_all(*a_folder(centre.where));
  EXPECT_EQ(found().differences, 0);
  EXPECT_EQ(found().stuck, odd.seq);
  EXPECT_THAT(after(fmt::format("UPDATE folded SET seq = {}, stuck = NULL", odd.seq)), HasSubstr("cannot be folded"));
}

RC_GTEST_PROP(Refolding, AnyJournalThatWasFoldedInAnyPiecesIsFoundWhole, ()) {
  static const database_place where = server().empty();
  static int nodes = 0;
  any_daemon daemon;
  std::vector<record> all{started{at(0), "0.7.0", "", 3, node}};
  const auto more = *rc::gen::inRange(0, 60);
  for (int i = 0; i < more; ++i) all.push_back(daemon.next());
  if (*rc::gen::arbitrary<bool>()) add_what_is_missing(all, declarations{});
  centre_of_one centre(where, fmt::format("节点{}", ++nodes));
  told_records journal;
  journal.write(std::move(all), daemon.now);
  centre.take(journal.rest());
  fold_all(*a_folder(where, {.entries = *rc::gen::inRange(1, 20)}));
  const auto db = database::open(where).value();
  const auto f = found(*db, centre.head());
  RC_LOG() << (f.first.empty() ? "" : f.first.front().en);
  RC_ASSERT(f.differences == 0);
  RC_ASSERT(f.entries == centre.head().entries);
}

}  // namespace
}  // namespace changtong::centre
