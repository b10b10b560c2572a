// Windows of nodes that wait for an approval, as a centre lists them: those, of each node, and no other.
#include "daemon/run/centre_approvals.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "daemon/centre/own_journal.h"
#include "daemon/run/centre_nodes.h"
#include "tests/centre/folded.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/desk.h"

namespace changtong {
namespace {

using namespace centre::fakes;
using namespace ledger::desk;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct CentreApprovals : testing::Test {
  centre::database_place where = server().empty();
  std::vector<std::string> names{"甲", "乙"};
  centre_file s{.name = "某市",
                .zone = civil_zone::named("Asia/Shanghai").value(),
                .listen = {},
                .tls = {},
                .database = where.connect,
                .database_password = {},
                .readers = {{.name = "大屏", .token = secret("of who may read")}},
                .nodes = {{.name = "甲", .token = {}, .district = "东城", .city = {}, .province = {}},
                          {.name = "乙", .token = {}, .district = "东城", .city = {}, .province = {}}}};
  centre::archives archives{where, names};
  centre::conversations books{where};
  ledger::desk::folder of_a, of_b;

  void ship(const std::string& node, const ledger::desk::folder& own, std::vector<record> records) {
    const auto writer = opened(own);
    std::vector<record> all{started{at(0), "0.10.0", "", 3, node}, line("L1", 0)};
    std::ranges::move(records, std::back_inserter(all));
    commit(*writer, 1'000, std::move(all));
    ASSERT_TRUE(archives.take(node, all_of(own.ledger()), at(1'010)));
    const auto folding = a_folder(where);
    fold_all(*folding);
  }
  std::vector<std::string> waiting(double now) {
    std::vector<std::string> out;
    const auto done = books.with([&](centre::database& db) -> result<bool> {
      web_request all;
      auto heads = centre::folded_heads(db);
      if (!heads) return heads.error();
      for (const waiting_window& w :
           waiting_windows(db, nodes_asked_for(s.nodes, all, std::move(*heads)), at(now), [] {}))
        out.push_back(w.node + " " + w.story.id + (w.story.late ? " late" : ""));
      return true;
    });
    EXPECT_TRUE(done) << to_string(done.error());
    return out;
  }
  std::string answer() {
    centre_approvals route{s, books};
    web_request r;
    r.method = "GET";
    r.path = "/centre/v1/approvals";
    r.headers.emplace("authorization", "Bearer of who may read");
    return route.routes().front().answer(r).body;
  }
};

TEST_F(CentreApprovals, AreWhatIsRequestedOrRevisedAndNotOver) {
  ship("甲", of_a,
       {window("W1", "L1", 10, 5'000, 6'000, "requested"), window("W2", "L1", 11, 4'000, 6'000, "requested"),
        window("W2", "L1", 12, 4'000, 6'000, "approved"), window("W3", "L1", 13, 4'000, 6'000, "requested"),
        window("W3", "L1", 14, 4'000, 6'000, "cancelled"), window("W4", "L1", 15, 3'000, 3'500, "requested"),
        window("W5", "L1", 16, 2'000, 9'000, "approved"), window("W5", "L1", 17, 2'500, 9'000, "revised")});
  ship("乙", of_b, {window("W1", "L1", 10, 4'500, 6'000, "requested")});
  EXPECT_THAT(waiting(1'020), ElementsAre("甲 W5", "甲 W4", "乙 W1", "甲 W1"));
  EXPECT_THAT(waiting(4'000), ElementsAre("甲 W5 late", "乙 W1", "甲 W1")) << "what is over takes nothing out any more";
}

TEST_F(CentreApprovals, WhereLateOnesAreAllowedWhatIsOverWaitsToo) {
  ship("甲", of_a,
       {policy_version{at(1), "Asia/Shanghai", R"({"windows":{"late_approval":"allow"}})", "test"},
        window("W1", "L1", 10, 2'000, 3'000, "requested")});
  EXPECT_THAT(waiting(9'000), ElementsAre("甲 W1 late"));
}

TEST_F(CentreApprovals, OfAPairWhatEitherApprovedWaitsNoMore) {
  for (centre_node& n : s.nodes) n.pair = "东城";
  ship("甲", of_a,
       {window("W1", "L1", 10, 5'000, 6'000, "requested"), window("W2", "L1", 11, 5'000, 6'000, "requested")});
  EXPECT_THAT(waiting(1'020), ElementsAre("甲 W1", "甲 W2"));
  ship("乙", of_b, {window("W1", "L1", 20, 5'000, 6'000, "approved")});
  EXPECT_THAT(waiting(1'020), ElementsAre("甲 W2"));
}

TEST_F(CentreApprovals, OfWhoIsRetiredNothingWaits) {
  ship("甲", of_a, {window("W1", "L1", 10, 5'000, 6'000, "requested")});
  ASSERT_TRUE(
      archives.with([&](centre::archive& a) { return a.retire("甲", "王工", "并入乙", at(1'011), at(1'011)); }));
  EXPECT_THAT(waiting(1'020), ElementsAre());
}

TEST_F(CentreApprovals, AreAnsweredWithWhatWasSaidHere) {
  ship("甲", of_a, {window("W1", "L1", 10, 1e9, 2e9, "requested")});
  EXPECT_THAT(answer(), AllOf(HasSubstr(R"("total":1,)"), HasSubstr(R"("id":"W1")"), HasSubstr(R"("said":[])"),
                              HasSubstr(R"("requested_by":"王工")")));
  centre::approval_said a{.at = at(1'020),
                          .order = "1",
                          .node = "甲",
                          .window = "W1",
                          .version = "2",
                          .approved = false,
                          .author = "李工",
                          .reason = "太长"};
  const auto enter = [&] {
    return books.with(
        [&](centre::database& db) { return centre::written(db, [&] { return centre::add_own(db, a); }); });
  };
  ASSERT_TRUE(enter());
  EXPECT_THAT(answer(), AllOf(HasSubstr(R"("answer":"asked")"), HasSubstr(R"("approved":false)"))) << "at once";
  ASSERT_TRUE(books.with([](centre::database& db) {
    return db.ask("UPDATE journal SET body = replace(body, '太长', '太\"长') WHERE node = 0");
  }));
  EXPECT_THAT(answer(), AllOf(HasSubstr(R"("said":[])"), HasSubstr(R"("id":"W1")"))) << "what cannot be read";
}

TEST_F(CentreApprovals, AreNoStrangers) {
  centre_approvals route{s, books};
  EXPECT_EQ(route.routes().front().answer(web_request{}).status, 401);
}

}  // namespace
}  // namespace changtong
