// Days of operation from a real ledger (rules.md 4.5).
#include "daemon/books/operation_days.h"

#include "daemon/ledger/entry_rules.h"
#include "tests/ledger/desk.h"

namespace changtong::books {
namespace {

using namespace ledger;

using namespace desk;
using availability::operation_judgement;

constexpr double day = 86'400;

struct DutyDays : testing::Test {
  void begin(const std::string& policy) {
    commit(*books, 0,
           {started{at(0), "0.1.0", ""}, policy_version{at(0), "Asia/Shanghai", policy, "test"}, line("L1", 0),
            up("L1", 0)});
  }
  void on_duty(const std::string& which, const std::string& person, const std::string& source = "api") {
    commit(*books, 0, {duty_record{at(1), which, person, source, "李工", ""}});
  }
  std::vector<operation_judgement> verdicts(double from, double to, double now) {
    std::vector<operation_judgement> out;
    for (const auto& d : days_of_operation(*reading(f), {at(from), at(to)}, at(now))) out.push_back(d.judgement);
    return out;
  }
  folder f;
  std::unique_ptr<writer> books = opened(f);
};

TEST_F(DutyDays, ADayCountsWithCoverageAndARecord) {
  begin("{}");
  commit(*books, 2 * day, {stopped_watching(day + 100, day + 100 + 0.02 * day)});  // 98 % of the second day
  on_duty("2026-03-14", "王工");
  on_duty("2026-03-15", "王工");
  EXPECT_EQ(verdicts(0, 4 * day, 3 * day),
            (std::vector{operation_judgement::counts, operation_judgement::low_coverage,
                         operation_judgement::low_coverage, operation_judgement::not_over}));
}

TEST_F(DutyDays, WithoutARecordADayDoesNotCount) {
  begin("{}");
  commit(*books, 2 * day);
  EXPECT_EQ(verdicts(0, day, 2 * day), std::vector{operation_judgement::no_record});
}

TEST_F(DutyDays, ADayBeforeTheBooksBeginIsNotMeasured) {
  begin("{}");
  commit(*books, 2 * day);
  on_duty("2026-03-13", "王工");
  EXPECT_EQ(verdicts(-day, 0, 2 * day), std::vector{operation_judgement::not_measured});
}

TEST_F(DutyDays, TheAutomaticCheckCountsOnlyWhereThePolicyTakesIt) {
  begin("{}");
  commit(*books, day + 1, {policy_version{at(day + 1), "Asia/Shanghai", R"({"duty":{"automatic":true}})", "test"}});
  commit(*books, 2 * day);
  on_duty("2026-03-14", "automatic", "automatic");
  on_duty("2026-03-15", "automatic", "automatic");
  EXPECT_EQ(verdicts(0, 2 * day, 2 * day), (std::vector{operation_judgement::no_record, operation_judgement::counts}));
}

TEST_F(DutyDays, TheDailyCheckIsDueOnceAndOnlyAfterItsDay) {
  begin(R"({"duty":{"automatic":true}})");
  commit(*books, day);
  EXPECT_TRUE(daily_checks_due(*reading(f), at(day)).empty()) << "ten minutes are left to settle";
  commit(*books, day + 600);
  const auto due = daily_checks_due(*reading(f), at(day + 600));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].day, "2026-03-14");
  EXPECT_EQ(due[0].text, "覆盖率 / coverage 100.000 %");
  commit(*books, day + 600, {due[0]});
  EXPECT_TRUE(daily_checks_due(*reading(f), at(day + 700)).empty());
  commit(*books, 3 * day + 601);
  EXPECT_EQ(daily_checks_due(*reading(f), at(3 * day + 601)).size(), 2u) << "days missed while it was stopped";
}

TEST_F(DutyDays, WithoutThePolicyNoDailyCheckIsDue) {
  begin("{}");
  commit(*books, 3 * day);
  EXPECT_TRUE(daily_checks_due(*reading(f), at(3 * day)).empty());
}

TEST(DutyRules, AreReadFromThePolicyWithinTheirBounds) {
  EXPECT_EQ(operation_rules_in(R"({"duty":{"coverage_ppm":985000}})").coverage_ppm, 985'000);
  for (const char* text : {"", "{", "[]", "{}", R"({"duty":[]})", R"({"duty":{"coverage_ppm":0}})",
                           R"({"duty":{"coverage_ppm":1000001}})", R"({"duty":{"coverage_ppm":"1"}})"})
    EXPECT_EQ(operation_rules_in(text).coverage_ppm, 990'000) << text;
}

}  // namespace
}  // namespace changtong::books
