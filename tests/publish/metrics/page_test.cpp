#include "daemon/publish/metrics/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "daemon/publish/metrics/names.h"
#include "daemon/publish/metrics/period_books.h"
#include "tests/evaluate/small_evaluation.h"
#include "tests/publish/metrics/small_page.h"
#include "tests/publish/roomy_views.h"

namespace changtong::metrics {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr const char* expected_lines = CHANGTONG_SOURCE_DIR "/tests/publish/metrics/small_board.txt";

TEST_F(PageTest, ASmallBoardIsWrittenExactlySo) {
  keep_books();
  EXPECT_EQ(lines_text(), file_text(expected_lines));
}

TEST_F(PageTest, CountersKeepTheLastOfTheir64Bits) {
  const auto all = std::make_shared<board>(now->districts);
  all->facts = test::roomy_views(1);
  std::tie(all->facts[0].target, all->facts[0].index) = std::pair{target_index{0}, 2U};
  brought(*all, 0, fact_name::interface_in_octets, -1);
  brought(*all, 0, fact_name::interface_out_octets, std::numeric_limits<std::int64_t>::min());
  boards.set(all);
  EXPECT_THAT(text(), testing::AllOf(testing::HasSubstr("interface=\"2\"} 18446744073709551615\n"),
                                     testing::HasSubstr("interface=\"2\"} 9223372036854775808\n")));
}

TEST_F(PageTest, AnInterfaceThatGoesByANameIsToldByIt) {
  const auto all = std::make_shared<board>(now->districts);
  all->facts = test::roomy_views(1);
  std::tie(all->facts[0].target, all->facts[0].index) = std::pair{target_index{0}, 0x80000007U};
  all->interface_names[{0, 0x80000007U}] = "电路 \"7\"";
  brought(*all, 0, fact_name::interface_oper_status, 1);
  boards.set(all);
  EXPECT_THAT(text(), testing::HasSubstr("interface=\"电路 \\\"7\\\"\"} 1\n"));
}

/** So that a new fact needs no line here and none in the page. */
TEST_F(PageTest, EveryFactThatIsToldToAScrapeIsOnThePage) {
  const auto all = std::make_shared<board>(now->districts);
  bring_everything(*all, 77'000'000);
  boards.set(all);
  const std::string page = text();
  for (const fact_row& row : fact_table) {
    if (row.metric.empty()) continue;
    EXPECT_EQ(std::ranges::count(all_metrics, row.metric, &metric::name), 1) << row.text;
    const std::string value = row.unit == fact_unit::nanoseconds   ? "0.077"
                              : row.unit == fact_unit::thousandths ? "77000"
                              : row.unit == fact_unit::millionths  ? "77"
                                                                   : "77000000";
    EXPECT_THAT(page, ContainsRegex(std::string(row.metric) + "[{][^\n]*" + std::string(row.label) + "[}] " + value))
        << row.text;
  }
}

TEST_F(PageTest, FiguresOfAnotherInventorysLinesAreLeftOutThoseOfGroupsStay) {
  auto stale = std::make_shared<period_books>();
  stale->of = small_inventory();
  stale->by_target.assign(1, {target_figures{1, 1, 1, 0, 0}, {1, 1, 1, 0, 0}, {1, 1, 1, 0, 0}});
  from.books = [stale] { return stale; };
  EXPECT_THAT(text(), Not(HasSubstr("window=")));
  EXPECT_THAT(text(), HasSubstr("changtong_books_timestamp_seconds"));
}

TEST_F(PageTest, AnUndecidedLineIsUnknownAtOnceAndItsOutageStaysOpen) {
  now->lines[1].undecided = true;
  const std::string all = text();
  EXPECT_THAT(all, Not(HasSubstr("changtong_line_up{line=\"V001\"")));
  EXPECT_THAT(all, ContainsRegex("changtong_line_state\\{line=\"V001\"[^\n]* 0\n"));
  EXPECT_THAT(all, ContainsRegex("changtong_line_outage_open\\{line=\"V001\"[^\n]* 1\n"));
  EXPECT_THAT(all, ContainsRegex("changtong_line_down_info\\{line=\"V001\"[^\n]*cause=\"upstream\""));
}

TEST_F(PageTest, AClosedLineHasNoStateAndNoOutage) {
  now->lines[1].where = life::closed;
  const std::string all = text();
  for (const char* name : {"up", "state", "outage_open", "outage_began_timestamp_seconds", "down_info", "flapping"})
    EXPECT_THAT(all, Not(HasSubstr(std::string("changtong_line_") + name + "{line=\"V001\""))) << name;
  EXPECT_THAT(all, HasSubstr("changtong_outages_open{category=\"village\"} 0\n"));
  EXPECT_THAT(all, HasSubstr("changtong_line_info{line=\"V001\""));
}

TEST_F(PageTest, AnAnchorIsUpOrDownByItsLatestSampleAndAbsentBeforeTheFirst) {
  EXPECT_THAT(text(), HasSubstr("changtong_anchor_up{anchor=\"anchor-1\"} 1\n"));
  now->lines[3].answers = 0;
  EXPECT_THAT(text(), HasSubstr("changtong_anchor_up{anchor=\"anchor-1\"} 0\n"));
  EXPECT_THAT(text({{"shard", "2/2"}}), Not(HasSubstr("anchor_up"))) << "in the first shard alone";
  now->lines[3].answers = -1;
  EXPECT_THAT(text(), Not(HasSubstr("anchor_up")));
}

TEST_F(PageTest, BeforeTheFirstBoardOnlyTheDaemonSpeaks) {
  boards.set(nullptr);
  EXPECT_THAT(text(), HasSubstr("changtong_build_info{version=\"0.1.0\"} 1"));
  EXPECT_THAT(text(), Not(HasSubstr("changtong_line")));
}

TEST_F(PageTest, AScrapeUnderWayOutlivesAReload) {
  const auto response = ask();
  boards.set(std::make_shared<board>(std::make_shared<inventory>()));
  now.reset();
  EXPECT_THAT(read(response), HasSubstr("line=\"V001\""));
}

/** Lines of the page that are samples. */
std::multiset<std::string> samples_of(const std::string& text) {
  std::multiset<std::string> out;
  std::istringstream in(text);
  for (std::string l; std::getline(in, l);)
    if (!l.starts_with('#') && !l.starts_with("process_")) out.insert(l);
  return out;
}

TEST_F(PageTest, ShardsTogetherAreThePageAndNoSampleIsInTwo) {
  keep_books();
  std::multiset<std::string> together;
  for (const char* part : {"1/3", "2/3", "3/3"}) together.merge(samples_of(text({{"shard", part}})));
  EXPECT_EQ(together, samples_of(text()));
}

TEST_F(PageTest, AShardOrAGroupThatIsNoneIsRefused) {
  for (const char* wrong : {"0/3", "4/3", "1", "1/", "/1", "1/2000", "-1/2", "1/2x", "a/b"})
    EXPECT_EQ(ask({{"shard", wrong}}).status, 400) << wrong;
  EXPECT_EQ(ask({{"without", "delay nonsense"}}).status, 400);
}

TEST_F(PageTest, GroupsOfSeriesAreSwitchedOffBySettingOrByScrape) {
  keep_books();
  tallies.blamed[0][static_cast<std::size_t>(cause::timeout)] = 7;
  from.without = [] {
    series_groups off;
    off.add(series_group::traffic);
    return off;
  };
  EXPECT_THAT(text(), Not(HasSubstr("octets_total")));
  EXPECT_THAT(text(), HasSubstr("changtong_line_rtt_seconds{"));
  const std::string bare = text({{"without", "delay today periods groups contracts causes"}});
  for (const char* gone : {"changtong_line_rtt_seconds", "window=", "changtong_group_", "changtong_contract_",
                           "changtong_samples_by_cause", "octets_total{"})
    EXPECT_THAT(bare, Not(HasSubstr(gone)));
  EXPECT_THAT(bare, HasSubstr("changtong_line_up{line=\"T01\""));
  EXPECT_THAT(text({{"without", "periods"}}), HasSubstr("window=\"today\""));
}

TEST_F(PageTest, WhoAcceptsGzipGetsTheSameTextSmaller) {
  keep_books();
  const auto answer = ask({}, {{"accept-encoding", "deflate, gzip;q=0.8"}});
  EXPECT_THAT(answer.headers, testing::Contains(std::pair<std::string, std::string>("Content-Encoding", "gzip")));
  const std::string stem = testing::TempDir() + "/changtong_page_" + std::to_string(::getpid());
  std::ofstream(stem + ".gz", std::ios::binary) << read(answer);
  ASSERT_EQ(std::system(("gzip -dc " + stem + ".gz > " + stem + ".txt").c_str()), 0);
  EXPECT_EQ(samples_of(file_text(stem + ".txt")), samples_of(text()));
  EXPECT_EQ(ask({}, {{"accept-encoding", "gzip;q=0"}}).headers.size(), 1U);
}

TEST_F(PageTest, OpenMetricsNamesCountersWithoutTotalAndEnds) {
  keep_books();
  const auto answer = ask({}, {{"accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}});
  EXPECT_THAT(answer.content_type, testing::StartsWith("application/openmetrics-text; version=1.0.0"));
  const std::string all = read(answer);
  EXPECT_TRUE(all.ends_with("\n# EOF\n"));
  EXPECT_THAT(all, HasSubstr("# TYPE changtong_line_in_octets counter\nchangtong_line_in_octets_total{"));
  EXPECT_THAT(all, HasSubstr("# TYPE changtong_samples counter\nchangtong_samples_total{"));
  EXPECT_THAT(all, Not(HasSubstr("# TYPE changtong_samples_total")));
  EXPECT_EQ(samples_of(all), samples_of(text()));
}

TEST_F(PageTest, AnOpenOutageSaysItsBeginInCivilTime) {
  from.zone = [] { return civil_zone::named("Asia/Urumqi").value(); };
  EXPECT_THAT(text(),
              ContainsRegex("changtong_line_down_info\\{line=\"V001\"[^\n]*since=\"2026-03-13 21:58:20\"\\} 1"));
}

TEST_F(PageTest, AParameterThatIsNotOursOrIsThereTwiceIsRefused) {
  EXPECT_EQ(ask({{"foo", "1"}}).status, 400);
  EXPECT_THAT(ask({{"foo", "1"}}).body, HasSubstr("未知参数 foo，可用：shard、without"));
  EXPECT_EQ(ask({{"shard", "1/2"}, {"Shard", "1/2"}}).status, 400);
  EXPECT_EQ(ask({{"shard", "1/2"}, {"shard", "2/2"}}).status, 400);
  EXPECT_EQ(ask({{"shard", "1/2"}, {"without", "today"}}).status, 200);
}

TEST_F(PageTest, IsVital) {
  for (const web_route& r : routes(from)) EXPECT_EQ(r.lane, web_lane::vital) << r.path;
}

TEST_F(PageTest, AnEvaluationInJuneShowsPointsExpectationsAndWhatIsMissing) {
  from.evaluation = [] { return std::make_shared<const evaluate::evaluation>(evaluate::small_evaluation()); };
  const std::string all = text();
  const std::string lines =
      R"({plan="2026年度\"信息化\"绩效自评",indicator="lines",name="政务专线畅通率",source="measured",level="效果"} )";
  EXPECT_THAT(all, HasSubstr("changtong_indicator_value" + lines + "99.85\n"));
  EXPECT_THAT(all, HasSubstr("changtong_indicator_target" + lines + "99.9\n"));
  EXPECT_THAT(all, HasSubstr("changtong_indicator_score" + lines + "5.99\n"));
  EXPECT_THAT(all, HasSubstr("changtong_indicator_forecast_score" + lines + "5.98\n"));
  EXPECT_THAT(all, HasSubstr("changtong_indicator_coverage_ratio" + lines + "0.9975\n"));
  EXPECT_THAT(all, HasSubstr("changtong_indicator_light" + lines + "2\n"));
  const std::string days = R"(indicator="ops",name="项目运维保障",source="measured",level="产出"} )";
  EXPECT_THAT(all, HasSubstr(days + "1\n")) << "not enough evidence";
  EXPECT_THAT(all, Not(ContainsRegex("changtong_indicator_score[^\n]*ops")));
  EXPECT_THAT(all, Not(ContainsRegex("changtong_indicator_target[^\n]*basis"))) << "a qualitative target is no number";
  EXPECT_THAT(all, HasSubstr("changtong_evaluation_score{plan=\"2026年度\\\"信息化\\\"绩效自评\"} 10.99\n"));
  EXPECT_THAT(all, HasSubstr("绩效自评\"} 0.5\n")) << "half of the budget is spent";
  EXPECT_THAT(all, Not(HasSubstr("\nchangtong_evaluation_forecast_score{"))) << "with indicators open nobody can say";
  EXPECT_THAT(text({{"shard", "2/2"}}), Not(HasSubstr("changtong_indicator"))) << "in the first shard alone";
}

TEST_F(PageTest, EveryDeclaredMetricCanAppearAndNoOther) {
  keep_books();
  bring_everything(*now, 77'000'000);
  from.evaluation = [] { return std::make_shared<const evaluate::evaluation>(evaluate::small_evaluation()); };
  tallies.blamed[0][static_cast<std::size_t>(cause::timeout)] = 7;
  tallies.clock_synchronised = 0;
  from.ignored = [] { return std::vector<ignored_row>{{"icmp", "late", 1}}; };
  tallies.heartbeat_ms = 1;
  tallies.ledger_verified_s = 1;
  tallies.ledger_verified_ok = 1;
  tallies.sealed_until_ms = 1;
  tallies.config_time_s = 1;
  from.alerts = [] { return alert_view{.channels = {{.id = "sms", .kind = "sms", .last = ""}}}; };
  trap_tallies traps;
  from.traps = &traps;
  peer_tallies peer;
  peer.shipped_ms = peer.received_ms = 1000;
  from.peer = from.centre = &peer;
  std::set<std::string> declared;
  for (const metric& m : all_metrics) declared.insert(std::string(m.name));
  std::set<std::string> seen;
  std::istringstream in(text());
  for (std::string l; std::getline(in, l);) {
    if (l.starts_with("# TYPE ")) seen.insert(l.substr(7, l.find(' ', 7) - 7));
  }
  EXPECT_EQ(seen, declared);
}

TEST_F(PageTest, PassesPromtool) {
  if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool is not installed";
  const std::string path = testing::TempDir() + "/changtong_metrics_" + std::to_string(::getpid()) + ".txt";
  keep_books();
  from.evaluation = [] { return std::make_shared<const evaluate::evaluation>(evaluate::small_evaluation()); };
  std::ofstream(path) << text();
  EXPECT_EQ(std::system(("promtool check metrics < " + path).c_str()), 0);
}

/** CPU seconds of a scrape of so many lines, and what it is. */
double scrape(int lines, const char* round) {
  auto inv = std::make_shared<inventory>();
  for (int i = 0; i < lines; ++i) {
    inv->targets.push_back(
        line("V" + std::to_string(i), "某某村村民委员会" + std::to_string(i), "village", "中国电信", "城关镇"));
    inv->targets.back().unit = "某某村";
    inv->targets.back().circuit = "CT-" + std::to_string(i);
  }
  auto b = std::make_shared<board>(inv);
  for (auto& v : b->lines) {
    v.state = line_state::up;
    v.rtt_seconds = 0.0123456F;
    v.loss_ratio = 0.015625F;
  }
  auto books = std::make_shared<period_books>();
  books->of = inv;
  const target_figures all{0.99987, 0.99971, 0.9998, 61.5, 3};
  books->by_target.assign(inv->targets.size(), {all, all, all});
  board_holder boards;
  boards.set(b);
  const daemon_tallies tallies;
  const page p({&boards, &tallies, {"icmp"}, "0.1.0", {}, [books] { return books; }, {}, {}});
  const std::clock_t before = std::clock();
  const std::string text = PageTest::read(p.answer({"GET", "/metrics", {}, {}, {}}));
  const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  const auto series = std::count(text.begin(), text.end(), '\n');
  std::printf("%s: %ld samples, %.1f MB, %.3f s CPU\n", round, series, static_cast<double>(text.size()) / 1e6, seconds);
  return seconds;
}

/** Nothing quadratic: ten times the lines cost about ten times as much, on whatever machine, with whatever else on it.
 */
TEST(MetricCost, AHundredThousandLines) {
  (void)scrape(10'000, "to warm up");
  const double few = scrape(10'000, "ten thousand");
  const double many = scrape(100'000, "a hundred thousand");
  EXPECT_LT(many, 30 * few) << "something quadratic would be a hundred times as much";
}

}  // namespace
}  // namespace changtong::metrics
