#include "daemon/publish/api/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "daemon/publish/api/status_page.h"
#include "daemon/publish/api/today.h"
#include "tests/publish/api/asking.h"

namespace changtong::api {
namespace {

using testing::HasSubstr;
using testing::Not;

struct SummaryTest : testing::Test, asking {};

TEST_F(SummaryTest, CountsEachCategoryAndAllLines) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  d.view->lines[1].degraded = true;
  d.view->lines[4].state = line_state::unknown;
  const auto s = json("/api/v1/summary");
  const auto& township = s.at("categories").at(0);
  EXPECT_EQ(township.at("name"), "乡镇街");
  EXPECT_EQ(township.at("up"), 1);
  EXPECT_EQ(township.at("degraded"), 1);
  EXPECT_EQ(s.at("categories").at(1).at("down"), 1);
  EXPECT_EQ(s.at("categories").at(2).at("unknown"), 1);
  EXPECT_EQ(s.at("total").at("lines"), 4);  // the site is not a line
  EXPECT_EQ(s.at("outages_open"), 1);
}

TEST_F(SummaryTest, TheStatusPageLeadsToTheConsoleOrSaysThatThereIsNone) {
  EXPECT_THAT(ask("GET", "/status").body, HasSubstr("href=\"/console/\""));
  const auto without = made->page_routes(false).front().answer({"GET", "/", {}, {}, {}, "192.0.2.7"});
  EXPECT_THAT(without.body, Not(HasSubstr("/console/")));
  EXPECT_THAT(without.body, HasSubstr("控制台未安装"));
}

TEST_F(SummaryTest, CountsEachTownAndCarrierOfLines) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  const auto s = json("/api/v1/summary");
  const auto& towns = s.at("towns").as_array();
  ASSERT_EQ(towns.size(), 2u) << "the site names none, and is no line";
  EXPECT_EQ(towns[0].at("name"), "东河镇");
  EXPECT_EQ(towns[1].at("name"), "城关镇");
  EXPECT_EQ(towns[1].at("lines"), 2);
  EXPECT_EQ(towns[1].at("down"), 1);
  const auto& carriers = s.at("carriers").as_array();
  ASSERT_EQ(carriers.size(), 2u);
  EXPECT_EQ(carriers[0].at("name"), "电信");
  EXPECT_EQ(carriers[0].at("up"), 1);
  EXPECT_EQ(carriers[1].at("up"), 2);
}

TEST_F(SummaryTest, SealsThatWereSetAsideAreToldWhereverTheLedgerIsSpokenOf) {
  EXPECT_TRUE(json("/api/v1/summary").at("ledger_remarks").as_array().empty());
  EXPECT_THAT(ask("GET", "/readyz").body, Not(HasSubstr("ledger_remarks")));
  d.remarks = {{"seals_set_aside", "封存另存为 <x>", "seals were set aside"}};
  const auto s = json("/api/v1/summary");
  EXPECT_EQ(s.at("ledger_remarks").at(0).at("code"), "seals_set_aside");
  EXPECT_EQ(s.at("ledger_remarks").at(0).at("text"), "封存另存为 <x>");
  EXPECT_EQ(s.at("ledger_remarks").at(0).at("text_en"), "seals were set aside");
  const auto ready = json("/readyz");
  EXPECT_EQ(ready.at("ready"), true) << "a remark stands against nothing";
  EXPECT_EQ(ready.at("ledger_remarks").at(0).at("text_en"), "seals were set aside");
  EXPECT_THAT(ask("GET", "/status").body, HasSubstr(R"(role="note">封存另存为 &lt;x&gt;</p>)"));
}

TEST_F(SummaryTest, OpenOutagesSayWhenHowLongAndWhy) {
  d.cut("V002", d.now - milliseconds{3'723'000}, cause::timeout, cause::upstream, "T02");
  d.cut("portal", d.now - milliseconds{5'000}, cause::http_status);
  d.view->lines[4].unrecorded = true;
  const auto s = json("/api/v1/summary");
  EXPECT_EQ(s.at("outages").at(0).at("id"), "portal");
  EXPECT_EQ(s.at("outages").at(0).at("unrecorded"), true);
  const auto& village = s.at("outages").at(1);
  EXPECT_EQ(village.at("duration_text"), "1:02:03");
  EXPECT_EQ(village.at("cause_text"), "超时无应答 · 上级线路中断（东河镇）");
  EXPECT_EQ(village.at("began"), "2026-03-14T08:57:57.000+08:00");
}

TEST_F(SummaryTest, AnOutageOfALineThatIsUnknownNowIsListedAndSaidToBe) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  EXPECT_EQ(json("/api/v1/summary").at("outages").at(0).at("seen_now"), true);
  EXPECT_THAT(ask("GET", "/").body, Not(HasSubstr("现状未知")));
  d.view->lines[2].undecided = true;
  const auto s = json("/api/v1/summary");
  EXPECT_EQ(s.at("outages_open"), 1);
  EXPECT_EQ(s.at("outages").at(0).at("seen_now"), false);
  EXPECT_EQ(s.at("total").at("unknown"), 1);
  EXPECT_EQ(s.at("total").at("down"), 0);
  EXPECT_THAT(ask("GET", "/").body, HasSubstr("现状未知"));
  const auto line = json("/api/v1/lines/V001");
  EXPECT_EQ(line.at("state"), "unknown");
  EXPECT_EQ(line.at("outage_open"), true);
}

TEST_F(SummaryTest, WhoIsClosedOrPlannedIsCountedNowhere) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  d.inv->targets[2].closed = d.now - milliseconds{1'000};
  d.view->lines[2].where = life::closed;
  d.view->lines[3].where = life::planned;
  const auto s = json("/api/v1/summary");
  EXPECT_EQ(s.at("outages_open"), 0);
  EXPECT_EQ(s.at("total").at("lines"), 2);
  EXPECT_EQ(s.at("total").at("unknown"), 0);
  EXPECT_EQ(s.at("categories").as_array().size(), 2u) << "no village is left";
  const auto line = json("/api/v1/lines/V001");
  EXPECT_EQ(line.at("state"), "closed");
  EXPECT_EQ(line.at("since"), line.at("closed"));
  EXPECT_EQ(line.at("cause"), "none");
  EXPECT_EQ(line.at("outage_open"), false);
  EXPECT_EQ(json("/api/v1/lines", {{"state", "closed"}}).at("total"), 1);
  EXPECT_EQ(json("/api/v1/lines", {{"state", "planned"}}).at("lines").at(0).at("id"), "V002");
  EXPECT_EQ(json("/api/v1/lines", {{"state", "down"}}).at("total"), 0);
}

TEST_F(SummaryTest, AnOutageThatTheLedgerDoesNotHaveYetIsShownAllTheSame) {
  d.no_ledger = true;
  start();
  d.cut("V001", d.now - milliseconds{5'000}, cause::timeout);
  EXPECT_EQ(json("/api/v1/summary").at("outages").at(0).at("id"), "V001");
}

TEST_F(SummaryTest, TodaysFiguresEndAtTheHeartbeatWhileItIsFresh) {
  const auto figures = compute_today(fake_reader(d.books), d.inv, d.now);
  EXPECT_EQ(figures.cut, d.books->heartbeat);
  EXPECT_EQ(figures.by_category.at("village").unknown, milliseconds{0});
  EXPECT_EQ(figures.lines.up, 4 * (d.books->heartbeat - at("2026-03-14")));
  EXPECT_EQ(figures.by_category.count(""), 0u);  // no anchor
  EXPECT_EQ(figures.ratios->by_target[0].availability, 1.0);
}

TEST_F(SummaryTest, TodaysFiguresAreComputedOnceSomebodyAsksForThem) {
  std::atomic<bool> asked{false};
  reader_pool readers([&]() -> result<std::unique_ptr<ledger::reader>> {
    EXPECT_TRUE(asked);
    return std::unique_ptr<ledger::reader>(std::make_unique<fake_reader>(d.books));
  });
  today figures(readers, d.boards, [this] { return d.now; }, {});
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();  // room for a look that nobody wants
  asked = true;
  while (!figures.get()) std::this_thread::yield();
  EXPECT_EQ(figures.get()->cut, d.books->heartbeat);
}

TEST_F(SummaryTest, ALookAtTodayEndsWithTheDaemon) {
  std::stop_source over;
  over.request_stop();
  EXPECT_THROW((void)compute_today(fake_reader(d.books), d.inv, d.now, over.get_token()), host::ended_early);
  std::promise<void> looking;
  auto endless = std::make_shared<fake_books>(*d.books);
  endless->again = [&, told = false]() mutable {
    if (!std::exchange(told, true)) looking.set_value();
    return true;
  };
  reader_pool readers([&] { return result<std::unique_ptr<ledger::reader>>(std::make_unique<fake_reader>(endless)); });
  today figures(readers, d.boards, [this] { return d.now; }, {});
  (void)figures.get();
  looking.get_future().wait();
}  // hangs where the end waits for the whole look

TEST_F(SummaryTest, WhenTheHeartbeatStopsTheUnknownTimeShows) {
  const auto figures = compute_today(fake_reader(d.books), d.inv, d.now + milliseconds{60'000});
  EXPECT_EQ(figures.lines.unknown, 4 * milliseconds{60'800});
}

TEST_F(SummaryTest, TodaysFiguresComeWithBoundsAndNeverAsAPlainHundred) {
  const auto s = json("/api/v1/summary");
  EXPECT_EQ(s.at("total").at("today").at("availability").to_number<double>(), 1.0);
  EXPECT_EQ(s.at("today_from"), "2026-03-14T00:00:00.000+08:00");
  category_summary c;
  c.today.emplace();
  c.today->up = milliseconds{1'000'000'000};
  c.today->down = milliseconds{1};
  c.today->unknown = milliseconds{1};
  EXPECT_EQ(c.bounds_text(), "下限 99.99999 % · 上限 99.99999 % · 覆盖 99.99999 %");
  c.today->down = milliseconds{0};
  EXPECT_THAT(c.ratio_text(), HasSubstr("未观测到中断"));
  EXPECT_THAT(c.bounds_text(), Not(HasSubstr("100")));
}

TEST_F(SummaryTest, ManyAsksReadTheLedgerOnce) {
  for (int i = 0; i < 50; ++i) (void)json("/api/v1/summary");
  EXPECT_LE(d.opened, 2);
}

TEST_F(SummaryTest, ThePageEscapesWhatPeopleWrote) {
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  const std::string page = ask("GET", "/").body;
  EXPECT_THAT(page, HasSubstr("城关镇&lt;北街&gt;社区"));
  EXPECT_THAT(page, Not(HasSubstr("<北街>")));
  EXPECT_THAT(page, Not(HasSubstr("style=")));
  EXPECT_THAT(page, Not(HasSubstr("onload")));
  EXPECT_THAT(page, Not(HasSubstr("http://1")));
}

TEST_F(SummaryTest, ThePageWorksWithoutScripts) {
  const std::string calm = ask("GET", "/").body;
  EXPECT_THAT(calm, HasSubstr(R"(<noscript><meta http-equiv="refresh" content="5"></noscript>)"));
  EXPECT_THAT(calm, HasSubstr(R"(<b id="n-up">4</b>)"));
  EXPECT_THAT(calm, HasSubstr(R"(<p id="calm">)"));
  d.cut("V001", d.now - milliseconds{60'000}, cause::timeout);
  EXPECT_THAT(ask("GET", "/status").body, HasSubstr(R"(<td data-label="历时" class="time long">1:00</td>)"));
}

TEST_F(SummaryTest, ThePageShoutsWhenTheHeartbeatStops) {
  EXPECT_THAT(ask("GET", "/").body, HasSubstr(R"(<div id="banner" role="alert" hidden>)"));
  d.now += milliseconds{90'000};
  EXPECT_THAT(ask("GET", "/").body, HasSubstr("账本心跳已停 1:30"));
  d.tallies.heartbeat_ms = 0;
  EXPECT_THAT(ask("GET", "/").body, HasSubstr("监测尚未开始记账"));
}

TEST_F(SummaryTest, PathsThatNobodyKnowsAreNotThePage) { EXPECT_EQ(ask("GET", "/favicon.ico").status, 404); }

TEST(DurationText, GrowsWithTheOutage) {
  EXPECT_EQ(duration_text(milliseconds{59'999}), "0:59");
  EXPECT_EQ(duration_text(milliseconds{3'599'000}), "59:59");
  EXPECT_EQ(duration_text(milliseconds{3'600'000}), "1:00:00");
  EXPECT_EQ(duration_text(milliseconds{90'061'000}), "1 天 01:01:01");
}

}  // namespace
}  // namespace changtong::api
