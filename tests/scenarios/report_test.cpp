// From a ledger to what its monthly, quarterly and yearly reports show.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "daemon/books/formulas.h"
#include "daemon/books/report_figures.h"
#include "daemon/report/report_layout.h"
#include "tests/scenarios/report_room.h"

namespace changtong {
namespace {

using namespace report_room;
using testing::ElementsAre;
using testing::HasSubstr;

std::string text_of(wall_t t) { return shanghai().format(t); }

TEST(ReportPeriod, MonthsQuartersAndYearsBeginAndEndAtMidnightInTheZone) {
  const auto q1 = period_of("2026-Q1");
  EXPECT_EQ(text_of(q1.when.from), "2026-01-01T00:00:00.000+08:00");
  EXPECT_EQ(text_of(q1.when.to), "2026-04-01T00:00:00.000+08:00");
  EXPECT_EQ(q1.name, "2026年第1季度");
  EXPECT_EQ(text_of(period_of("2026-Q4").when.to), "2027-01-01T00:00:00.000+08:00");
  EXPECT_EQ(period_of("2026-03").name, "2026年3月");
  EXPECT_EQ(period_of("2026").title, "2026年政务专线与网站畅通率年报");
}

TEST(ReportPeriod, ALeapYearHas366DaysAndItsFebruary29) {
  EXPECT_EQ(period_of("2024").when.length(), milliseconds{366LL * 86'400'000});
  EXPECT_EQ(period_of("2024-02").when.length(), milliseconds{29LL * 86'400'000});
  EXPECT_EQ(period_of("2026").when.length(), milliseconds{365LL * 86'400'000});
}

TEST(ReportPeriod, NothingElseIsOne) {
  for (const char* bad : {"", "2026-Q5", "2026-Q0", "2026-13", "2026-03-14", "26", "2026-q1", "2026-Q1x", "abcd-Q1"})
    EXPECT_FALSE(report_period_named(shanghai(), bad)) << bad;
}

const std::string policy =
    R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"},{"id":"website","name":"网站"}],)"
    R"("classes":[{"category":"village","kind":"icmp","interval_ms":1000,"timeout_ms":1000,"fast_interval_ms":250,)"
    R"("down_after":3,"up_after":2}],"contracts":[{"id":"dx","carrier":"电信","availability_target":[999,1000],)"
    R"("period":"month","repair_limit_ms":3600000,"repair_clock":"discovery","windows":"removed",)"
    R"("monthly_fee_fen":28000,"credit_bands":[{"below":[999,1000],"of_fee":[10,100]}],"source":"合同〔2026〕12号"}],)"
    R"("report":{"office":"区数据局","repeat_outages":2}})";

/** March 2026: V1 (电信) down twice, once for two hours; V2 (移动, no contract) down inside and outside a window;
 * nobody looked for half an hour. */
struct Report : testing::Test {
  folder f;

  void SetUp() override {
    const auto w = opened(f);
    window_record window = desk_window();
    commit(*w, march,
           {policy_version{at(march), "Asia/Shanghai", policy, "x"}, of_carrier("V1", "电信"), of_carrier("V2", "移动"),
            up("V1", march), up("V2", march)});
    commit(*w, 2 * day_s,
           {window, down("V1", 1000, 999), up_again("V1", 8200, 8199),
            annotation{at(9000), "V1", at(1000), "李工", "光缆被挖断 <修复>"}, down("V2", 3000, 2999),
            up_again("V2", 4000, 3999), down("V1", 50'000, 49'999), up_again("V1", 50'600, 50'599)});
    commit(*w, april + day_s, {stopped_watching(3 * day_s, 3 * day_s + 1800)});
  }
  static window_record desk_window() { return window("W1", "V2", 100, 2000, 3500, "approved"); }
  [[nodiscard]] report::availability_report values(std::string_view period = "2026-03",
                                                   wall_t now = at(april + day_s)) const {
    const auto r = reading(f);
    const auto v = gather_report(*r, {.when = period_of(period), .now = now, .as_known_at = {}, .fingerprint = {}});
    if (!v) throw std::runtime_error(v.error().text);
    return *v;
  }
};

TEST_F(Report, NamesTheFourFormulasAndTheSumsOfTheMonth) {
  const auto v = values();
  EXPECT_EQ(v.all.lines, 2);
  EXPECT_EQ(v.all.sums.down, milliseconds{(7200 + 600 + 500) * 1000});
  EXPECT_EQ(v.all.sums.excluded, milliseconds{1'500'000});
  EXPECT_EQ(v.all.sums.unknown, milliseconds{3'600'000});
  EXPECT_EQ((v.all.sums.up + v.all.sums.down + v.all.sums.excluded + v.all.sums.unknown),
            milliseconds{2 * 31LL * 86'400'000});
  EXPECT_EQ(v.all.r4.counted, 1) << "V2 has no contract";
  EXPECT_EQ(v.all.r4.reached, 0);
  EXPECT_THAT(v.all.r4.without_target, ElementsAre("V2"));
  EXPECT_TRUE(v.head.complete);
  EXPECT_EQ(v.head.office, "区数据局");
  ASSERT_EQ(v.head.certain.size(), 1U);
  EXPECT_EQ(v.head.certain[0].length.confirmed, milliseconds{2730});
  EXPECT_EQ(v.months.size(), 31U) << "a month by its days";
}

TEST_F(Report, JudgesEachLineByItsContractAndLeavesTheOthersUnjudged) {
  const auto v = values();
  ASSERT_EQ(v.targets.size(), 2U);
  EXPECT_EQ(v.targets[0].judged, 1);
  EXPECT_EQ(v.targets[0].met, 0);
  EXPECT_EQ(v.targets[1].judged, 0) << "no contract is neither met nor missed";
  ASSERT_EQ(v.carrier_parts.size(), 2U);
  const auto& dx = v.carrier_parts[0].carrier == "电信" ? v.carrier_parts[0] : v.carrier_parts[1];
  const auto& yd = v.carrier_parts[0].carrier == "电信" ? v.carrier_parts[1] : v.carrier_parts[0];
  ASSERT_EQ(dx.periods.size(), 1U);
  EXPECT_EQ(dx.periods[0].result.target, availability::judgement::missed);
  EXPECT_EQ(dx.credit, 2800);
  EXPECT_EQ(dx.repairs, 2);
  EXPECT_EQ(dx.over, 1);
  ASSERT_EQ(dx.faults.size(), 1U);
  EXPECT_EQ(dx.faults[0].what.began, at(1000));
  EXPECT_EQ(yd.without_contract, 1);
  EXPECT_FALSE(yd.credit);
}

TEST_F(Report, ListsOutagesWithTheirEdgesWindowsAndWhatPeopleSaid) {
  const auto v = values();
  ASSERT_EQ(v.longest.size(), 3U);
  EXPECT_EQ(v.longest[0].id, "V1");
  EXPECT_EQ(v.longest[0].down, milliseconds{7'200'000});
  EXPECT_EQ(v.longest[0].least, milliseconds{7'199'000});
  EXPECT_EQ(v.longest[0].greatest, milliseconds{7'201'000});
  EXPECT_THAT(books::sentences(v.longest[0].note, v.head.zone), ElementsAre(HasSubstr("光缆被挖断")));
  EXPECT_EQ(v.longest[2].down, milliseconds{500'000}) << "what the window took is not down";
  EXPECT_THAT(v.longest[2].windows, ElementsAre("W1（已批准）"));
  ASSERT_EQ(v.windows.size(), 1U);
  EXPECT_EQ(v.windows[0].excluded, milliseconds{1'500'000});
  EXPECT_EQ(v.windows[0].by, "王工");
}

TEST_F(Report, AThousandWindowsThatSomebodyAskedForDoNotHideTheOneThatCounts) {
  std::vector<record> asked{down("V1", april + 100, april + 99)};
  for (int n = 0; n < 1000; ++n)
    for (const double from : {3100.0, april + 30 * day_s})
      asked.emplace_back(
          window(fmt::format("A{}-{}", n, from), from < april ? "V2" : "V1", 200, from, from + 100, "requested"));
  commit(*opened(f), april + day_s, asked);
  const auto v = values();
  EXPECT_THAT(v.longest[2].windows, testing::SizeIs(6));
  EXPECT_EQ(v.longest[2].windows[0], "W1（已批准）");
  EXPECT_EQ(v.longest[2].windows[5], "另有 996 个窗口");
  const auto open = values("2026-04").longest;
  ASSERT_EQ(open.size(), 1U);
  EXPECT_THAT(open[0].windows, testing::IsEmpty()) << "an open outage has not met what is to come";
}

TEST_F(Report, NamesWhoAskedForAWindowWhoTookItOverAndWhoApprovedIt) {
  std::vector<record> steps;
  for (const auto& [state, who] : {std::pair{"requested", "api"}, {"revised", "李工"}, {"approved", "王工"}}) {
    window_record r = window("W2", "V1", 200, 60'000, 61'000, state);
    r.by = who;
    steps.emplace_back(r);
  }
  commit(*opened(f), april + day_s, steps);
  const auto v = values();
  const auto w = std::ranges::find(v.windows, "W2", &report::window_row::id);
  ASSERT_NE(w, v.windows.end());
  EXPECT_EQ(w->requested, "api");
  EXPECT_EQ(w->revised, "李工");
  EXPECT_EQ(w->by, "王工");
}

TEST_F(Report, AWindowThatOnlyEndedEarlierIsApprovedAndOneThatIsWantedLongerWaits) {
  commit(*opened(f), april + day_s,
         {window("W2", "V1", 200, 60'000, 64'000, "approved"), window("W2", "V1", 61'000, 60'000, 62'000, "revised"),
          window("W3", "V1", 300, 70'000, 74'000, "approved"), window("W3", "V1", 71'000, 70'000, 78'000, "revised")});
  const auto v = values();
  const auto shown = [&](const char* id) {
    const auto w = std::ranges::find(v.windows, id, &report::window_row::id);
    return w == v.windows.end() ? "" : w->state + " " + std::to_string(w->excluded.count() / 1000);
  };
  EXPECT_EQ(shown("W2"), "已批准 2000") << "what is printed follows what is counted";
  EXPECT_EQ(shown("W3"), "已改待批 4000");
}

TEST_F(Report, SaysWhatNobodyObservedByCauseAndWhichStretchesHitHowMany) {
  const auto v = values();
  ASSERT_EQ(v.unknown.size(), 1U);
  EXPECT_EQ(v.unknown[0].first, cause::monitor_stopped);
  ASSERT_EQ(v.gaps.size(), 1U);
  EXPECT_EQ(v.gaps[0].targets, 2);
  EXPECT_EQ(v.gaps[0].when, (period{at(3 * day_s), at(3 * day_s + 1800)}));
}

TEST_F(Report, OfAQuarterJudgesEachMonthOnItsOwn) {
  const auto v = values("2026-Q1");
  const auto& dx = v.carrier_parts[0].carrier == "电信" ? v.carrier_parts[0] : v.carrier_parts[1];
  ASSERT_EQ(dx.periods.size(), 1U) << "the line was accepted in March";
  EXPECT_EQ(dx.periods[0].period_name, "2026-03");
  EXPECT_EQ(v.months.size(), 1U);
}

TEST_F(Report, OfAPeriodThatGoesOnSaysSoAndSettlesNothing) {
  const auto v = values("2026-04");
  EXPECT_FALSE(v.head.complete);
  const auto& dx = v.carrier_parts[0].carrier == "电信" ? v.carrier_parts[0] : v.carrier_parts[1];
  EXPECT_FALSE(dx.periods.at(0).result.complete);
  EXPECT_FALSE(dx.credit);
}

TEST_F(Report, ContractEnteredAfterTheMonthIsMarked) {
  const folder g;
  const auto w = opened(g);
  commit(*w, april,
         {policy_version{at(march), "Asia/Shanghai", R"({"zone":"Asia/Shanghai"})", "x"}, of_carrier("V1", "电信"),
          up("V1", march)});
  commit(*w, april + day_s, {policy_version{at(april + 1000), "Asia/Shanghai", policy, "x"}});
  const auto v = gather_report(
      *reading(g), {.when = period_of("2026-03"), .now = at(april + day_s), .as_known_at = {}, .fingerprint = {}});
  ASSERT_TRUE(v);
  EXPECT_EQ(v->carrier_parts.at(0).periods.at(0).recorded_late, at(april + 1000));
}

TEST(EmptyLedger, GivesAReportWithoutFiguresNotAnError) {
  const folder f;
  {
    const auto w = opened(f);
  }
  const auto v = gather_report(*reading(f),
                               {.when = period_of("2026-03"), .now = at(april), .as_known_at = {}, .fingerprint = {}});
  ASSERT_TRUE(v) << v.error().text;
  EXPECT_EQ(v->all.lines, 0);
  EXPECT_FALSE(v->all.r1.value);
  const auto d = report::layout(*v);
  EXPECT_EQ(d.sheets.size(), 11U);
  EXPECT_EQ(d.sheets[0].tables[0].rows[0][1].text, "—");
}

TEST_F(Report, BeginsWithTheFigureHeldAgainstTheMonthBefore) {
  const auto march_alone = values();
  EXPECT_FALSE(march_alone.against.before) << "the ledger does not know February";
  EXPECT_FALSE(march_alone.against.year_ago);
  commit(*opened(f), april + 31 * day_s, {});  // April is over, and was watched to its end
  const auto v = values("2026-04", at(april + 31 * day_s));
  ASSERT_TRUE(v.head.complete);
  ASSERT_TRUE(v.against.before);
  EXPECT_EQ(v.against.before->name, "2026年3月");
  EXPECT_EQ(v.against.before->sums.down, march_alone.all.sums.down);
  EXPECT_EQ(v.against.before->sums.outages, march_alone.all.sums.outages);
  EXPECT_EQ(v.against.before->targets, march_alone.all.lines + march_alone.all.sites);
  const auto d = report::layout(v);
  const report::table& first = d.sheets[0].tables[0];
  EXPECT_EQ(first.columns[2].text, "上期（2026年3月）");
  EXPECT_EQ(first.rows[1][1].text, "0");
  EXPECT_EQ(first.rows[1][2].text, "3");
  EXPECT_EQ(first.rows[1][3].text, "-100.0 %");
  EXPECT_EQ(first.rows[0][4].text, "—") << "a year ago nobody watched";
}

TEST_F(Report, HoldsNoCountOfAFewDaysAgainstAWholeMonth) {
  const auto v = values("2026-04", at(april + day_s / 2));
  ASSERT_FALSE(v.head.complete);
  const report::table first = report::layout(v).sheets[0].tables[0];
  EXPECT_EQ(first.rows[1][2].text, "3") << "what the month before had is said";
  EXPECT_EQ(first.rows[1][3].text, "—");
  EXPECT_EQ(first.rows[2][3].text, "—");
  EXPECT_NE(first.rows[0][3].text, "—") << "a share may be held against another";
}

TEST(ComparedPeriods, OfWhatIsNoMonthQuarterOrYearAreNone) {
  const folder f;
  {
    const auto w = opened(f);
  }
  for (const char* token : {"2026-03-01..2026-03-14", "", "2026-01", "2026-Q1", "2026"}) {
    const auto none = books::compared_with(*reading(f), token, at(april));
    EXPECT_FALSE(none.before) << token;
    EXPECT_FALSE(none.year_ago) << token;
  }
}

TEST_F(Report, IsTheOneWeAgreedOn) {
  auto v = values();
  v.head.version = "0";
  const std::string path = std::string(CHANGTONG_SOURCE_DIR) + "/tests/scenarios/report-2026-03.txt";
  std::ifstream in(path);
  std::ostringstream agreed;
  agreed << in.rdbuf();
  const std::string now = shown(report::layout(v));
  if (now != agreed.str()) {
    const std::string seen = std::string(CHANGTONG_BINARY_DIR) + "/report-2026-03.txt";
    std::ofstream(seen) << now;
    FAIL() << "differs from " << path << "; what it says now: " << seen;
  }
}

}  // namespace
}  // namespace changtong
