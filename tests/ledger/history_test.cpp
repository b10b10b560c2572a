// The past of the books: versions, closings, and what was known when (P15).
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "daemon/books/books.h"
#include "daemon/entries/closing.h"
#include "daemon/ledger/account.h"
#include "daemon/ledger/store.h"
#include "tests/ledger/any_daemon.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::ElementsAre;
using testing::IsEmpty;

struct History : testing::Test {
  folder f;
  std::unique_ptr<writer> w = opened(f);

  [[nodiscard]] std::unique_ptr<reader> as(const view& v) const { return reader::open(f.ledger(), v).value(); }
  [[nodiscard]] availability::seconds line1(const view& v, double from, double to) const {
    for (const auto& row : books::books(*as(v), {at(from), at(to)}, at(1e6), books::grouping::line))
      if (row.key == "L1") return row.sums;
    return {};
  }
  [[nodiscard]] std::vector<std::string> keys(books::grouping by, double from, double to) const {
    std::vector<std::string> all;
    for (const auto& row : books::books(*as({}), {at(from), at(to)}, at(1e6), by))
      all.push_back(fmt::format("{} {}", row.key, in_seconds(row.sums.up + row.sums.down)));
    return all;
  }
  result<period_closed> close(double from, double to, double now, const std::string& reason = {}) {
    auto c = entries::closing_of(*as({}), *as({.frozen = false}), {{at(from), at(to)}, "李工", reason}, at(now));
    if (c) commit(*w, now, {*c});
    return c;
  }
};

inventory_version moved(const std::string& id, double when, const std::string& carrier) {
  inventory_version v = line(id, 0);
  v.at = at(when);
  v.json.replace(v.json.find("电信"), std::string("电信").size(), carrier);
  return v;
}

TEST_F(History, ALineCountsWithEachCarrierForTheTimeItWasTheirs) {
  commit(*w, 1000, {line("L1", 0), line("L2", 0), up("L1", 0), up("L2", 0)});
  commit(*w, 2000, {moved("L1", 600, "移动")});
  EXPECT_THAT(keys(books::grouping::carrier, 0, 1000), ElementsAre("电信 1600", "移动 400"));
  EXPECT_THAT(keys(books::grouping::carrier, 700, 1000), ElementsAre("电信 300", "移动 300"));
  EXPECT_THAT(keys(books::grouping::line, 0, 1000), ElementsAre("L1 1000", "L2 1000"));
}

TEST_F(History, ARowAmongRepeatedLabelsTakesOverWhereTheOneBeforeItBegan) {
  inventory_version rescoped = line("L1", 0, R"("closed":1893456000000)");  // what a `scope` of a trace says
  rescoped.at = at(700);
  commit(*w, 1000, {line("L1", 0), up("L1", 0), rescoped});
  commit(*w, 1001, {moved("L1", 600, "移动")});  // the clock had been set back
  EXPECT_THAT(keys(books::grouping::carrier, 0, 1000), ElementsAre("电信 700", "移动 300"));
}

TEST_F(History, P15_AWindowApprovedAfterTheClosingDoesNotRewriteIt) {
  commit(*w, 1000,
         {line("L1", 0), up("L1", 0), window("W1", "L1", 10, 400, 700, "approved"), down("L1", 500, 499),
          up_again("L1", 600, 599)});
  ASSERT_TRUE(close(0, 1000, 1010));
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).excluded), 300);
  // Somebody forges a record with an early date: the closed books stay, the open view shows what it would change.
  commit(*w, 1100, {window("W1", "L1", 20, 400, 450, "approved")});
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).excluded), 300);
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).down), 0);
  EXPECT_EQ(in_seconds(line1({.frozen = false}, 0, 1000).excluded), 50);
  EXPECT_EQ(in_seconds(line1({.frozen = false}, 0, 1000).down), 100);
  EXPECT_THAT(entries::closings_that_disagree(*as({})), IsEmpty());
}

TEST_F(History, ANewVersionOfAClosedPeriodSaysWhatItChanges) {
  commit(*w, 1000, {line("L1", 0), up("L1", 0), down("L1", 500, 499), up_again("L1", 600, 599)});
  ASSERT_TRUE(close(0, 1000, 1010));
  EXPECT_FALSE(close(0, 1000, 1020, "再来一次")) << "nothing has changed";
  inventory_version corrected = line("L1", 200);
  commit(*w, 1100, {corrected});
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).up), 900) << "the closed period keeps the scope it was closed with";
  EXPECT_FALSE(close(0, 1000, 1120)) << "a new version needs a reason";
  const auto second = close(0, 1000, 1130, "开通日期录错");
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_EQ(second->version, 2);
  EXPECT_EQ(second->changes, R"([{"key":"L1","field":"up_ms","before":900000,"after":700000}])");
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).up), 700);
  EXPECT_THAT(entries::closings_that_disagree(*as({})), IsEmpty());
}

TEST_F(History, ClosedMonthsAndTheOpenRestAddUp) {
  commit(*w, 1000, {line("L1", 0), up("L1", 0)});
  ASSERT_TRUE(close(0, 500, 1010));
  commit(*w, 1100, {line("L1", 300)});  // retroactive: accepted later than thought
  const auto whole = line1({}, 0, 1000);
  EXPECT_EQ(in_seconds(whole.up), 1000) << "[0, 500) as closed and [500, 1000) as it is";
  EXPECT_EQ(in_seconds(line1({.frozen = false}, 0, 1000).up), 700);
  commit(*w, 1200, {line("L1", 600)});
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).up), 900)
      << "[500, 600) is out of scope between two books::stretches that are in it";
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).unknown), 0);
}

TEST_F(History, ALineEnteredAfterTheClosingIsNotInIt) {
  commit(*w, 1000, {line("L1", 0), up("L1", 0)});
  ASSERT_TRUE(close(0, 1000, 1010));
  commit(*w, 1100, {line("L9", 0)});
  EXPECT_THAT(keys(books::grouping::line, 0, 1000), ElementsAre("L1 1000"));
}

TEST_F(History, AClosingIsRefusedUntilObservationHasPassedTheEnd) {
  commit(*w, 999, {line("L1", 0), up("L1", 0)});
  EXPECT_FALSE(close(0, 1000, 1010));
  commit(*w, 1000);
  EXPECT_TRUE(close(0, 1000, 1010));
  EXPECT_FALSE(close(500, 500, 1010)) << "an empty period";
  EXPECT_FALSE(close(-2000, -1000, 1010)) << "nobody is in scope";
}

TEST_F(History, AClosingThatDisagreesWithTheBooksIsFound) {
  commit(*w, 1000, {line("L1", 0), up("L1", 0)});
  auto c = entries::closing_of(*as({}), *as({.frozen = false}), {{at(0), at(1000)}, "李工", ""}, at(1010));
  ASSERT_TRUE(c);
  c->sheet[0] = c->sheet[0] == '0' ? '1' : '0';
  commit(*w, 1010, {*c});
  EXPECT_EQ(entries::closings_that_disagree(*as({})).size(), 1U);
}

TEST_F(History, AClosingOverlaidByALaterOneOfAPartOfItIsNotCalledWrong) {
  commit(*w, 1000, {line("L1", 0), up("L1", 0)});
  ASSERT_TRUE(close(0, 1000, 1010));
  commit(*w, 1100, {line("L1", 300)});  // retroactive
  ASSERT_TRUE(close(0, 500, 1110, "开通日期更正"));
  EXPECT_EQ(in_seconds(line1({}, 0, 1000).up), 700) << "[0, 500) by the later closing, the rest by the first";
  EXPECT_THAT(entries::closings_that_disagree(*as({})), IsEmpty());
}

TEST_F(History, OfSeveralClosingsOfOneInstantTheLastCounts) {
  const auto closing = [](std::int64_t seq, double from, double to) {
    return closing_row{seq, {at(0), {at(from), at(to)}, 1, "x", "", "[]", "", "[]"}};
  };
  const auto parts = governed_parts({at(0), at(100)}, {closing(5, 10, 40), closing(9, 30, 60), closing(12, 10, 20)});
  std::string text;
  for (const governed& g : parts)
    text += fmt::format("[{},{}) {}; ", (ms_of(g.when.from) - midnight_ms) / 1000,
                        (ms_of(g.when.to) - midnight_ms) / 1000, g.as_of == as_of_now ? 0 : g.as_of);
  EXPECT_EQ(text, "[0,10) 0; [10,20) 12; [20,30) 5; [30,60) 9; [60,100) 0; ");
}

TEST_F(History, AsKnownBeforeTheOutageWasEnteredTheLineWasUp) {
  commit(*w, 100, {line("L1", 0), up("L1", 0)});
  commit(*w, 600, {down("L1", 500, 499)});
  EXPECT_EQ(in_seconds(line1({.as_known_at = at(600)}, 0, 1000).down), 100);
  const auto before = line1({.as_known_at = at(501)}, 0, 501);
  EXPECT_EQ(in_seconds(before.down), 0) << "confirmed at 502";
  EXPECT_EQ(in_seconds(before.up), 501);
}

TEST_F(History, AsKnownWhileTheMonitorWasDeadNothingWasObserved) {
  commit(*w, 200, {line("L1", 0), up("L1", 0)});
  commit(*w, 600, {stopped_watching(200), up("L1", 500)});
  const auto then = line1({.as_known_at = at(300)}, 0, 300);
  EXPECT_EQ(in_seconds(then.up), 200) << "the gap was written later, but nobody looked from 200 on";
  EXPECT_EQ(in_seconds(then.unknown), 100);
  EXPECT_EQ(in_seconds(line1({.as_known_at = at(600)}, 0, 600).unknown), 300);
}

std::string sums_text(const reader& from, wall_t now) {
  std::string text;
  for (const books::grouping by : {books::grouping::line, books::grouping::category, books::grouping::day})
    for (const auto& row : books::books(from, {at(-10), now}, now, by)) text += entries::sums_json(row) + "\n";
  for (const auto& o : from.outages({wall_min, wall_max}, "", 1000))
    text += fmt::format("{} {} {} {} {}\n", o.target, ms_of(o.began), ms_of(o.ended), name_of(o.found), o.holes.size());
  return text;
}

/** What people declared, in the order in which it is read. */
std::string declared_text(const reader& from) {
  std::string text;
  for (const counter_record& c : from.counters("", {wall_min, wall_max})) text += encode(c, at(0)).body + "\n";
  for (const counter_record& c : from.counters("cL1", {at(1), wall_max})) text += encode(c, at(0)).body + "\n";
  for (const indicator_verdict& v : from.verdicts("")) text += encode(v, at(0)).body + "\n";
  return text;
}

TEST_F(History, AsKnownBeforeTheCorrectionTheFirstReadingStood) {
  commit(*w, 100, {counter_record{at(100), "c", at(50), "7", "", "", "王工", "api"}});
  commit(*w, 200,
         {counter_record{at(200), "c", at(50), "8", "", "", "王工", "api"},
          indicator_verdict{at(200), "2026", "X", attainment::missed, "", "", "", "", "王工", "api"}});
  const auto then = reader::open(f.ledger(), {.as_known_at = at(150)}).value();
  ASSERT_EQ(then->counters("c", {at(0), at(100)}).size(), 1u);
  EXPECT_EQ(then->counters("c", {at(0), at(100)})[0].value, "7");
  EXPECT_TRUE(then->verdicts("2026").empty());
  const auto now = reader::open(f.ledger(), {.as_known_at = at(200)}).value();
  EXPECT_EQ(now->counters("c", {at(0), at(100)}).size(), 2u);
  EXPECT_EQ(now->verdicts("2026").size(), 1u);
}

/** An auditor's fold in memory and the tables of the daemon are the same books. */
RC_GTEST_PROP(Fold, BooksInMemoryEqualTheTables, ()) {
  const folder f;
  any_daemon daemon;
  auto w = opened(f);
  RC_ASSERT(
      w->commit({at(0), {line("L0", -1e6), line("L1", -1e6), line("L2", -1e6), line("L3", -1e6)}, {}}).has_value());
  for (int i = 0, n = *rc::gen::inRange(1, 8); i < n; ++i) {
    ledger_batch b;
    for (int k = 0, m = *rc::gen::inRange(0, 12); k < m; ++k) b.records.push_back(daemon.next());
    b.heartbeat = wall_from_ms(daemon.now);
    RC_ASSERT(w->commit(b).has_value());
  }
  const wall_t now = wall_from_ms(daemon.now + 1000);
  const auto stored = reader::open(f.ledger()).value();
  const auto folded = reader::open(f.ledger(), {.as_known_at = wall_max}).value();
  RC_ASSERT(sums_text(*stored, now) == sums_text(*folded, now));
  RC_ASSERT(declared_text(*stored) == declared_text(*folded));
}

}  // namespace
}  // namespace changtong::ledger
