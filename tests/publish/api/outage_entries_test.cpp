// What stands beside an outage: the alert that told it, who takes care of it, the carrier's ticket, what devices said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/core/packed_samples.h"
#include "tests/publish/api/people.h"

namespace changtong::api {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(EntriesTest, TheListsOfTheCommandLineAreAskedForAsText) {
  const auto text = [&](const std::string& list, std::multimap<std::string, std::string> query = {}) {
    return std::string(json("/api/v1/lists/" + list, std::move(query)).at("text").as_string());
  };
  EXPECT_EQ(text("alerts"), "没有告警 / no alerts\n") << "not a heading over nothing";
  EXPECT_EQ(text("alerts", {{"format", "json"}}), "[]\n");
  cut_and_tell(*writer);
  const std::string table = text("alerts");
  EXPECT_THAT(table, HasSubstr("A20260314-0001"));
  EXPECT_THAT(table, HasSubstr("城关镇<北街>社区")) << "an alert of one line goes by that line's name";
  EXPECT_THAT(text("alerts", {{"format", "csv"}}), testing::Not(HasSubstr("城关镇<北街>社区"))) << "as it was entered";
  EXPECT_THAT(text("alerts", {{"line", "V002"}}), HasSubstr("没有告警"));
  EXPECT_EQ(text("tickets"), "没有报障单 / no tickets\n");
  EXPECT_EQ(ask("GET", "/api/v1/lists/duty_days", {{"year", "2026-03"}}).status, 400);
}

TEST_F(EntriesTest, TheBooksAreAskedForAsTheCommandLinePrintsThem) {
  cut_and_tell(*writer);
  const auto text = [&](const std::string& list, std::multimap<std::string, std::string> query) {
    query.emplace("from", "2026-03-14");
    query.emplace("to", "2026-03-14");
    return std::string(json("/api/v1/lists/" + list, std::move(query)).at("text").as_string());
  };
  const std::string outages = text("outages", {{"format", "csv"}});
  EXPECT_THAT(outages, testing::StartsWith("target,"));
  EXPECT_THAT(outages, HasSubstr("V001,"));
  EXPECT_THAT(text("outages", {{"format", "csv"}, {"line", "V002"}}), Not(HasSubstr("V001,")));
  EXPECT_THAT(text("outages", {{"format", "sheet"}}), testing::StartsWith("\xef\xbb\xbf"));
  EXPECT_THAT(text("availability", {{"format", "json"}}), HasSubstr(R"("key":"V001")"));
  EXPECT_THAT(text("availability", {{"format", "json"}, {"by", "day"}}), HasSubstr(R"("key":"2026-03-14")"));
  EXPECT_EQ(ask("GET", "/api/v1/lists/availability", {{"by", "village"}}).status, 400);
}

TEST_F(EntriesTest, ClosingsAreListedWithThoseThatNoLongerHold) {
  const auto none = json("/api/v1/lists/closings");
  EXPECT_EQ(none.at("text"), "没有结账 / nothing has been closed\n");
  EXPECT_TRUE(none.at("doubts").as_array().empty());
  EXPECT_EQ(json("/api/v1/lists/closings", {{"format", "json"}}).at("text"), "[]\n");
  EXPECT_EQ(ask("GET", "/api/v1/lists/closings", {{"format", "csv"}}).status, 400);
}

TEST_F(EntriesTest, AnAlertIsShownWithWhoWasToldAndWhoTakesCareOfIt) {
  cut_and_tell(*writer);
  const auto before = json("/api/v1/alerts").at("alerts").as_array();
  ASSERT_EQ(before.size(), 1u);
  EXPECT_TRUE(before[0].at("acknowledged").as_array().empty());
  EXPECT_EQ(before[0].at("told").at(0).at("channel"), "wecom");
  EXPECT_EQ(before[0].at("told").at(0).at("taken"), true);
  const auto done = post_as("zhao", "/api/v1/acknowledgements", R"({"line":"V001","text":"已派人"})");
  EXPECT_EQ(done.status, 200);
  EXPECT_THAT(done.body,
              HasSubstr(R"("alert":"A20260314-0001","line":"V001","began":"2026-03-14T09:00:00.000+08:00")"));
  EXPECT_THAT(post_as("zhao", "/api/v1/acknowledgements", R"({"line":"V001"})").body,
              HasSubstr("acknowledgement_known"));
  const auto alert = json("/api/v1/alerts", {{"open", "1"}, {"line", "V001"}}).at("alerts").at(0);
  EXPECT_EQ(alert.at("id"), "A20260314-0001");
  EXPECT_EQ(alert.at("open"), true);
  EXPECT_TRUE(alert.at("resolved").is_null());
  EXPECT_EQ(alert.at("acknowledged").at(0).at("author"), "赵工");
  EXPECT_EQ(alert.at("acknowledged").at(0).at("text"), "已派人");
  EXPECT_TRUE(json("/api/v1/alerts", {{"line", "V002"}}).at("alerts").as_array().empty());
  EXPECT_EQ(json("/api/v1/acknowledgements").at("acknowledgements").at(0).at("author"), "赵工");
}

TEST_F(EntriesTest, TrapsAreListedWithTheirNamesAndStandBesideTheOutage) {
  cut_and_tell(*writer);
  const wall_t nine = at("2026-03-14") + std::chrono::hours{9};
  trap_record lost = trap_of("V001", nine - milliseconds{30'000}, "1.3.6.1.2.1.33.2.1", trap_class::power);
  lost.more = 4, lost.last = nine;
  ASSERT_TRUE(
      writer->commit({nine + milliseconds{6000},
                      {lost, trap_of("V001", nine - milliseconds{61'000}, "1.3.6.1.6.3.1.1.5.3", trap_class::link),
                       trap_of("V002", nine, "1.3.6.1.4.1.9999.1", trap_class::other)},
                      {}}));
  const auto all = json("/api/v1/traps", {{"from", "2026-03-14"}, {"to", "2026-03-14"}}).at("traps").as_array();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].at("target"), "V002") << "the latest first";
  EXPECT_EQ(all[0].at("name"), "1.3.6.1.4.1.9999.1");
  EXPECT_EQ(all[0].at("chinese"), "");
  EXPECT_EQ(all[1].at("name"), "upsTrapOnBattery");
  EXPECT_EQ(all[1].at("class"), "power");
  EXPECT_EQ(all[1].at("more"), 4);
  EXPECT_EQ(json("/api/v1/traps", {{"from", "2026-03-14"}, {"to", "2026-03-14"}, {"line", "V001"}, {"limit", "1"}})
                .at("traps")
                .as_array()
                .size(),
            1u);
  const auto outage =
      json("/api/v1/outages", {{"line", "V001"}, {"from", "2026-03-14"}, {"to", "2026-03-14"}}).at("outages").at(0);
  const auto near = outage.at("traps").as_array();
  ASSERT_EQ(near.size(), 1u) << "the other one came a second too early";
  EXPECT_THAT(std::string(near[0].as_string()), HasSubstr("市电中断，UPS 供电（upsTrapOnBattery）（其后另有 4 条"));
}

TEST_F(EntriesTest, AnOutageIsShownWithTheSamplesAroundItOnceTheJournalHasThem) {
  cut_and_tell(*writer);
  const std::string path = "/api/v1/outages/V001@2026-03-14T09:00:00.000+08:00";
  const auto early = json(path);
  EXPECT_EQ(early.at("outage").at("target"), "V001");
  EXPECT_TRUE(early.at("entries").as_array().empty());
  EXPECT_TRUE(early.at("samples").as_array().empty());
  const wall_t nine = at("2026-03-14") + std::chrono::hours{9};
  samples_record kept;
  kept.at = d.now, kept.target = "V001", kept.about = nine, kept.part = samples_part::beginning;
  kept.from = nine - milliseconds{700'000}, kept.to = nine + milliseconds{250}, kept.left = 3;
  const std::vector<kept_stretch> seen{{"V001/snmp",
                                        {{.at = kept.from, .rtt = 1},
                                         {.at = nine - milliseconds{1000}, .rtt = 412},
                                         {.at = nine, .what = outcome::bad, .why = cause::timeout},
                                         {.at = kept.to, .what = outcome::not_measured, .why = cause::late}}}};
  kept.packed = pack(seen);
  samples_record garbage = kept;
  garbage.packed = "nobody's text";
  ASSERT_TRUE(writer->commit({d.now, {kept}, {}}));
  const auto shown = json(path);
  EXPECT_EQ(boost::json::serialize(shown.at("samples")),
            R"([{"check":"V001/snmp","at_ms":[1773449999000,1773450000000,1773450000250],"rtt_ms":[4.12E0,null,null],)"
            R"("outcome":["good","bad","not_measured"],"cause":["","timeout","late"]}])")
      << "no more than ten minutes before it";
  const auto entry = shown.at("entries").at(0);
  EXPECT_EQ(entry.at("part"), "beginning");
  EXPECT_EQ(entry.at("from"), "2026-03-14T08:48:20.000+08:00");
  EXPECT_EQ(entry.at("left_out"), 3);
  EXPECT_EQ(shown.at("unreadable"), false);
  ASSERT_TRUE(writer->commit({d.now, {garbage}, {}}));
  EXPECT_EQ(json(path).at("unreadable"), true);
  for (const char* other : {"V001@2026-03-14T09:00:00.001+08:00", "V002@2026-03-14T09:00:00.000+08:00", "V001", "@"})
    EXPECT_EQ(ask("GET", std::string("/api/v1/outages/") + other).status, 404) << other;
}

TEST_F(EntriesTest, AnAlertThatIsOverIsShownOfItsPeriodOnly) {
  cut_and_tell(*writer);
  alert_record over = step_of(alert_step::resolved, d.now);
  over.targets = "V001";
  EXPECT_TRUE(writer->commit({{}, {over}, {}}));
  EXPECT_EQ(json("/api/v1/alerts").at("alerts").at(0).at("open"), false);
  EXPECT_TRUE(json("/api/v1/alerts", {{"open", "1"}}).at("alerts").as_array().empty());
  EXPECT_TRUE(json("/api/v1/alerts", {{"from", "2026-03-01"}, {"to", "2026-03-13"}}).at("alerts").as_array().empty());
}

TEST_F(EntriesTest, ATicketIsReportedAnsweredAndClosed) {
  cut_and_tell(*writer);
  const auto made = post_as("zhao", "/api/v1/tickets", R"({"alert":"A20260314-0001","text":"请处理"})");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_THAT(made.body, HasSubstr(R"("number":"T20260314-0001","step":"reported")"));
  EXPECT_THAT(made.body, Not(HasSubstr("deadline"))) << "the contract names none";
  const std::string number = R"({"number":"T20260314-0001",)";
  EXPECT_EQ(post_as("zhao", "/api/v1/tickets", number + R"("theirs":"CM-88"})").status, 200);
  EXPECT_EQ(json("/api/v1/tickets", {{"open", "1"}}).at("tickets").as_array().size(), 1u);
  EXPECT_EQ(post_as("zhao", "/api/v1/tickets", number + R"("step":"closed","cause":"光缆"})").status, 200);
  EXPECT_TRUE(json("/api/v1/tickets", {{"open", "1"}}).at("tickets").as_array().empty());
  const auto ticket = json("/api/v1/tickets").at("tickets").at(0);
  EXPECT_EQ(ticket.at("theirs"), "CM-88");
  EXPECT_EQ(ticket.at("cause"), "fibre");
  EXPECT_EQ(ticket.at("cause_text"), "光缆");
  EXPECT_EQ(ticket.at("steps").as_array().size(), 3u);
  EXPECT_EQ(json("/api/v1/alerts").at("alerts").at(0).at("tickets").at(0), "T20260314-0001");
}

TEST_F(EntriesTest, AcknowledgementsAndTicketsNeedARightOfTheirOwn) {
  for (const char* who : {"li", "wang", "sun", "correct horse"}) {
    EXPECT_EQ(post_as(who, "/api/v1/acknowledgements", R"({"line":"V001"})").status, 403) << who;
    EXPECT_EQ(post_as(who, "/api/v1/tickets", R"({"targets":["V001"]})").status, 403) << who;
  }
  EXPECT_EQ(request("zhao").status, 403) << "and it gives no other";
  EXPECT_EQ(post_as("zhao", "/api/v1/annotations", R"({"target":"V001","text":"x"})").status, 403);
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace changtong::api
