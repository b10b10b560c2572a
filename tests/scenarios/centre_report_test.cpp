// The report over a centre's nodes is each node's own, added up; who shipped nothing is unknown; what is closed stays.
#include "daemon/run/centre_report.h"

#include <gmock/gmock.h>

#include <map>

#include "daemon/centre/archive.h"
#include "daemon/centre/closings.h"
#include "daemon/centre/folder.h"
#include "daemon/core/contract.h"
#include "daemon/report/report_layout.h"
#include "daemon/report/web_page.h"
#include "daemon/run/centre_nodes.h"
#include "daemon/run/centre_papers.h"
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
using testing::IsEmpty;
using testing::Not;

std::string contract_policy() {
  contract c{.id = "C1", .carrier = "电信", .source = "合同"};
  c.availability_target = {999, 1'000};
  return R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"}],"contracts":[)" + to_json(c) +
         "]}";
}

const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
constexpr wall_t april = wall_from_ms(1'774'972'800'000);
const wall_t later = april + std::chrono::hours{9};
constexpr double month_s = 18 * 86'400;  // from the desk's midnight to April

struct CentreReport : testing::Test {
  centre::database_place where = server().empty();
  centre_file s;
  std::map<std::string, ledger::desk::folder> own;
  std::map<std::string, std::unique_ptr<ledger::writer>> nodes;
  std::unique_ptr<centre::archive> taking;
  std::unique_ptr<centre::database> db;

  CentreReport() {
    s.name = "某市";
    s.zone = zone;
    for (const char* name : {"东城区", "西城区", "新区"})
      s.nodes.push_back({.name = name, .token = {}, .district = name, .city = "某市", .province = {}});
    taking = centre::archive::open(where, s.names()).value();
    db = centre::database::open(where).value();
    for (const char* name : {"东城区", "西城区"}) {
      nodes[name] = opened(own[name]);
      commit(*nodes[name], 10,
             {started{at(0), "0.9.0", "", 3, name}, policy_version{at(0), "Asia/Shanghai", contract_policy(), "x"},
              line("L1", 0), line("L2", 0), up("L1", 1), up("L2", 1)});
    }
  }
  void ship(const std::string& name) {
    auto all = all_of(own[name].ledger());
    for (const centre::node_head& h : taking->heads().value())
      if (h.node == name && h.head.seq > 0) {
        all.after = h.head.seq, all.hash = h.head.hash;
        all.entries.erase(all.entries.begin(), all.entries.begin() + h.head.seq);
      }
    ASSERT_TRUE(taking->take(name, all, later));
    const auto f = centre::folder::open(where, "test").value();
    while (f->round({}).value()) {
    }
  }
  /** Each says of March what it saw, and that it saw all of it. */
  void see_the_month() {
    commit(*nodes["东城区"], 100,
           {down("L1", 20, 19), up_again("L1", 50, 49), window("W1", "*", 60, 70, 90, "approved")});
    commit(*nodes["西城区"], 3'000, {down("L1", 1'000, 999), up_again("L1", 2'000, 1'999)});
    annotation lightning{at(2'500), "L1", at(1'500), "王工", "雷击"};
    commit(*nodes["西城区"], 3'000, {lightning});
    for (const char* name : {"东城区", "西城区"}) {
      commit(*nodes[name], month_s + 60, {});
      ship(name);
    }
  }
  [[nodiscard]] centre_report_wanted march(const std::string& of = {}) const {
    centre_report_wanted w{.when = report_period_named(zone, "2026-03").value(), .now = later};
    if (!of.empty()) w.of.query.emplace("node", of);
    return w;
  }
  report::availability_report made(const centre_report_wanted& w) {
    auto r = centre_report(*db, s, w);
    EXPECT_TRUE(r) << to_string(r.error());
    return std::move(*r);
  }
  result<centre::month_closed> close(const std::string& reason = {}, const std::string& month = "2026-03") {
    return centre::close_month(*db,
                               {.month = month,
                                .author = "王工",
                                .reason = reason,
                                .zone = zone,
                                .nodes = [&](auto heads) { return nodes_asked_for(s.nodes, {}, std::move(heads)); }},
                               later);
  }
};

std::string text_of(report::availability_report r, const report::report_head& head) {
  r.head = head;
  r.places.clear();
  return report::write_web_page(report::layout(r));
}

std::vector<std::string> ids(const report::availability_report& r) {
  std::vector<std::string> out;
  for (const report::target_row& t : r.targets) out.push_back(t.id);
  return out;
}

TEST_F(CentreReport, OfOneNodeIsWhatItsOwnLedgerSaysToTheLetter) {
  see_the_month();
  for (const char* name : {"东城区", "西城区"}) {
    const auto books = reading(own[name]);
    const auto theirs = gather_report(*books, {.when = march().when, .now = later, .fingerprint = {}});
    ASSERT_TRUE(theirs) << to_string(theirs.error());
    const auto mine = made(march(name));
    EXPECT_EQ(text_of(mine, theirs->head), text_of(*theirs, theirs->head));
    EXPECT_TRUE(mine.head.complete);
    EXPECT_EQ(mine.head.known_to, theirs->head.known_to);
    EXPECT_EQ(mine.head.rules, theirs->head.rules);
    EXPECT_THAT(mine.head.remarks, IsEmpty());
  }
}

TEST_F(CentreReport, OfSeveralAddsUpAndSaysWhoseALineIs) {
  see_the_month();
  const auto east = made(march("东城区")), west = made(march("西城区"));
  centre_report_wanted w = march();
  const auto both = made(w);
  EXPECT_THAT(ids(both), ElementsAre("东城区/L1", "东城区/L2", "西城区/L1", "西城区/L2"));
  EXPECT_EQ(both.all.lines, 4);
  EXPECT_EQ(both.all.sums.down, east.all.sums.down + west.all.sums.down);
  EXPECT_EQ(both.all.sums.up, east.all.sums.up + west.all.sums.up);
  EXPECT_EQ(both.all.sums.excluded, milliseconds{40'000}) << "a window of all lines is of its own node's";
  EXPECT_EQ(both.all.sums.outages, 2);
  EXPECT_EQ(both.all.r2.counted, 4);
  EXPECT_EQ(both.all.r3.counted, east.all.r3.counted);
  EXPECT_EQ(both.all.r4.counted, 4) << "each by its own contracts";
  EXPECT_EQ(both.all.r4.reached, east.all.r4.reached + west.all.r4.reached);
  ASSERT_EQ(both.longest.size(), 2U);
  EXPECT_EQ(both.longest[0].id, "西城区/L1");
  ASSERT_EQ(both.longest[0].note.annotations.size(), 1U);
  EXPECT_EQ(both.longest[0].note.annotations[0].text, "雷击");
  ASSERT_EQ(both.carrier_parts.size(), 1U);
  EXPECT_EQ(both.carrier_parts[0].lines, 4);
  EXPECT_EQ(both.carriers.at(0).sums.down, both.all.sums.down);
  EXPECT_EQ(both.towns.size(), 2U) << "towns of one name in two districts are two";
  EXPECT_EQ(both.towns[0].title, "东城区 城南镇");
}

TEST_F(CentreReport, WhoHasShippedNothingIsUnknownAndNotAHundredPerCent) {
  see_the_month();
  const auto r = made(march());
  ASSERT_EQ(r.places.size(), 3U);
  EXPECT_EQ(r.places[0].name, "某市 · 东城区");
  EXPECT_EQ(r.places[0].known, "东城区 全期");
  EXPECT_EQ(r.places[0].targets, 2);
  EXPECT_FALSE(r.places[2].sums.scope);
  EXPECT_EQ(r.places[2].known, "新区 还没有送来账，未知");
  EXPECT_FALSE(r.head.complete);
  EXPECT_EQ(r.head.office, "某市");
  ASSERT_EQ(r.head.remarks.size(), 1U);
  EXPECT_THAT(r.head.remarks[0], HasSubstr("其专线不在合计之内：新区 还没有送来账，未知"));
  const std::string page = report::write_web_page(report::layout(r));
  EXPECT_THAT(page, HasSubstr("各区县"));
  EXPECT_THAT(page, HasSubstr("新区 还没有送来账，未知"));
  const auto alone = made(march("新区"));
  EXPECT_EQ(alone.all.lines, 0);
  EXPECT_FALSE(alone.head.complete);
  const std::string nothing = report::write_web_page(report::layout(alone));
  EXPECT_THAT(nothing, HasSubstr(R"(<td class="s">畅通率</td><td class="s">—</td>)"));
  EXPECT_THAT(nothing, HasSubstr("没有一条线路的账"));
  EXPECT_THAT(nothing, HasSubstr("账本已观测至：未知"));
  EXPECT_EQ(r.head.rules, made(march("东城区")).head.rules) << "who has no line has no rules";
  const auto nobody_there = centre_report(*db, s, march("南区"));
  ASSERT_FALSE(nobody_there);
  EXPECT_EQ(nobody_there.error().what, problem_class::usage);
}

TEST_F(CentreReport, WhatIsNotShippedToTheEndIsUnknownFromThereOn) {
  commit(*nodes["东城区"], 3'600, {});
  ship("东城区");
  const auto r = made(march("东城区"));
  EXPECT_FALSE(r.head.complete);
  EXPECT_EQ(r.head.known_to, at(3'600));
  EXPECT_EQ(r.all.sums.up, milliseconds{2 * 3'599'000});
  EXPECT_EQ(r.all.sums.unknown,
            2 * (milliseconds{static_cast<std::int64_t>(month_s * 1'000)} - milliseconds{3'599'000}));
  ASSERT_EQ(r.places.size(), 1U);
  EXPECT_EQ(r.places[0].known, "东城区 至 2026-03-14 01:00:00");
}

TEST_F(CentreReport, IsAFileForWhoMayRead) {
  see_the_month();
  s.readers = {{.name = "大屏", .token = secret("of who may read")}};
  centre::conversations books{where};
  centre_papers papers(s, books);
  const web_route route = papers.routes().front();
  const auto ask = [&](const std::string& name, const std::string& token = "of who may read") {
    web_request r{.method = "GET", .path = "/centre/v1/reports/" + name, .query = {}, .headers = {}, .body = {}};
    r.headers.emplace("authorization", "Bearer " + token);
    return route.answer(r);
  };
  const web_response book = ask("2026-03.xlsx");
  EXPECT_EQ(book.status, 200) << book.body;
  EXPECT_TRUE(book.body.starts_with("PK"));
  EXPECT_THAT(ask("2026-03.html").body, HasSubstr("各区县"));
  EXPECT_EQ(ask("2026-03.html", "of somebody").status, 401);
  EXPECT_EQ(ask("2026-13.html").status, 400);
  EXPECT_EQ(ask("../x.html").status, 400);
  papers.end();
  EXPECT_EQ(ask("2026-03.html").status, 503);
}

TEST_F(CentreReport, APairIsOneAndItsLinesCountOnce) {
  see_the_month();
  for (std::size_t i = 0; i < 2; ++i) s.nodes[i].pair = "老城", s.nodes[i].district = "老城";
  const auto r = made(march());
  EXPECT_THAT(ids(r), ElementsAre("老城/L1", "老城/L2"));
  EXPECT_EQ(r.all.sums.down, milliseconds{0}) << "each was down while the other one saw it up";
  ASSERT_EQ(r.places.size(), 2U);
  EXPECT_EQ(r.places[0].targets, 2);
  EXPECT_EQ(r.places[0].known, "老城（东城区 全期，西城区 全期）");
  EXPECT_THAT(ids(made(march("西城区"))), ElementsAre("L1", "L2")) << "one of them alone, by its own name";
}

TEST_F(CentreReport, WhoIsNotExpectedAnyMoreHoldsNothingBack) {
  see_the_month();
  ASSERT_TRUE(taking->retire("新区", "王工", "并入东城区", later, later));
  const auto r = made(march());
  EXPECT_THAT(r.places.at(2).known, HasSubstr("停用"));
  EXPECT_THAT(r.head.remarks, IsEmpty());
  EXPECT_TRUE(r.head.complete);
}

TEST_F(CentreReport, OfAClosedMonthTheTotalsAreThoseOfTheClosing) {
  see_the_month();
  const auto before = made(march());
  ASSERT_TRUE(close());
  commit(*nodes["东城区"], month_s + 100, {window("W2", "L1", 30, 40, 60, "approved"), line("L3", 100)});
  ship("东城区");
  const auto r = made(march());
  EXPECT_EQ(r.all.sums.up, before.all.sums.up);
  EXPECT_EQ(r.all.sums.unknown, before.all.sums.unknown) << "the third line came later";
  EXPECT_EQ(r.all.r1.value, before.all.r1.value);
  EXPECT_EQ(r.all.lines, 5) << "the list is of the books as they are";
  ASSERT_EQ(r.places.size(), 3U);
  EXPECT_EQ(r.places[0].sums.up, before.places[0].sums.up);
  ASSERT_EQ(r.categories.size(), 1U);
  EXPECT_EQ(r.categories[0].sums.down, before.all.sums.down);
  ASSERT_FALSE(r.head.remarks.empty());
  EXPECT_THAT(r.head.remarks.back(), HasSubstr("2026年3月已结账：第 1 版"));
  EXPECT_THAT(r.head.remarks.back(), HasSubstr("处不同"));
  const auto one = made(march("东城区"));
  EXPECT_THAT(one.head.remarks.back(), HasSubstr("结账不分节点"));
  EXPECT_NE(one.all.sums.unknown, before.places[0].sums.unknown);
  ASSERT_TRUE(close("补录专线"));
  EXPECT_THAT(made(march()).head.remarks.back(), HasSubstr("第 2 版"));
  centre_report_wanted next{.when = report_period_named(zone, "2026-04").value(), .now = later};
  const auto april_report = made(next);
  ASSERT_TRUE(april_report.against.before);
  EXPECT_THAT(april_report.against.before->name, HasSubstr("2026年3月，结账第 2 版"));
}

TEST_F(CentreReport, OfAClosedQuarterSaysSoAndWhatIsNotTheClosings) {
  see_the_month();
  centre_report_wanted quarter{.when = report_period_named(zone, "2026-Q1").value(), .now = later};
  EXPECT_THAT(made(quarter).head.remarks.back(), HasSubstr("2026年第1季度没有结账"));
  ASSERT_TRUE(close({}, "2026-Q1"));
  const auto r = made(quarter);
  ASSERT_FALSE(r.head.remarks.empty());
  EXPECT_THAT(r.head.remarks.back(),
              AllOf(HasSubstr("2026年第1季度已结账：第 1 版"), HasSubstr("R2、R3、R4"), Not(HasSubstr("本月"))));
  quarter.of.query.emplace("node", "东城区");
  EXPECT_THAT(made(quarter).head.remarks.back(), HasSubstr("2026年第1季度已于"));
}

}  // namespace
}  // namespace changtong
