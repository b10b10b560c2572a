// A month that is closed at the centre keeps its figures, whatever is shipped later, until it is closed anew.
#include "daemon/centre/closings.h"

#include <gmock/gmock.h>

#include "daemon/centre/archive.h"
#include "daemon/centre/folder.h"
#include "daemon/centre/own_proof.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/desk.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace ledger::desk;
using testing::HasSubstr;

const std::string east = "东城区", west = "西城区";
constexpr wall_t april = wall_from_ms(1'774'972'800'000);  // its first instant in Shanghai
const wall_t later = april + std::chrono::hours{9};

struct Closings : testing::Test {
  database_place where = server().empty();
  std::unique_ptr<archive> books = archive::open(where, std::vector<std::string>{east, west}).value();
  std::unique_ptr<database> db = database::open(where).value();
  civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  std::map<std::string, ledger::desk::folder> own;
  std::map<std::string, std::unique_ptr<ledger::writer>> nodes;

  Closings() {
    for (const std::string& name : {east, west}) {
      nodes[name] = opened(own[name]);
      commit(*nodes[name], 10, {started{at(0), "0.9.0", "", 3, name}, line("L1", 0), up("L1", 1)});
    }
  }
  void ship(const std::string& name) {
    auto all = all_of(own[name].ledger());
    for (const node_head& h : books->heads().value())
      if (h.node == name && h.head.seq > 0) {
        all.after = h.head.seq, all.hash = h.head.hash;
        all.entries.erase(all.entries.begin(), all.entries.begin() + h.head.seq);
      }
    ASSERT_TRUE(books->take(name, all, later));
  }
  void fold() {
    const auto f = centre::folder::open(where, "test").value();
    while (f->round({}).value()) {
    }
  }
  /** Both have seen all of the month, and ended. */
  void see_the_month() {
    for (const std::string& name : {east, west}) {
      commit(*nodes[name], ms_of(april) / 1000.0 - midnight_ms / 1000.0 + 60, {});
      ship(name);
    }
    fold();
  }
  static std::vector<asked_node> placed(std::vector<folded_head> heads) {
    std::vector<asked_node> out;
    for (folded_head& h : heads) {
      const std::string district = h.node;
      out.push_back({.head = std::move(h), .province = "某省", .city = "某市", .district = district});
    }
    return out;
  }
  result<month_closed> close(const std::string& reason = "", const std::string& month = "2026-03", wall_t now = later,
                             const std::string& author = "王工") {
    return close_month(
        *db, {.month = month, .author = author, .reason = reason, .zone = zone, .nodes = placed, .waits = waits}, now);
  }
  std::function<bool(const std::string&)> waits;
  std::string refusal(const result<month_closed>& r) { return r ? "it was closed" : to_string(r.error()); }
  std::vector<figure_row> books_now(std::vector<grouping> by) {
    return figures(*db, placed(folded_heads(*db).value()),
                   {.when = zone.parse_period("2026-03").value(), .now = later, .zone = zone, .by = std::move(by)});
  }
};

TEST_F(Closings, HasTheFiguresOfTheBooksAndHowFarEachNodeWasKnown) {
  commit(*nodes[east], 20, {down("L1", 12, 11)});
  commit(*nodes[east], 30, {up_again("L1", 25, 24)});
  see_the_month();
  const auto c = close();
  ASSERT_TRUE(c) << to_string(c.error());
  EXPECT_EQ(c->version, 1);
  EXPECT_TRUE(c->changes.empty());
  ASSERT_EQ(c->nodes.size(), 2U);
  EXPECT_EQ(c->nodes[0].node, east);
  EXPECT_EQ(c->nodes[0].as_of, april + std::chrono::seconds{60});
  const auto told = newest_closing(*db, "2026-03").value().value();
  EXPECT_EQ(told.what.author, "王工");
  for (const std::vector<grouping>& by : {std::vector{grouping::district, grouping::category},
                                          {grouping::district},
                                          {grouping::category},
                                          {grouping::city}}) {
    EXPECT_TRUE(groups_closed(by));
    const auto closed = grouped(told.what.figures, by), mine = books_now(by);
    ASSERT_EQ(closed.size(), mine.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
      EXPECT_EQ(closed[i].of, mine[i].of);
      EXPECT_EQ(closed[i].what.key, mine[i].what.key);
      EXPECT_EQ(closed[i].what.title, mine[i].what.title);
      EXPECT_EQ(entries::sums_json(closed[i].what), entries::sums_json(mine[i].what));
      EXPECT_EQ(closed[i].what.sums.scope, mine[i].what.sums.scope);
      EXPECT_EQ(closed[i].what.values.availability, mine[i].what.values.availability);
    }
  }
  EXPECT_FALSE(groups_closed(std::vector{grouping::node}));
  EXPECT_TRUE(verify_own(*db, {}, later, [](auto, auto) { return true; })->wrong.empty());
  EXPECT_FALSE(newest_closing(*db, "2026-04").value());
}

TEST_F(Closings, WhatIsShippedLaterChangesTheBooksAndMakesAVersionWhenSomebodySaysSo) {
  see_the_month();
  ASSERT_TRUE(close());
  EXPECT_THAT(refusal(close("再结")), HasSubstr("nothing differs"));
  commit(*nodes[east], 1'600'000, {line("L1", 100)});
  ship(east);
  fold();
  const auto closed = newest_closing(*db, "2026-03").value().value().what;
  const auto rows = rows_of(books_now({closed_by.begin(), closed_by.end()}));
  const auto differs = what_differs(closed.figures, rows);
  ASSERT_EQ(differs.size(), 2U);
  EXPECT_EQ(differs[0].key, "某省/某市/东城区/village");
  EXPECT_THAT(refusal(close()), HasSubstr("needs a reason"));
  const auto second = close("开通日期更正");
  ASSERT_TRUE(second) << to_string(second.error());
  EXPECT_EQ(second->version, 2);
  ASSERT_EQ(second->changes.size(), 2U);
  EXPECT_EQ(second->changes[1].field, "unknown_ms");
  EXPECT_EQ(second->changes[1].before - second->changes[1].after, 1'000);
  EXPECT_EQ(closings(*db, "", 10)->size(), 2U);
  EXPECT_EQ(newest_closing(*db, "2026-03").value()->what.version, 2);
}

TEST_F(Closings, ANodeThatHasNotShippedItAllIsUnknownInItAndHindersNothing) {
  commit(*nodes[east], ms_of(april) / 1000.0 - midnight_ms / 1000.0 + 60, {});
  ship(east);
  fold();
  const auto c = close();
  ASSERT_TRUE(c) << to_string(c.error());
  ASSERT_EQ(c->nodes.size(), 2U);
  EXPECT_EQ(c->nodes[1].node, west);
  EXPECT_FALSE(c->nodes[1].as_of);
  see_the_month();
  const auto second = close("西城区补报");
  ASSERT_TRUE(second) << to_string(second.error());
  EXPECT_THAT(second->changes.front().key, HasSubstr("西城区"));
}

TEST_F(Closings, RefusesWhatCannotBeClosedYet) {
  EXPECT_THAT(refusal(close()), HasSubstr("no line is in scope"));
  EXPECT_THAT(refusal(close("", "2026")), HasSubstr("is not over yet"));
  EXPECT_THAT(refusal(close("", "2026-Q1-1")), HasSubstr("not 2026-Q1-1"));
  EXPECT_THAT(refusal(close("", "2026-03-1")), HasSubstr("not 2026-03-1"));
  EXPECT_THAT(refusal(close("", "2026-04")), HasSubstr("is not over yet"));
  EXPECT_THAT(refusal(close("", "2026-03", april - milliseconds{1})), HasSubstr("is not over yet"));
  EXPECT_THAT(refusal(close("", "2026-03", later, "")), HasSubstr("needs an author"));
  for (const std::string& name : {east, west})
    commit(*nodes[name], ms_of(april) / 1000.0 - midnight_ms / 1000.0 + 60, {});
  ship(east);
  EXPECT_THAT(refusal(close()), HasSubstr("being folded")) << "it is here";
  EXPECT_EQ(own_head(*db)->seq, 0);
}

TEST_F(Closings, OneThatCannotBeReadIsSaidAndTheMonthIsClosedAnew) {
  see_the_month();
  ASSERT_TRUE(close());
  ASSERT_TRUE(
      db->ask("UPDATE journal SET body = replace(body, '\"reason\"', '\"later\":1,\"reason\"') WHERE node = 0"));
  const auto told = newest_closing(*db, "2026-03");
  ASSERT_TRUE(told) << to_string(told.error());
  EXPECT_THAT((*told)->unread.en, HasSubstr("is not an entry of a centre's"));
  EXPECT_EQ((*told)->what.month, "2026-03");
  EXPECT_EQ((*told)->what.at, later);
  EXPECT_THAT(refusal(close()), HasSubstr("needs a reason"));
  const auto second = close("前一版读不出");
  ASSERT_TRUE(second) << to_string(second.error());
  EXPECT_EQ(second->version, 2);
  EXPECT_EQ(closings(*db, "", 10)->size(), 2U);
  EXPECT_TRUE(newest_closing(*db, "2026-03").value()->unread.en.empty());
}

TEST_F(Closings, AQuarterAndAYearAreClosedByTheSameRules) {
  see_the_month();
  ASSERT_TRUE(close());
  const auto quarter = close("", "2026-Q1");
  ASSERT_TRUE(quarter) << to_string(quarter.error());
  EXPECT_EQ(quarter->version, 1) << "whatever was closed of its months";
  EXPECT_EQ(quarter->when, zone.parse_period("2026-Q1").value());
  EXPECT_THAT(refusal(close("再结", "2026-Q1")), HasSubstr("nothing differs"));
  const wall_t next_year = zone.parse_period("2026").value().to;
  const auto year = close("", "2026", next_year);
  ASSERT_TRUE(year) << to_string(year.error());
  EXPECT_EQ(newest_closing(*db, "2026-Q1")->value().what.month, "2026-Q1");
  EXPECT_EQ(newest_closing(*db, "2026")->value().what.month, "2026");
  EXPECT_EQ(newest_closing(*db, "2026-03")->value().what.month, "2026-03");
  commit(*nodes[east], ms_of(april) / 1000.0 - midnight_ms / 1000.0 + 61, {line("L1", 100)});
  ship(east);
  fold();
  EXPECT_THAT(refusal(close("", "2026-Q1")), HasSubstr("needs a reason"));
  EXPECT_EQ(close("开通日期更正", "2026-Q1")->changes.size(), 2U);
  ASSERT_TRUE(
      db->ask("UPDATE journal SET body = replace(body, '\"reason\"', '\"later\":1,\"reason\"') WHERE node = 0"));
  EXPECT_EQ(newest_closing(*db, "2026")->value().what.month, "2026") << "also of one that cannot be read";
  EXPECT_EQ(newest_closing(*db, "2026-Q1")->value().what.month, "2026-Q1");
}

TEST_F(Closings, ABusyCentreClosesWhatIsFoldedLongPastThePeriod) {
  see_the_month();
  const double end = ms_of(april) / 1000.0 - midnight_ms / 1000.0;
  commit(*nodes[east], end + 7'200, {annotation{at(end + 7'200), "L1", at(12), "雷击", "李工"}});
  ship(east);
  const auto c = close();
  ASSERT_TRUE(c) << to_string(c.error());
  EXPECT_LT(c->nodes[0].entries, books->heads()->front().head.seq) << "it is here, and says nothing of the month";
}

TEST_F(Closings, WhoeverWaitsClosesAsSoonAsItIsFolded) {
  see_the_month();
  const double end = ms_of(april) / 1000.0 - midnight_ms / 1000.0;
  commit(*nodes[east], end + 120, {line("L1", 100)});
  ship(east);
  EXPECT_THAT(refusal(close()), HasSubstr("being folded"));
  int asked = 0;
  waits = [&](const std::string& node) {
    EXPECT_EQ(node, east);
    if (++asked == 2) fold();
    return asked < 5;
  };
  const auto c = close();
  ASSERT_TRUE(c) << to_string(c.error());
  EXPECT_EQ(asked, 2);
  waits = [&](const std::string&) { return ++asked < 5; };
  commit(*nodes[east], end + 180, {line("L1", 110)});
  ship(east);
  EXPECT_THAT(refusal(close("更正")), HasSubstr("being folded")) << "for as long as whoever waits says";
  EXPECT_EQ(asked, 5);
}

TEST(ClosedName, IsOfACivilMonthQuarterOrYearAndOfNothingElse) {
  const auto shanghai = civil_zone::named("Asia/Shanghai").value();
  for (const char* name : {"2026-03", "2026-Q1", "2026-Q4", "2026"})
    EXPECT_EQ(closed_name(shanghai, shanghai.parse_period(name).value()), name);
  EXPECT_EQ(closed_name(shanghai, shanghai.parse_period("2026-03-14").value()), "");
  period off = shanghai.parse_period("2026-Q2").value();
  off.to += milliseconds{1};
  EXPECT_EQ(closed_name(shanghai, off), "");
  EXPECT_EQ(closed_name(civil_zone::named("UTC").value(), shanghai.parse_period("2026").value()), "");
}

TEST(GroupedClosings, CategoriesStandAsFiguresHaveThemWhicheverDistrictComesFirst) {
  const auto row = [](const std::string& district, const std::string& category) {
    return closed_row{.province = {}, .city = {}, .district = district, .category = category, .name = {}, .sums = {}};
  };
  const std::vector<closed_row> rows{row("东", "education"), row("南", "village"), row("南", "town"), row("西", "town"),
                                     row("西", "education")};
  std::vector<std::string> order;
  for (const figure_row& r : grouped(rows, std::array{grouping::category})) order.push_back(r.what.key);
  EXPECT_THAT(order, testing::ElementsAre("village", "town", "education"));
}

TEST_F(Closings, WhatANodeThatLagsHasShippedIsFoldedFirst) {
  see_the_month();
  ASSERT_TRUE(close());
  commit(*nodes[east], ms_of(april) / 1000.0 - midnight_ms / 1000.0 + 120, {line("L1", 100)});
  ship(east);
  EXPECT_THAT(refusal(close("开通日期更正")), HasSubstr("东城区 is here and being folded")) << "of a closed month too";
}

TEST_F(Closings, ANodeThatHasShippedPartOfTheMonthIsFoldedFirst) {
  commit(*nodes[east], ms_of(april) / 1000.0 - midnight_ms / 1000.0 + 60, {});
  ship(east);
  fold();
  commit(*nodes[west], 3'600, {});
  ship(west);  // its heartbeat is inside the month
  EXPECT_THAT(refusal(close()), HasSubstr("西城区 is here and being folded"));
  fold();
  const auto c = close();
  ASSERT_TRUE(c) << to_string(c.error());
  ASSERT_EQ(c->nodes.size(), 2U);
  EXPECT_TRUE(c->nodes[1].as_of);
}

}  // namespace
}  // namespace changtong::centre
