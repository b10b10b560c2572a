// What nodes bring to a centre, as the door takes it or does not, before a real database.
#include "daemon/run/centre_door.h"

#include <gmock/gmock.h>

#include "daemon/host/clocks.h"
#include "daemon/run/centre_link.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"

namespace changtong {
namespace {

using namespace centre::fakes;
using testing::HasSubstr;

centre_node node(const std::string& name, const std::string& token) {
  return {.name = name, .token = secret(token), .district = name, .city = {}, .province = {}};
}

struct CentreDoor : testing::Test {
  centre::database_place where = server().empty();
  centre_file s{.zone = civil_zone::named("Asia/Shanghai").value(),
                .listen = {},
                .tls = {},
                .database = where.connect,
                .database_password = {},
                .readers = {{.name = "大屏", .token = secret("of who may read")}},
                .nodes = {node("东城区", "of the east"), node("西城区", "of the west")}};
  centre::archives books{where, {"东城区", "西城区"}};
  centre_door door{s, books};
  told_journal east;

  [[nodiscard]] web_route route(const std::string& path) {
    const std::vector<web_route> all = door.routes();
    return *std::ranges::find(all, path, &web_route::path);
  }
  static web_request asked(const std::string& token, const std::string& body = {}) {
    web_request r;
    r.method = "POST";
    r.path = centre_path;
    r.body = body;
    r.headers.emplace("authorization", "Bearer " + token);
    return r;
  }
  web_response ship(const ledger::shipment& one, const std::string& token = "of the east") {
    return route(std::string(centre_path)).answer(asked(token, ledger::text_of(one)));
  }
  web_response nodes(const std::string& token = "of who may read") {
    return route("/centre/v1/nodes").answer(asked(token));
  }
};

TEST_F(CentreDoor, TakesWhatGoesOnAndAnswersWithTheHead) {
  east.write(3);
  const auto answer = ship(east.after(0));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(ledger::read_shipment_answer(answer.body)->head, east.end());
  EXPECT_THAT(nodes().body, testing::AllOf(HasSubstr(R"("node":"东城区","branch":1,"entries":3)"),
                                           HasSubstr(R"("node":"西城区","branch":1,"entries":0)")));
  EXPECT_EQ(door.counted("东城区"), (std::array<std::uint64_t, 4>{1, 0, 0, 0}));
  EXPECT_EQ(door.counted("西城区"), (std::array<std::uint64_t, 4>{}));
  EXPECT_EQ(ship(east.after(0, 0)).status, 200) << "it only asks";
  EXPECT_EQ(door.counted("东城区"), (std::array<std::uint64_t, 4>{1, 1, 0, 0})) << "it stands further on";
}

TEST_F(CentreDoor, WhoHasNoTokenIsTurnedAwayByTheHeadAlone) {
  const auto keeper = route(std::string(centre_path)).keeper;
  for (const std::string token : {"", "of the eas", "of the east ", "OF THE EAST", "of who may read"}) {
    const auto no = keeper(asked(token));
    ASSERT_TRUE(no) << token;
    EXPECT_EQ(no->status, 401);
    EXPECT_EQ(ship(east.after(0), token).status, 401) << token;
  }
  EXPECT_FALSE(keeper(asked("of the west")));
  EXPECT_EQ(nodes("of the east").status, 401);
}

TEST_F(CentreDoor, WhoeverIsKnownOtherwiseNeedsNoToken) {
  east.write(2);
  EXPECT_EQ(ledger::read_shipment_answer(door.shipped("东城区", ledger::text_of(east.after(0))).body)->head,
            east.end());
  const auto no = door.shipped("北城区", ledger::text_of(east.after(0)));
  EXPECT_EQ(no.status, 401);
  EXPECT_THAT(no.body, HasSubstr("no such node"));
  s.nodes[1].token = {};
  centre_door by_name(s, books);
  const std::vector<web_route> all = by_name.routes();
  EXPECT_TRUE(std::ranges::find(all, centre_path, &web_route::path)->keeper(asked(""))) << "no token is nobody's";
}

TEST_F(CentreDoor, WithoutAReadersTokenNobodyReads) {
  s.readers.clear();
  centre_door closed(s, books);
  const std::vector<web_route> all = closed.routes();
  EXPECT_EQ(std::ranges::find(all, "/centre/v1/nodes", &web_route::path)->answer(asked("")).status, 401);
}

TEST_F(CentreDoor, AForkIsAConflictUntilItIsFollowed) {
  east.write(4);
  ASSERT_EQ(ship(east.after(0)).status, 200);
  told_journal other;
  other.write(2, "另一本");
  const auto fork = ship(other.after(2));
  EXPECT_EQ(fork.status, 409);
  EXPECT_THAT(fork.body, HasSubstr("changtong centre branch"));
  EXPECT_EQ(door.counted("东城区")[2], 1U);
  EXPECT_THAT(nodes().body, HasSubstr(R"("times":1,"seq":2)"));
  ASSERT_TRUE(books.with([&](centre::archive& a) { return a.begin_branch("东城区", "王工", "", east.all[0].at); }));
  EXPECT_EQ(ship(other.after(0)).status, 200);
  EXPECT_THAT(nodes().body, HasSubstr(R"("branch":2,"entries":2)"));
}

TEST_F(CentreDoor, WhatIsNoShipmentOrDoesNotChainIsSaid) {
  EXPECT_EQ(route(std::string(centre_path)).answer(asked("of the east", "{}")).status, 400);
  east.write(2);
  auto spoilt = east.after(0);
  spoilt.entries[1].body += ' ';
  const auto no = ship(spoilt);
  EXPECT_EQ(no.status, 503);
  EXPECT_THAT(no.body, HasSubstr("entry 2 does not chain"));
  EXPECT_EQ(door.counted("东城区")[3], 2U);
}

TEST_F(CentreDoor, TimeThatNobodyCanHaveSeenIsNotTaken) {
  east.write(1);
  auto ahead = east.after(0);
  ahead.heartbeat = system_clocks().wall() + std::chrono::minutes{1};
  EXPECT_EQ(ship(ahead).status, 503);
  EXPECT_THAT(nodes().body, HasSubstr(R"("entries":0)"));
}

TEST_F(CentreDoor, ADatabaseThatIsAwayIsToBeTriedAgain) {
  east.write(2);
  ASSERT_EQ(ship(east.after(0)).status, 200);
  east.write(2);
  server().kill();
  const auto no = ship(east.after(2));
  EXPECT_EQ(no.status, 503);
  EXPECT_THAT(no.headers, testing::Contains(testing::Pair("Retry-After", "1")));
  EXPECT_EQ(nodes().status, 503);
  server().start();
  centre::archives fresh(where, {"东城区", "西城区"});
  centre_door again(s, fresh);
  const std::vector<web_route> all = again.routes();
  EXPECT_EQ(all.front().answer(asked("of the east", ledger::text_of(east.after(2)))).status, 200);
}

}  // namespace
}  // namespace changtong
