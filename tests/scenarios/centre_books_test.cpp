// What a centre closed and sealed, as it is answered: also where it cannot be read, and where the books are away.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "daemon/centre/folder.h"
#include "daemon/centre/own_journal.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/centre_door.h"
#include "daemon/run/centre_figures.h"
#include "daemon/run/centre_page.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/desk.h"

namespace changtong {
namespace {

using namespace centre::fakes;
using namespace ledger::desk;
using testing::AllOf;
using testing::HasSubstr;

const civil_zone zone = civil_zone::named("Asia/Shanghai").value();

struct CentreBooks : testing::Test {
  centre::database_place where = server().empty();
  centre_file s{
      .zone = zone,
      .listen = {},
      .tls = {},
      .database = where.connect,
      .database_password = {},
      .readers = {{.name = "大屏", .token = secret("of who may read")}},
      .nodes = {{.name = "东城区", .token = secret("of the east"), .district = "东城区", .city = {}, .province = {}}}};
  centre::archives archives{where, {"东城区"}};
  centre::conversations books{where};
  ledger::desk::folder own;

  CentreBooks() {
    const auto writer = opened(own);
    commit(*writer, 10, {started{at(0), "0.9.0", "", 3, "东城区"}, line("L1", 0), up("L1", 1)});
    EXPECT_TRUE(archives.take("东城区", all_of(own.ledger()), at(20)));
    const auto folding = centre::folder::open(where, "test").value();
    while (folding->round({}).value()) {
    }
    centre::month_closed c{
        .at = at(100),
        .month = "2026-03",
        .zone = zone.name(),
        .when = zone.parse_period("2026-03").value(),
        .author = "王工",
        .reason = {},
        .figures =
            {{.province = {}, .city = {}, .district = "东城区", .category = "village", .name = "村", .sums = {}}},
        .nodes = {},
        .changes = {}};
    c.figures.front().sums.up = milliseconds{5'000};
    enter(c);
  }
  void enter(const centre::own_entry& e) {
    const auto done =
        books.with([&](centre::database& db) { return centre::written(db, [&] { return centre::add_own(db, e); }); });
    ASSERT_TRUE(done) << to_string(done.error());
  }
  void spoil(const std::string& statement) {
    const auto done = books.with([&](centre::database& db) { return db.ask(statement); });
    ASSERT_TRUE(done) << to_string(done.error());
  }
  template <class Place>
  static web_response ask(Place& of, const std::string& path, std::multimap<std::string, std::string> query = {}) {
    const std::vector<web_route> all = of.routes();
    web_request r;
    r.method = "GET";
    r.path = path;
    for (const auto& [name, value] : query) r.query.emplace(name, value);
    r.headers.emplace("authorization", "Bearer of who may read");
    return std::ranges::find(all, path, &web_route::path)->answer(r);
  }
  web_response availability() {
    centre_figures figures{s, books};
    return ask(figures, "/centre/v1/availability", {{"from", "2026-03"}, {"to", "2026-03"}, {"by", "district"}});
  }
};

TEST_F(CentreBooks, WhatWasClosedIsAnsweredWhereTheBooksAreAway) {
  EXPECT_THAT(availability().body, AllOf(HasSubstr(R"("shown":true,"differs":)"), HasSubstr(R"("up_s":5)")));
  spoil("ALTER TABLE targets RENAME TO elsewhere");
  const web_response told = availability();
  EXPECT_EQ(told.status, 200) << told.body;
  EXPECT_THAT(told.body, AllOf(HasSubstr(R"("shown":true,"differs":null)"), HasSubstr(R"("up_s":5)")));
}

TEST_F(CentreBooks, WhatCannotBeReadIsSaidInItsPlaceAndTheRestIsServed) {
  enter(centre::heads_sealed{.at = at(200),
                             .centre = {},
                             .day = "2026-03-14",
                             .zone = zone.name(),
                             .own = {},
                             .heads = {},
                             .key = "of a later version",
                             .signature = {}});
  spoil("UPDATE journal SET body = replace(body, '\"version\"', '\"later\":1,\"version\"') WHERE node = 0");
  centre_door door{s, archives};
  const web_response nodes = ask(door, "/centre/v1/nodes");
  EXPECT_EQ(nodes.status, 200) << nodes.body;
  EXPECT_THAT(nodes.body, AllOf(HasSubstr(R"("unread_en":)"), HasSubstr(R"("node":"东城区")")));
  centre_closings closings{s, books};
  EXPECT_THAT(ask(closings, "/centre/v1/closings").body,
              AllOf(HasSubstr(R"("month":"2026-03","at":)"), HasSubstr("is not an entry of a centre's")));
  const web_response told = availability();
  EXPECT_EQ(told.status, 200) << told.body;
  EXPECT_THAT(told.body, AllOf(HasSubstr(R"("closing":{"month":"2026-03")"), HasSubstr(R"("unread":)")));
  centre_page page{s, books};
  const web_response shown = ask(page, "/", {{"month", "2026-03"}});
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_THAT(shown.body, AllOf(HasSubstr("封存读不出"), HasSubstr("结账读不出"), HasSubstr("东城区")));
}

}  // namespace
}  // namespace changtong
