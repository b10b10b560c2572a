// Days of operation (rules.md 4.5), as arithmetic.
#include "daemon/availability/operation_days.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "daemon/core/civil.h"

namespace changtong::availability {
namespace {

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();

std::vector<day_to_judge> year(const std::string& which, milliseconds unknown_a_day = milliseconds{0}) {
  std::vector<day_to_judge> days;
  const period p = shanghai.parse(which).value();
  for (const period& d : shanghai.split(p, civil_zone::unit::day)) {
    seconds s;
    s.unknown = unknown_a_day;
    s.up = d.length() - unknown_a_day;
    days.push_back({.day = shanghai.key(d.from, civil_zone::unit::day), .when = d, .sums = s, .rules = {}});
  }
  return days;
}

duty_record record_of(const std::string& day, const std::string& person = "王工", const std::string& source = "api") {
  return {
      .at = shanghai.parse(day)->from, .day = day, .person = person, .source = source, .author = "李工", .text = {}};
}

std::size_t counted(const std::vector<operation_day>& days) {
  return static_cast<std::size_t>(std::ranges::count(days, operation_judgement::counts, &operation_day::judgement));
}

std::vector<duty_record> every_day(const std::vector<day_to_judge>& days) {
  std::vector<duty_record> all;
  for (const day_to_judge& d : days) all.push_back(record_of(d.day));
  return all;
}

TEST(DutyDays, AYearHas365Days) {
  const auto days = year("2026");
  const auto judged = judge_days(days, every_day(days), wall_max);
  EXPECT_EQ(judged.size(), 365u);
  EXPECT_EQ(counted(judged), 365u);
}

TEST(DutyDays, ALeapYearHas366) {
  const auto days = year("2028");
  EXPECT_EQ(counted(judge_days(days, every_day(days), wall_max)), 366u);
}

TEST(DutyDays, ExactlyTheLimitIsEnoughAndAMillisecondLessIsNot) {
  constexpr milliseconds one_percent{864'000};
  for (const auto& [unknown, expected] : {std::pair{one_percent, operation_judgement::counts},
                                          {one_percent + milliseconds{1}, operation_judgement::low_coverage}}) {
    const auto days = year("2026-03-14", unknown);
    EXPECT_EQ(judge_days(days, every_day(days), wall_max)[0].judgement, expected);
  }
}

TEST(DutyDays, DownTimeIsCoverageToo) {
  auto days = year("2026-03-14");
  std::swap(days[0].sums.up, days[0].sums.down);
  EXPECT_EQ(judge_days(days, every_day(days), wall_max)[0].judgement, operation_judgement::counts)
      << "it is not the same as availability";
}

TEST(DutyDays, ADayThatIsWhollyExcludedHasNoCoverage) {
  auto days = year("2026-03-14");
  days[0].sums.excluded = std::exchange(days[0].sums.up, milliseconds{0});
  EXPECT_EQ(judge_days(days, every_day(days), wall_max)[0].judgement, operation_judgement::not_measured);
}

TEST(DutyDays, TodayIsNotJudged) {
  const auto days = year("2026-03-14");
  const wall_t end = days[0].when.to;
  EXPECT_EQ(judge_days(days, every_day(days), end - milliseconds{1})[0].judgement, operation_judgement::not_over);
  EXPECT_EQ(judge_days(days, every_day(days), end)[0].judgement, operation_judgement::counts);
}

TEST(DutyDays, EveryPersonIsNamedOnce) {
  const auto days = year("2026-03-14");
  const std::vector<duty_record> records{record_of("2026-03-14", "王工"), record_of("2026-03-14", "李工"),
                                         record_of("2026-03-14", "王工"), record_of("2026-03-15", "赵工"),
                                         record_of("2026-03-14", "automatic", "automatic")};
  EXPECT_EQ(judge_days(days, records, wall_max)[0].persons, (std::vector<std::string>{"王工", "李工"}));
}

TEST(DutyDays, ARosterIsNoRecordUntilTheDayHasBegun) {
  const auto days = year("2026-03-14");
  duty_record r = record_of("2026-03-14");
  r.at = days[0].when.from - milliseconds{1};
  EXPECT_EQ(judge_days(days, std::vector{r}, wall_max)[0].judgement, operation_judgement::no_record);
  EXPECT_TRUE(judge_days(days, std::vector{r}, wall_max)[0].persons.empty());
  duty_record on_the_day = r;
  on_the_day.at = days[0].when.from;
  EXPECT_EQ(judge_days(days, std::vector{r, on_the_day}, wall_max)[0].judgement, operation_judgement::counts);
}

}  // namespace
}  // namespace changtong::availability
