#include "daemon/publish/api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/publish/api/people.h"
#include "tests/publish/api/asking.h"
#include "tests/publish/roomy_views.h"

namespace changtong::api {
namespace {

using testing::HasSubstr;
using testing::Not;

struct ApiTest : testing::Test, asking {};

TEST_F(ApiTest, LinesAreFilteredAndCounted) {
  EXPECT_EQ(json("/api/v1/lines").at("total"), 5);  // the anchor is nobody's line
  EXPECT_EQ(json("/api/v1/lines", {{"category", "village"}}).at("total"), 2);
  EXPECT_EQ(json("/api/v1/lines", {{"carrier", "电信"}, {"town", "城关镇"}}).at("total"), 2);
  EXPECT_EQ(json("/api/v1/lines", {{"kind", "site"}}).at("lines").at(0).at("id"), "portal");
  EXPECT_EQ(json("/api/v1/lines", {{"q", "ct-v00"}}).at("total"), 2);
  EXPECT_EQ(json("/api/v1/lines", {{"q", "南湾"}}).at("lines").at(0).at("id"), "V002");
  EXPECT_EQ(json("/api/v1/lines", {{"q", "127.1.0."}}).at("total"), 5);
  EXPECT_EQ(json("/api/v1/lines", {{"q", "nothing like it"}}).at("total"), 0);
  const auto first = json("/api/v1/lines").at("lines").at(0);
  EXPECT_EQ(first.at("circuit"), "CT-T01");
  EXPECT_EQ(first.at("addresses").at(0), "127.1.0.1");
  EXPECT_EQ(json("/api/v1/lines", {{"q", "V001"}}).at("lines").at(0).at("parent"), "T01");
}

TEST_F(ApiTest, StateIsTheAnnouncedOneAndDegradedIsNotUp) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  d.view->lines[1].degraded = true;
  EXPECT_EQ(json("/api/v1/lines", {{"state", "down"}}).at("lines").at(0).at("id"), "V001");
  EXPECT_EQ(json("/api/v1/lines", {{"state", "degraded"}}).at("lines").at(0).at("id"), "T02");
  EXPECT_EQ(json("/api/v1/lines", {{"state", "up"}}).at("total"), 3);
}

TEST_F(ApiTest, ADegradedLineSaysWhichFigureIsBeyondWhichLimit) {
  d.view->limits = {.samples = 64, .loss_ratio = 0.05, .rtt = milliseconds{200}};
  const auto why = [&] { return json("/api/v1/lines/T02").at("degraded_by").as_array(); };
  d.view->lines[1].loss_ratio = 0.125F;
  EXPECT_TRUE(why().empty()) << "it is up and well";
  d.view->lines[1].degraded = true;
  ASSERT_EQ(why().size(), 1u);
  EXPECT_EQ(why()[0].at("text"), "丢包 12.5 %，限值 5 %（近 64 次探测；降到 2.5 % 以下才算恢复）");
  d.view->lines[1].loss_ratio = 0;
  d.view->lines[1].mean_rtt_seconds = 0.25F;
  EXPECT_EQ(why()[0].at("text"), "平均应答时间 250 毫秒，限值 200 毫秒（降到 160 毫秒以下才算恢复）");
  d.view->lines[1].mean_rtt_seconds = -1;
  EXPECT_EQ(why()[0].at("text"), "近 64 次探测的丢包曾达限值 5 %，尚未降到一半以下");
  d.view->lines[1].dataless = true;
  d.view->said.set(1, "口令不对");
  EXPECT_EQ(why()[0].at("code"), "data");
  d.view->lines[1].filtered = true;
  EXPECT_EQ(why()[1].at("code"), "filter");
  d.view->lines[1].state = line_state::down;
  EXPECT_TRUE(why().empty()) << "it is no longer up";
}

TEST_F(ApiTest, PagesOfLinesKeepTheTotal) {
  const auto page = json("/api/v1/lines", {{"limit", "2"}, {"offset", "3"}});
  EXPECT_EQ(page.at("total"), 5);
  EXPECT_EQ(page.at("lines").as_array().size(), 2u);
  EXPECT_EQ(page.at("lines").at(0).at("id"), "V002");
  EXPECT_EQ(json("/api/v1/lines", {{"offset", "99"}}).at("lines").as_array().size(), 0u);
}

TEST_F(ApiTest, AMisspeltOrSillyParameterIsRefused) {
  for (const std::multimap<std::string, std::string>& query :
       {std::multimap<std::string, std::string>{{"catgory", "village"}},
        {{"town", "a"}, {"town", "b"}},
        {{"limit", "-1"}},
        {{"limit", "5001"}},
        {{"limit", "1e3"}},
        {{"offset", ""}},
        {{"state", "断"}},
        {{"kind", "anchor"}}}) {
    const auto answer = ask("GET", "/api/v1/lines", query);
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr(R"({"error":{"code":"bad_parameter","text":")"));
  }
  EXPECT_EQ(ask("GET", "/api/v1/outages", {{"from", "yesterday"}}).status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/outages", {{"from", "2026-03-14"}, {"to", "2026-03-13"}}).status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/outages", {{"from", "1990"}, {"to", "2026"}}).status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/availability", {{"by", "colour"}}).status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/availability", {{"by", "town"}, {"line", "T01"}}).status, 400);
}

TEST_F(ApiTest, OneLineShowsWhatIsOddAboutItsAgent) {
  const check_index c = d.inv->targets[d.inv->index_of("V001")].first_check;
  const auto detail = [&] {
    return std::string(json("/api/v1/lines/V001").at("checks").at(0).at("detail").as_string());
  };
  EXPECT_EQ(detail(), "");
  d.view->said.set(c, "团体字不同 (a foreign community)");
  EXPECT_EQ(detail(), "团体字不同 (a foreign community)");
  d.view->said.set(c, std::string(10'000, 'x'));
  EXPECT_EQ(detail().size(), remarks::most_bytes);
  d.view->said.set(c, "");
  EXPECT_EQ(detail(), "");
}

TEST_F(ApiTest, OneLineShowsItsRegisterItsChecksAndItsBooks) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout, cause::own_line);
  const auto line = json("/api/v1/lines/V001");
  EXPECT_EQ(line.at("name"), "城关镇<北街>社区");
  EXPECT_EQ(line.at("state"), "down");
  EXPECT_EQ(line.at("cause_text"), "超时无应答");
  EXPECT_EQ(line.at("parent"), "T01");
  EXPECT_EQ(line.at("addresses").at(0), "127.1.0.1");
  EXPECT_EQ(line.at("checks").at(0).at("kind"), "snmp");
  EXPECT_EQ(line.at("checks").at(0).at("spec"), "snmp:credential=public");
  EXPECT_EQ(line.at("outages").as_array().size(), 1u);
  EXPECT_EQ(line.at("open_outage").at("began"), "2026-03-14T09:59:00.000+08:00");
  EXPECT_EQ(line.at("today_books").at("down_s").to_number<double>(), 59.2);  // to the heartbeat
  EXPECT_EQ(line.at("today_books").at("unknown_s").to_number<double>(), 0);
  EXPECT_EQ(line.at("rtt_s").to_number<double>(), 0.00425);
}

/** So that a new fact needs no line here and none in the answer. */
TEST_F(ApiTest, EveryFactThatHasAFieldIsInTheAnswerKnownOrNot) {
  d.view->sites = std::vector<site_view>(1);
  d.view->sites[0].target = d.inv->index_of("portal");
  d.view->facts = test::roomy_views(3);
  const std::array places{std::pair{"T01", 0U}, std::pair{"T01", 2U}, std::pair{"portal", 0U}};
  for (std::size_t k = 0; k < places.size(); ++k) {
    d.view->facts[k].target = d.inv->index_of(places[k].first);
    d.view->facts[k].index = places[k].second;
  }
  for (const bool known : {false, true}) {
    const auto line = json("/api/v1/lines/T01"), site = json("/api/v1/lines/portal");
    for (const fact_row& row : fact_table) {
      if (row.field.empty()) continue;
      const auto& told = row.of == fact_of::interface ? line.at("interfaces").at(0)
                         : row.of == fact_of::site    ? site.at("site")
                                                      : line;
      const auto& value = told.at(row.field);
      if (!known) {
        EXPECT_TRUE(row.zero_is_unknown ? value == 0 : value.is_null()) << row.text;
      } else if (row.unit == fact_unit::unix_seconds) {
        EXPECT_EQ(value, "1970-01-01T08:00:05.000+08:00") << row.text;
      } else {
        const double parts = row.unit == fact_unit::thousandths   ? 1e3
                             : row.unit == fact_unit::millionths  ? 1e6
                             : row.unit == fact_unit::nanoseconds ? 1e9
                                                                  : 1;
        EXPECT_DOUBLE_EQ(value.to_number<double>(), 5 / parts) << row.text;
      }
    }
    EXPECT_EQ(line.at("interfaces").at(0).at("if_index"), 2);
    for (fact_view& v : d.view->facts)
      for (const fact_row& row : fact_table) v.set(row.name, 5);
  }
}

TEST_F(ApiTest, AnInterfaceThatGoesByANameTellsItAndWhereItWasFound) {
  constexpr std::uint32_t of_a_name = 0x80000007;
  d.view->facts = test::roomy_views(1);
  d.view->facts[0].target = d.inv->index_of("T01");
  d.view->facts[0].index = of_a_name;
  d.view->interface_names[{d.view->facts[0].target, of_a_name}] = "GE0/0/1";
  const auto shown = [&] { return json("/api/v1/lines/T01").at("interfaces").at(0); };
  EXPECT_EQ(shown().at("interface"), "GE0/0/1");
  EXPECT_TRUE(shown().at("if_index").is_null());
  d.view->facts[0].set(fact_name::interface_index, 7);
  EXPECT_EQ(shown().at("if_index"), 7);
}

TEST_F(ApiTest, CountersKeepTheLastOfTheir64Bits) {
  d.view->facts = test::roomy_views(1);
  d.view->facts[0].target = d.inv->index_of("T01");
  d.view->facts[0].index = 2;
  d.view->facts[0].set(fact_name::interface_in_octets, -1);
  const auto line = json("/api/v1/lines/T01");
  EXPECT_EQ(line.at("interfaces").at(0).at("in_octets"), 18446744073709551615ULL);
  EXPECT_TRUE(line.at("interfaces").at(0).at("out_octets").is_null());
}

TEST_F(ApiTest, AnUnknownLineIs404AndSoIsAnAnchor) {
  EXPECT_EQ(ask("GET", "/api/v1/lines/NOBODY").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/lines/").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/lines/anchor-1").status, 404);
}

TEST_F(ApiTest, OutagesOfAPeriodAndThoseStillOpen) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  availability::outage old;
  old.target = "T01";
  old.began = at("2026-03-02T08:00:00+08:00");
  old.ended = at("2026-03-02T09:00:00+08:00");
  old.confirmed = old.began;
  old.began_edge = {old.began, old.began};
  old.ended_edge = {old.ended, old.ended};
  d.books->outages.push_back(old);
  EXPECT_EQ(json("/api/v1/outages").at("outages").as_array().size(), 1u);
  EXPECT_EQ(json("/api/v1/outages", {{"from", "2026-03"}}).at("outages").as_array().size(), 2u);
  EXPECT_EQ(json("/api/v1/outages", {{"from", "2026-03"}, {"limit", "1"}}).at("outages").at(0).at("target"), "V001");
  EXPECT_EQ(json("/api/v1/outages", {{"from", "2026-03"}, {"line", "T01"}})
                .at("outages")
                .at(0)
                .at("down_s")
                .to_number<double>(),
            3600);
  EXPECT_TRUE(json("/api/v1/outages", {{"from", "2030"}, {"to", "2030"}}).at("outages").as_array().empty())
      << "nobody knows of a year to come";
  const auto open = json("/api/v1/outages", {{"from", "2026-03"}, {"open", "1"}, {"limit", "1"}});
  ASSERT_EQ(open.at("outages").as_array().size(), 1u);
  EXPECT_EQ(open.at("outages").at(0).at("target"), "V001");
}

TEST_F(ApiTest, AnOutageOfAClosedLineIsNotOpen) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  d.cut("V002", d.now - milliseconds{60'000}, cause::timeout);
  EXPECT_EQ(json("/api/v1/outages", {{"open", "1"}}).at("outages").as_array().size(), 2u);
  for (auto& [known, history] : d.books->targets)
    if (known.id == "V001") known.closed = d.now - milliseconds{10'000};
  const auto open = json("/api/v1/outages", {{"open", "1"}}).at("outages").as_array();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].at("target"), "V002");
  EXPECT_TRUE(open[0].at("closed").is_null());
  const auto line = json("/api/v1/lines/V001");
  EXPECT_TRUE(line.at("open_outage").is_null());
  EXPECT_EQ(line.at("outages").at(0).at("open"), false);
  EXPECT_TRUE(line.at("outages").at(0).at("ended").is_null()) << "nobody saw it end";
  EXPECT_EQ(line.at("outages").at(0).at("closed"), "2026-03-14T09:59:50.000+08:00");
}

TEST_F(ApiTest, ALineIsMeantByWhateverPeopleCallItAndWhoIsNobodyIsNotAnEmptyList) {
  d.cut("V001", d.now - milliseconds{3'600'800}, cause::timeout);
  auto& [gone, history] = d.books->targets.emplace_back(d.books->targets.back());
  gone.id = "V009", gone.name = "老县局", gone.circuit = "CT-9", gone.closed = at("2026-03-02");
  for (auto& [t, h] : d.books->targets)
    if (t.id == "V001") t.circuit = "CT-V001", t.addresses = "127.1.0.9";
  for (const char* word : {"V001", "城关镇<北街>社区", "CT-V001", "127.1.0.9"}) {
    EXPECT_EQ(json("/api/v1/outages", {{"line", word}}).at("outages").as_array().size(), 1u) << word;
    EXPECT_EQ(json("/api/v1/availability", {{"line", word}}).at("rows").at(0).at("key"), "V001") << word;
  }
  EXPECT_TRUE(json("/api/v1/outages", {{"line", "老县局"}}).at("outages").as_array().empty())
      << "it is closed, and known";
  const auto nobody = ask("GET", "/api/v1/outages", {{"line", "V0O1"}});
  EXPECT_EQ(nobody.status, 404);
  EXPECT_THAT(nobody.body, HasSubstr(R"("text":"清单中没有线路或网站 V0O1","text_en":"no line or site V0O1)"));
  EXPECT_EQ(ask("GET", "/api/v1/outages", {{"line", "anchor-1"}}).status, 404) << "an anchor has no books";
  for (auto& [t, h] : d.books->targets)
    if (t.id == "T01") t.name = "城关镇<北街>社区";
  const auto two = ask("GET", "/api/v1/availability", {{"line", "城关镇<北街>社区"}});
  EXPECT_EQ(two.status, 409);
  EXPECT_THAT(two.body, HasSubstr("不止一条：T01（城关镇<北街>社区）、V001（城关镇<北街>社区）；请写编号"));
  EXPECT_EQ(json("/api/v1/outages", {{"line", ""}}).at("outages").as_array().size(), 1u) << "of any";
}

TEST_F(ApiTest, AvailabilityHasTheRowsOfTheCommandLine) {
  d.cut("V001", d.now - milliseconds{3'600'800}, cause::timeout);
  const auto by_line = json("/api/v1/availability", {{"by", "line"}});
  EXPECT_EQ(by_line.at("rows").as_array().size(), 5u);
  const auto one = json("/api/v1/availability", {{"line", "V001"}});
  ASSERT_EQ(one.at("rows").as_array().size(), 1u);
  EXPECT_EQ(one.at("rows").at(0).at("down_s").to_number<double>(), 3600);
  EXPECT_EQ(one.at("rows").at(0).at("formula"), "A = U/(U+D)");
  const auto days = json("/api/v1/availability", {{"line", "V001"}, {"by", "day"}, {"from", "2026-03-12"}}).at("rows");
  ASSERT_EQ(days.as_array().size(), 3u);
  EXPECT_EQ(days.at(0).at("key"), "2026-03-12");
  EXPECT_EQ(days.at(2).at("key"), "2026-03-14");
  EXPECT_EQ(days.at(0).at("up_s").to_number<double>(), 86'400);
  EXPECT_EQ(days.at(2).at("formula"), one.at("rows").at(0).at("formula"));
  EXPECT_EQ(json("/api/v1/availability", {{"line", "V001"}, {"by", "month"}}).at("rows").at(0).at("key"), "2026-03");
  const auto by_category = json("/api/v1/availability");
  EXPECT_EQ(by_category.at("by"), "category");
  EXPECT_EQ(by_category.at("rows").at(1).at("key"), "village");
}

TEST_F(ApiTest, ALedgerThatCannotBeReadIsSaid) {
  d.no_ledger = true;
  start();
  EXPECT_EQ(ask("GET", "/api/v1/outages").status, 503);
  EXPECT_EQ(ask("GET", "/api/v1/availability").status, 503);
  EXPECT_THAT(ask("GET", "/api/v1/lines/T01").body, HasSubstr(R"("books_problem":"no such file")"));
  EXPECT_EQ(ask("GET", "/api/v1/summary").status, 200);
  EXPECT_EQ(ask("GET", "/").status, 200);
}

TEST_F(ApiTest, ALedgerThatFailsWhileReadIs503NotACrash) {
  start();  // with nothing read yet
  figures_ready();
  d.books->broken = true;
  EXPECT_EQ(ask("GET", "/").status, 200) << "the board is right, whatever the file is";
  EXPECT_EQ(ask("GET", "/api/v1/summary").status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/outages").status, 503);
  EXPECT_EQ(ask("GET", "/api/v1/availability").status, 503);
  EXPECT_EQ(ask("GET", "/api/v1/lines/T01").status, 503);
  const int before = d.opened;
  d.books->broken = false;
  EXPECT_EQ(ask("GET", "/api/v1/outages").status, 200);
  EXPECT_EQ(d.opened, before + 1);  // the reader that failed was not kept
}

TEST_F(ApiTest, BeforeTheFirstBoardNothingIsInvented) {
  d.boards.set(nullptr);
  EXPECT_EQ(ask("GET", "/api/v1/lines").status, 503);
  EXPECT_EQ(ask("GET", "/api/v1/lines/T01").status, 503);
  EXPECT_EQ(json("/api/v1/summary").at("categories").as_array().size(), 0u);
  EXPECT_EQ(ask("GET", "/readyz").status, 503);
  EXPECT_EQ(ask("GET", "/healthz").body, "ok\n");
}

TEST_F(ApiTest, ReadinessNamesItsReasons) {
  EXPECT_EQ(ask("GET", "/readyz").body, R"({"ready":true,"reasons":[]})");
  d.now += milliseconds{4'300};  // the heartbeat is 5.1 s old
  const auto stale = ask("GET", "/readyz");
  EXPECT_EQ(stale.status, 503);
  EXPECT_THAT(stale.body, HasSubstr("stale_heartbeat"));
  EXPECT_THAT(stale.body, HasSubstr("账本心跳超过 5 秒"));
  d.tallies.heartbeat_ms = 0;
  EXPECT_THAT(ask("GET", "/readyz").body, HasSubstr("no_heartbeat"));
}

TEST_F(ApiTest, ReloadNeedsTheTokenOnLoopbackToo) {
  EXPECT_EQ(post({}).status, 401);
  EXPECT_EQ(post("correct horse").status, 401);
  EXPECT_EQ(post("Basic correct horse").status, 401);
  EXPECT_EQ(post("Bearer correct hors").status, 401);
  EXPECT_EQ(post("Bearer correct horsecorrect horse").status, 401);
  EXPECT_EQ(d.reloaded_by, "");
  const auto done = post("Bearer correct horse");
  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(done.body, R"({"reloaded":true,"text":"新增专线 V009","text_en":"line V009 added"})");
  EXPECT_EQ(d.reloaded_by, "api");
}

TEST_F(ApiTest, EveryRefusedTokenIsCountedAndSaidWithItsPeer) {
  d.people = {{.name = "李工", .token = secret("li"), .may = {right::request}}};
  testing::internal::CaptureStderr();
  const std::vector<std::string> tried{"", "Bearer wrong", "Bearer correct hors", "Bearer li"};
  for (const std::string& authorization : tried) EXPECT_NE(post(authorization).status, 200);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(d.door.tokens_refused[static_cast<std::size_t>(token_refusal::missing)], 1U);
  EXPECT_EQ(d.door.tokens_refused[static_cast<std::size_t>(token_refusal::wrong)], 2U);
  EXPECT_EQ(d.door.tokens_refused[static_cast<std::size_t>(token_refusal::not_allowed)], 1U);
  EXPECT_THAT(log, HasSubstr("拒绝 192.0.2.7 的 POST /api/v1/reload"));
  EXPECT_THAT(log, HasSubstr("李工 没有权限：reload"));
  EXPECT_THAT(log, Not(HasSubstr("correct hors"))) << "never a token";
}

TEST_F(ApiTest, ReloadAndClockTakeNoBody) {
  for (const char* path : {"/api/v1/reload", "/api/v1/clock"}) {
    for (const char* empty : {"", " ", "{}", " {} \n"})
      EXPECT_NE(post_as("correct horse", path, empty).status, 400) << path << empty;
    for (const char* bad : {R"({"force":true})", "[]", "{", "true", R"({} {})"})
      EXPECT_NE(post_as("correct horse", path, bad).status, 200) << path << bad;
  }
  d.reloaded_by.clear();
  const auto refused = post_as("correct horse", "/api/v1/reload", R"({"force":true})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("未知的键 force"));
  EXPECT_EQ(d.reloaded_by, "");
}

TEST_F(ApiTest, WhatIsVitalHasItsOwnLaneAndWhatEntersToo) {
  for (const web_route& r : all) {
    const bool vital = r.path == "/healthz" || r.path == "/readyz";
    const bool strangers = r.path == "/api/v1/login" || r.path == "/api/v1/invitation";
    const bool takes_minutes = r.path == "/api/v1/reports/" || r.path == "/api/v1/lists/closings";
    const web_lane wanted = vital                ? web_lane::vital
                            : strangers          ? web_lane::knocking
                            : takes_minutes      ? web_lane::making
                            : r.method == "POST" ? web_lane::entering
                                                 : web_lane::reading;
    EXPECT_EQ(r.lane, wanted) << r.method << r.path;
  }
}

TEST_F(ApiTest, WithoutAConfiguredTokenNobodyReloads) {
  d.token.clear();
  EXPECT_EQ(post("Bearer ").status, 403);
  EXPECT_EQ(post({}).status, 403);
}

TEST_F(ApiTest, WhoMayReloadIsTheAuthor) {
  d.people = {{.name = "王工", .token = secret("wang"), .may = {right::reload}},
              {.name = "李工", .token = secret("li"), .may = {right::request}}};
  EXPECT_EQ(post("Bearer li").status, 403);
  EXPECT_EQ(d.reloaded_by, "");
  EXPECT_EQ(post("Bearer wang").status, 200);
  EXPECT_EQ(d.reloaded_by, "王工");
}

TEST_F(ApiTest, ARefusedConfigurationIs409WithThePlace) {
  d.reload_problem = "unknown key intervall";
  const auto answer = post("Bearer correct horse");
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, HasSubstr("原配置继续运行：changtong.yaml:3:7: 不认识的键\""));
  EXPECT_THAT(answer.body, HasSubstr("stays in force: changtong.yaml:3:7: unknown key intervall\""));
  EXPECT_THAT(answer.body, Not(HasSubstr("correct horse")));
}

TEST(SameSecret, OnlyTheWholeSecretIsTheSame) {
  EXPECT_TRUE(same_secret("abc", secret("abc")));
  for (const char* wrong : {"", "a", "ab", "abd", "abcabc", "abcd"})
    EXPECT_FALSE(same_secret(wrong, secret("abc"))) << wrong;
  EXPECT_FALSE(same_secret("", secret("")));
}

}  // namespace
}  // namespace changtong::api
