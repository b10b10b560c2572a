// Measured figures: from a year of books to points, and to 证据不足 where the books do not carry them.
#include <gmock/gmock.h>

#include "tests/evaluate/year.h"

namespace changtong::evaluate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string lines = "{ kind: measured, figure: availability }";

struct Availability : year_of_books {};

TEST_F(Availability, OfAYearWithoutOutageAndWithoutAHoleIsHundredPercent) {
  begin();
  rest();
  const auto i = one("≥100%", lines);
  EXPECT_EQ(i.how, standing::scored);
  EXPECT_EQ(i.actual_text, "100%");
  EXPECT_EQ(i.score->text, "90.00");
  EXPECT_EQ(i.coverage->text, "1");
  EXPECT_EQ(i.evidence.numerator, "63072000000 毫秒") << "two lines, no website";
  EXPECT_EQ(i.evidence.denominator, "63072000000 毫秒");
  EXPECT_THAT(i.evidence.objects, ElementsAre("V1 村V1", "V2 村V2"));
  EXPECT_FALSE(i.reason_needed);
}

TEST_F(Availability, AnOutageOfASecondMissesHundredPercentThoughThePointsAreFull) {  // E-22, E-23
  begin();
  rest({down("V1", 1000, 999), up_again("V1", 1001, 1000)});
  const auto i = one("≥100%", lines);
  EXPECT_EQ(i.score->text, "90.00");
  EXPECT_TRUE(i.reason_needed);
  EXPECT_EQ(i.actual_text, "99.99999%") << "never rounded up";
  EXPECT_EQ(i.colour, light::yellow);
  EXPECT_THAT(i.remarks, Contains(HasSubstr("四舍五入")));
  EXPECT_THAT(i.evidence.facts, Contains(HasSubstr("中断 V1：2026-03-14 00:16:40 至 2026-03-14 00:16:41，计 0:00:01")));
}

TEST_F(Availability, WithUnknownTimeHundredPercentIsNeverPrinted) {
  begin();
  rest({stopped_watching(0, 3600)});
  const auto a = one("≥99.9%", lines);
  EXPECT_EQ(a.actual_text, "未观测到中断（下限 99.98858%，未观测 2:00:00）");
  EXPECT_EQ(a.actual->text, "≥99.98858");
  EXPECT_EQ(a.actual->value, exact{100});
  EXPECT_FALSE(a.reason_needed);
  EXPECT_EQ(one("≥100%", lines, {.score_by = "A"}).score->text, "90.00");
  const auto low = one("≥99.99%", lines, {.score_by = "A_low"});
  EXPECT_TRUE(low.reason_needed) << "99.98858 % is below the target";
  EXPECT_EQ(low.actual->value, exact(63'072'000'000 - 7'200'000, 63'072'000'000) * 100);
}

TEST_F(Availability, TheLowerBoundIsScoredWherePlanSaysSoAndBothArePrinted) {
  begin();
  rest({stopped_watching(0, 3600), down("V1", 7200, 7199), up_again("V1", 10'800, 10'799)});
  EXPECT_THAT(one("≥99.9%", lines, {.score_by = "A_low"}).actual_text, HasSubstr("（按下限 99.98287% 计分）"));
}

TEST_F(Availability, BelowTheCoverageFloorThereIsNoScoreAndWhatIsMissingIsNamed) {
  begin();
  rest({stopped_watching(0, 30 * day_s)});
  const auto i = one("≥99.9%", lines);
  EXPECT_EQ(i.how, standing::insufficient);
  EXPECT_EQ(i.actual_text, "证据不足");
  EXPECT_FALSE(i.score);
  EXPECT_FALSE(i.actual);
  EXPECT_EQ(i.colour, light::unknown);
  ASSERT_THAT(i.evidence.missing, Not(IsEmpty()));
  EXPECT_THAT(i.evidence.missing[0], HasSubstr("覆盖率 91.78082 %，低于方案要求的 95 %：未观测 1440:00:00"));
  EXPECT_THAT(i.evidence.missing, Contains("V1 村V1：未观测 720:00:00"));
  EXPECT_EQ(one("≥99.9%", lines, {.floor = "91%"}).how, standing::scored);
}

TEST_F(Availability, ExactlyTheFloorIsEnough) {
  begin();
  rest({stopped_watching(0, 73 * day_s)});  // a fifth of the year
  EXPECT_EQ(one("≥99%", lines, {.floor = "80%"}).how, standing::scored);
  EXPECT_EQ(one("≥99%", lines, {.floor = "80.000001%"}).how, standing::insufficient);
}

TEST_F(Availability, SelectorsChooseByTheWordsOfTheTime) {
  begin();
  auto moved = village("V2", "电信");
  moved.at = at(day(100));
  rest({moved, down("V2", day(50), day(50) - 1), up_again("V2", day(50) + 3600, day(50) + 3599),
        down("V2", day(200), day(200) - 1), up_again("V2", day(200) + 1800, day(200) + 1799)});
  const auto only = [&](const std::string& select) {
    return one("≥99%", "{ kind: measured, figure: availability, select: " + select + " }").evidence;
  };
  EXPECT_EQ(only("{ carriers: [移动] }").sums->down, milliseconds{3'600'000});
  EXPECT_EQ(only("{ carriers: [电信] }").sums->down, milliseconds{1'800'000}) << "V2 since it is theirs, and V1";
  EXPECT_EQ(only("{ lines: [V1] }").sums->down, milliseconds{0});
  EXPECT_EQ(only("{ categories: [village], towns: [城南镇] }").sums->outages, 2);
  const auto nobody = one("≥99%", "{ kind: measured, figure: availability, select: { carriers: [铁通] } }");
  EXPECT_EQ(nobody.how, standing::insufficient);
  EXPECT_THAT(nobody.evidence.missing, ElementsAre("账本中没有符合条件的专线：运营商为铁通"));
}

TEST_F(Availability, AWebsiteIsNoLine) {
  begin();
  rest({down("S1", 0, -1), up_again("S1", day_s, day_s - 1)});
  EXPECT_EQ(one("≥99%", lines).evidence.sums->down, milliseconds{0});
  const auto site = one("≥99%", "{ kind: measured, figure: website_availability }");
  EXPECT_EQ(site.evidence.sums->down, milliseconds{86'400'000});
  EXPECT_EQ(site.actual_text, "99.72602%");
  EXPECT_EQ(site.actual->value, exact(364, 365) * 100);
}

TEST_F(Availability, TheShortestCertainOutageIsThatOfTheLinesOrOfTheWebsitesNeverOfBoth) {
  policy = R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"},{"id":"website","name":"网站"}],)"
           R"("classes":[{"category":"village","kind":"icmp","interval_ms":1000,"timeout_ms":1000,)"
           R"("fast_interval_ms":250,"down_after":3,"up_after":2},{"category":"website","kind":"http",)"
           R"("interval_ms":60000,"timeout_ms":15000,"fast_interval_ms":5000,"down_after":3,"up_after":2}]})";
  begin();
  rest();
  const auto certain = [&](const char* figure) {
    for (const std::string& fact : one("≥99%", figure).evidence.facts)
      if (const auto from = fact.find("持续 "), to = fact.find(" 秒及以上的中断必定被确认"); to != std::string::npos)
        return std::stod(fact.substr(from + std::string("持续 ").size(), to));
    return 0.0;
  };
  const double of_lines = certain(lines.c_str());
  EXPECT_GT(of_lines, 0);
  EXPECT_LT(of_lines, 10) << "asked every second";
  EXPECT_GT(certain("{ kind: measured, figure: website_availability }"), 60) << "asked every minute";
}

TEST_F(Availability, ApprovedWindowsAreExcludedAndNamedWithWhoApproved) {
  begin();
  rest({window("W1", "V1", day(10), day(11), day(11) + 7200, "approved"), down("V1", day(11), day(11) - 1),
        up_again("V1", day(11) + 9000, day(11) + 8999)});
  const auto i = one("≥99%", lines);
  EXPECT_EQ(i.evidence.sums->down, milliseconds{1'800'000});
  ASSERT_EQ(i.evidence.excluded.size(), 1U);
  EXPECT_EQ(i.evidence.excluded[0].window, "W1");
  EXPECT_EQ(i.evidence.excluded[0].approved, "王工");
  EXPECT_EQ(i.evidence.excluded[0].when.length(), milliseconds{7'200'000});
}

/** V1 has half of the year and is down for half of its time; V2 the whole year without an outage. */
struct Formulas : year_of_books {
  void SetUp() override {
    begin();
    auto late = village("V1", "电信", day(73));
    late.at = at(new_year + 1);
    rest({late, down("V1", day(73), day(73) - 1), up_again("V1", day(219), day(219) - 1)});
  }
};

TEST_F(Formulas, AreFourDifferentNumbersAndEachNamesItself) {  // rules.md 4.4, P14
  // V1: 146 of 292 days down; V2: 365 days up. R1 = 511/657, R2 = (1/2 + 1)/2, R4 (99 %) = 1/2
  EXPECT_EQ(one("≥99%", lines, {.formula = "R1"}).actual->value, exact(511, 657) * 100);
  EXPECT_EQ(one("≥99%", lines, {.formula = "R2"}).actual->value, exact{75});
  const auto r3 = one("≥99%", lines, {.formula = "R3"});
  EXPECT_EQ(r3.actual_text, "80.00000%") << "146 of 365 days at one half";
  EXPECT_EQ(r3.evidence.formula.substr(0, 2), "R3");
  const auto r4 = one("≥99%", "{ kind: measured, figure: availability, line_target: 99% }", {.formula = "R4"});
  EXPECT_EQ(r4.actual->value, exact{50});
  EXPECT_EQ(r4.evidence.numerator, "1 条达到指标");
}

TEST_F(Formulas, R4WithoutAnyTargetHasNoValue) {
  const auto r4 = one("≥99%", lines, {.formula = "R4"});
  EXPECT_EQ(r4.how, standing::insufficient);
  EXPECT_THAT(r4.evidence.missing[0], HasSubstr("line_target"));
}

struct ByContract : year_of_books {};

TEST_F(ByContract, R4JudgesALineOnlyByTheTimeThatItsContractCovers) {
  policy = fmt::format(
      R"({{"zone":"Asia/Shanghai","categories":[{{"id":"village","name":"村/社区"}}],"contracts":[{{"id":"dx",)"
      R"("carrier":"电信","availability_target":[999,1000],"period":"year","source":"合同","valid_from":{}}}]}})",
      ms_of(at(day(100))));
  begin();
  rest({down("V1", day(80), day(80) - 1), up_again("V1", day(90), day(90) - 1)});
  const auto r4 = one("≥99%", lines, {.formula = "R4"});
  EXPECT_EQ(r4.evidence.numerator, "1 条达到指标") << "ten days before it began are none of its own";
  EXPECT_EQ(r4.evidence.denominator, "1 条");
  EXPECT_THAT(r4.evidence.facts, Contains(HasSubstr("合同只覆盖部分期间，只按覆盖的时间判定：1 条：V1")));
}

TEST_F(Formulas, R4ComparesALineExactly) {  // E-23: V1 has exactly one half
  const auto by = [&](const std::string& target) {
    return one("≥99%", "{ kind: measured, figure: availability, line_target: " + target + " }", {.formula = "R4"})
        .actual->value;
  };
  EXPECT_EQ(by("50%"), exact{100});
  EXPECT_EQ(by("50.000000001%"), exact{50});
}

struct OperationDays : year_of_books {};

TEST_F(OperationDays, NeedCoverageAndADutyRecord) {
  std::vector<record> entries;
  for (int n = 0; n < 365; ++n)
    if (n != 40) entries.emplace_back(duty(n));
  entries.emplace_back(stopped_watching(day(90), day(90) + 3600));
  begin();
  rest(entries);
  const auto i = one("≥全年天数", "{ kind: measured, figure: operation_days }");
  EXPECT_EQ(i.target_text, "≥365天");
  EXPECT_EQ(i.actual_text, "363天");
  EXPECT_EQ(i.score->text, "89.51");
  EXPECT_THAT(i.evidence.facts,
              ElementsAre(HasSubstr("2026-02-10：没有值班记录"), HasSubstr("2026-04-01：覆盖率不足")));
}

TEST_F(OperationDays, InJuneTheRestOfTheYearIsExpectedToCount) {
  std::vector<record> entries;
  for (int n = 0; n < 181; ++n)
    if (n != 40) entries.emplace_back(duty(n));
  begin();
  rest(entries);
  const auto i = one("≥全年天数", "{ kind: measured, figure: operation_days }", {}, "2026-06-30");
  EXPECT_EQ(i.actual_text, "180天");
  EXPECT_EQ(i.score->text, "44.38");
  EXPECT_EQ(i.forecast_text, "预计 364天（已计入 180 天，余下 184 天视为全部计入）");
  EXPECT_EQ(i.forecast_score->text, "89.75");
  EXPECT_EQ(i.colour, light::yellow) << "by what December will show";
}

struct Sites : year_of_books {
  const std::string coverage = "{ kind: measured, figure: site_coverage, sites: [S1, S2, S3], opens_at: 95% }";
  const std::string sections =
      "{ kind: measured, figure: sections, sites: [S1, S2, S3], opens_at: 95%, updates: u.csv, stale_days: 30 }";
};

TEST_F(Sites, ThatOpenAreCountedAndUnobservedOnesAreNamed) {
  begin({site("S2"), up("S2", new_year)});
  rest({down("S2", 0, -1), up_again("S2", 40 * day_s, 40 * day_s - 1)});
  const auto i = one("≥100%", coverage);
  EXPECT_EQ(i.actual->value, exact(100, 3));
  EXPECT_THAT(i.evidence.missing, ElementsAre("S3：账本中没有记录，未计入"));
  EXPECT_THAT(i.evidence.facts, Contains(HasSubstr("S2 网站S2：可用率 89.04109 %，中断 1 次，不足")));
  EXPECT_EQ(one("≥3个", coverage).actual_text, "1个");
}

TEST_F(Sites, OneThatWasHardlyObservedIsNotCountedAsOpen) {
  begin();
  rest({unknown("S1", new_year + 3600)});  // an hour of the year, and all of it up
  for (const std::string& source : {coverage, sections}) {
    files.days = {{"S1", "2026-12-20"}};
    const auto i = one("≥1个", source);
    EXPECT_EQ(i.how, standing::insufficient) << source;
    EXPECT_THAT(i.evidence.missing, Contains("S1：覆盖率 0.01141 %，低于 95 %，未计入"));
  }
}

TEST_F(Sites, ASectionUpdatedOnTheLastAllowedDayIsFresh) {
  begin({site("S2"), up("S2", new_year), site("S3"), up("S3", new_year)});
  rest();
  files.days = {{"S1", "2026-12-01"}, {"S2", "2026-11-30"}, {"S3", "2026-12-02"}};
  const auto i = one("≥3个", sections);
  EXPECT_EQ(i.actual_text, "2个");
  EXPECT_THAT(i.evidence.facts, Contains("S2：最近更新 2026-11-30，已 31 天，过期"));
}

TEST_F(Sites, ASectionWithoutUpdatesIsNotCounted) {
  begin({site("S2"), up("S2", new_year), site("S3"), up("S3", new_year)});
  rest();
  files.days = {{"S1", "2026-12-20"}, {"S1", "2026-02-01"}, {"S2", "2026-11-01"}, {"S2", "2027-01-05"}};
  const auto i = one("≥3个", sections);
  EXPECT_EQ(i.actual_text, "1个");
  EXPECT_THAT(i.evidence.missing, ElementsAre("S3：没有更新记录，未计入"));
  EXPECT_THAT(i.evidence.facts, Contains("S2：最近更新 2026-11-01，已 60 天，过期"));
  EXPECT_EQ(i.score->text, "30.00");
}

TEST_F(Sites, WithoutTheFileOfUpdatesThereIsNoEvidence) {
  begin();
  rest();
  files.missing = {"文件 u.csv：没有这个文件"};
  const auto i = one("≥3个", sections);
  EXPECT_EQ(i.how, standing::insufficient);
  EXPECT_THAT(i.evidence.missing, Contains("文件 u.csv：没有这个文件"));
}

struct Repairs : year_of_books {
  void two_outages() {
    begin();
    rest({down("V1", 0, -1), up_again("V1", 7200, 7199), down("V2", day(200), day(200) - 1),
          up_again("V2", day(200) + 36'000, day(200) + 35'999), down("S1", 0, -1), up_again("S1", day_s, day_s - 1)});
  }
};

TEST_F(Repairs, MeanLongestAndShareWithinALimitLeaveWebsitesOut) {
  two_outages();
  const auto mean = one("≤4小时", "{ kind: measured, figure: repair_mean }");
  EXPECT_EQ(mean.actual_text, "6小时");
  EXPECT_EQ(mean.score->text, "45.00") << "1 − (6−4)/4";
  EXPECT_EQ(one("≤300分钟", "{ kind: measured, figure: repair_longest }").actual_text, "600分钟");
  EXPECT_EQ(one("≥95%", "{ kind: measured, figure: repair_within, within: 2h }").actual_text, "50.00%");
  EXPECT_EQ(one("≥95%", "{ kind: measured, figure: repair_within, within: 7199s }").actual_text, "0.00%");
}

constexpr const char* longest = "{ kind: measured, figure: repair_longest }";
constexpr const char* within_4h = "{ kind: measured, figure: repair_within, within: 4h }";

TEST_F(Repairs, AnOutageOverTheEndOfTheYearCountsWithItsWholeTime) {
  begin();
  rest({down("V1", 0, -1), up_again("V1", 7200, 7199), down("V2", next_year - 3600, next_year - 3601),
        up_again("V2", next_year + 32'400, next_year + 32'399)},
       next_year + day_s);
  EXPECT_EQ(one("≤300分钟", longest).actual_text, "600分钟") << "ten hours, not the one of the old year";
  EXPECT_EQ(one("≥95%", within_4h).actual_text, "50.00%");
  EXPECT_EQ(one("≤4小时", "{ kind: measured, figure: repair_mean }").actual_text, "1.5小时") << "ΣD of the books";
}

TEST_F(Repairs, AWindowAfterTheEndOfTheYearIsNoRepairTime) {
  begin();
  rest({window("W1", "V2", 0, next_year, next_year + 21'600, "approved"),
        down("V2", next_year - 3600, next_year - 3601), up_again("V2", next_year + 32'400, next_year + 32'399)},
       next_year + day_s);
  EXPECT_EQ(one("≤300分钟", longest).actual_text, "240分钟");
}

TEST_F(Repairs, AnOutageThatBeganBeforeTheYearIsOfTheYearBefore) {
  begin({village("V3", "电信", new_year - 30 * day_s)});
  rest({down("V3", new_year - day_s, new_year - day_s - 1), up_again("V3", new_year + 3600, new_year + 3599),
        down("V1", 0, -1), up_again("V1", 60, 59)});
  EXPECT_EQ(one("≤300分钟", longest).actual_text, "1分钟");
  EXPECT_EQ(one("≥95%", within_4h).evidence.denominator, "1 次");
}

TEST_F(Repairs, OfALineThatWasDownWhenItWasAcceptedBeginsWithItsScope) {
  begin({village("V3", "电信", day(10))});
  rest({down("V3", day(10) - day_s, day(10) - day_s - 1), up_again("V3", day(10) + 18'000, day(10) + 17'999)});
  EXPECT_EQ(one("≤300分钟", longest).actual_text, "300分钟");
}

TEST_F(Repairs, StillOpenIsLateOnceItIsOverTheLimitAndUndecidedBefore) {
  begin();
  rest({down("V1", 0, -1), up_again("V1", 60, 59), down("V2", next_year - 3600, next_year - 3601)}, next_year + 3600);
  const auto undecided = one("≥95%", within_4h);
  EXPECT_EQ(undecided.actual_text, "100.00%");
  EXPECT_EQ(undecided.evidence.denominator, "1 次");
  EXPECT_THAT(undecided.remarks, Contains(HasSubstr("尚不能定")));
  EXPECT_EQ(one("≥95%", "{ kind: measured, figure: repair_within, within: 7199s }").actual_text, "50.00%");
  const auto open = one("≤300分钟", longest);
  EXPECT_EQ(open.actual_text, "120分钟");
  EXPECT_THAT(open.remarks, Contains(HasSubstr("尚未恢复")));
}

TEST_F(Repairs, MidYearSpeaksOnlyOfWhatItsDayKnew) {
  begin();
  rest({down("V1", day(100) - 3600, day(100) - 3601), up_again("V1", day(100) + 36'000, day(100) + 35'999)});
  EXPECT_EQ(one("≤300分钟", longest, {}, "2026-04-10").actual_text, "60分钟");
  EXPECT_EQ(one("≤300分钟", longest).actual_text, "660分钟");
}

TEST_F(Repairs, WithoutAnOutageNobodyWaited) {
  begin();
  rest();
  const auto i = one("≤4小时", "{ kind: measured, figure: repair_mean }");
  EXPECT_EQ(i.actual_text, "无中断");
  EXPECT_EQ(i.score->text, "90.00");
  EXPECT_THAT(i.remarks, Contains(HasSubstr("没有观测到中断")));
}

TEST_F(Repairs, BelowTheCoverageFloorWithoutAnOutageNothingIsKnown) {
  begin();
  rest({stopped_watching(0, 30 * day_s)});
  EXPECT_EQ(one("≤4小时", "{ kind: measured, figure: repair_mean }").how, standing::insufficient);
}

struct Openings : year_of_books {
  const std::string source = "{ kind: measured, figure: on_time_openings, planned: p.csv }";
};

TEST_F(Openings, AreHeldAgainstTheDayOfTheInventory) {
  begin({village("V3", "电信", day(10)), village("V4", "电信", day(11)), village("V5", "电信", next_year + day_s)});
  rest();
  files.days = {
      {"V3", "2026-01-11"}, {"V4", "2026-01-11"}, {"V5", "2026-12-01"}, {"V6", "2026-12-01"}, {"V1", "2027-03-01"}};
  files.days.push_back({"V3", "2026-12-01"});
  const auto i = one("≥100%", source);
  EXPECT_THAT(i.remarks, Contains("开通计划中 V3 出现两次，按第一次计"));
  EXPECT_EQ(i.actual_text, "25.00%") << "V3 of four; the one due next year does not count";
  EXPECT_THAT(
      i.evidence.facts,
      ElementsAre("V3 村V3：计划 2026-01-11，2026-01-11 开通", "V4 村V4：计划 2026-01-11，2026-01-12 开通，逾期",
                  "V5 村V5：计划 2026-12-01，2027-01-02 开通，逾期", "V6 ：计划 2026-12-01，账本中没有这条线路"));
}

TEST_F(Openings, WithNothingDueHaveNoValue) {
  begin();
  rest();
  files.days = {{"V1", "2027-03-01"}};
  EXPECT_EQ(one("≥100%", source).how, standing::insufficient);
}

TEST_F(Availability, TheYearMustBeOverForAFinalForm) {
  begin();
  rest({}, day(300));
  const plans::plan p = plan_of(plan_text("≥99%", lines));
  const auto books = reading(f);
  const auto when = occasion_of(p, books.get(), at(day(300)), "").value();
  const auto e =
      evaluate(p, {.books = books.get(), .ledger = {}, .files = {}, .before = {}, .software = {}}, when).value();
  EXPECT_THAT(e.blocking, Contains(HasSubstr("2026 年尚未结束（账本至 2026-10-28 00:00:00）")));
  EXPECT_EQ(e.indicators[0].coverage->text, "1") << "the future is neither up nor unknown (P07)";
}

TEST_F(Availability, ADayThatIsNotOverCannotBeTheLastOne) {
  begin();
  rest({}, day(180) + 3600);
  const plans::plan p = plan_of(plan_text("≥99%", lines));
  const auto books = reading(f);
  EXPECT_TRUE(occasion_of(p, books.get(), at(day(180) + 3600), "2026-06-29"));
  const auto early = occasion_of(p, books.get(), at(day(180) + 3600), "2026-06-30");
  ASSERT_FALSE(early);
  EXPECT_EQ(to_string(early.error()),
            "--as-of 2026-06-30 那一天还没有过完：账本至 2026-06-30 01:00:00 / that day is not over");
  EXPECT_FALSE(occasion_of(p, books.get(), at(new_year), "")) << "a ledger of the year before";
}

TEST_F(Availability, ALedgerThatDoesNotVerifyBlocks) {
  begin();
  rest();
  const plans::plan p = plan_of(plan_text("≥99%", lines));
  const auto books = reading(f);
  const auto when = occasion_of(p, books.get(), at(next_year), "").value();
  evidence e{.books = books.get(), .ledger = {}, .files = {}, .before = {}, .software = {}};
  e.ledger.objection = "条目 7 被改动";
  EXPECT_THAT(evaluate(p, e, when)->blocking, ElementsAre("账本未通过核验：条目 7 被改动"));
}

TEST_F(Availability, ChartsGetTheMonthsByCategoryAndTheDays) {
  begin();
  rest();
  const auto e = run(plan_text("≥99%", lines));
  EXPECT_EQ(e.days.size(), 365U);
  EXPECT_EQ(e.months.size(), 24U) << "villages and websites";
  EXPECT_EQ(e.months[0].month, "2026-01");
}

}  // namespace
}  // namespace changtong::evaluate
