// What a report says of contracts: each judges its own time of its own lines, and every table says the same.
#include <gmock/gmock.h>

#include <algorithm>

#include "daemon/books/formulas.h"
#include "tests/scenarios/report_room.h"

namespace changtong {
namespace {

using namespace report_room;
using testing::ElementsAre;
using testing::HasSubstr;

/** March 2026 and two months before it: V1 of 电信 and V2 of 移动, watched all the time, cut as the story says. */
struct Contracts : testing::Test {
  folder f;
  double january = march - 59 * day_s;

  static std::string terms(const std::string& list) {
    return R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"}],"contracts":[)" + list + "]}";
  }
  /** `valid`: ,"valid_from":…,"valid_to":… or nothing. */
  static std::string one(const std::string& id, const std::string& carrier, const std::string& target,
                         const std::string& more = {}) {
    return fmt::format(R"({{"id":"{}","carrier":"{}","availability_target":{},"windows":"removed","source":"合同"{}}})",
                       id, carrier, target, more);
  }
  static std::string valid(std::optional<double> from, std::optional<double> to) {
    std::string out;
    if (from) out += fmt::format(R"(,"valid_from":{})", ms_of(at(*from)));
    if (to) out += fmt::format(R"(,"valid_to":{})", ms_of(at(*to)));
    return out;
  }
  static inventory_version village(const std::string& id, const std::string& carrier, double from, double made) {
    inventory_version v = of_carrier(id, carrier);
    v.json.replace(v.json.find("\"accepted\":") + 11, 13, std::to_string(ms_of(at(from))));
    v.at = at(made);
    return v;
  }
  void write(const std::string& contracts, std::vector<record> more) const {
    const auto w = opened(f);
    commit(
        *w, january,
        {policy_version{at(january), "Asia/Shanghai", terms(contracts), "x"}, village("V1", "电信", january, january),
         village("V2", "移动", january, january), up("V1", january), up("V2", january)});
    commit(*w, april + day_s, std::move(more));
  }
  [[nodiscard]] report::availability_report values(std::string_view period = "2026-03") const {
    const auto v = gather_report(
        *reading(f), {.when = period_of(period), .now = at(april + day_s), .as_known_at = {}, .fingerprint = {}});
    if (!v) throw std::runtime_error(v.error().text);
    return *v;
  }
  static const report::target_row& line_of(const report::availability_report& v, const std::string& id) {
    return *std::ranges::find(v.targets, id, &report::target_row::id);
  }
  /** `carrier contract line period verdict` of every row of every carrier's sheet. */
  static std::string verdicts(const report::availability_report& v) {
    std::string out;
    for (const auto& part : v.carrier_parts)
      for (const auto& row : part.periods)
        out += fmt::format("{} {} {} {} {}\n", part.carrier, row.terms.id, row.line, row.period_name,
                           row.result.target == availability::judgement::met ? "met" : "missed");
    return out;
  }
  /** R4, the line table and the sheets say the same of each line. */
  static void agree(const report::availability_report& v) {
    std::int64_t judged = 0, met = 0;
    for (const auto& t : v.targets) {
      std::int64_t rows = 0, rows_met = 0;
      for (const auto& part : v.carrier_parts)
        for (const auto& row : part.periods) {
          if (row.line != t.id) continue;
          rows += row.result.target <= availability::judgement::no_value ? 0 : 1;
          rows_met += row.result.target == availability::judgement::met ? 1 : 0;
        }
      EXPECT_EQ(rows, t.judged) << t.id;
      EXPECT_EQ(rows_met, t.met) << t.id;
      judged += t.judged > 0 ? 1 : 0;
      met += t.judged > 0 && t.met == t.judged ? 1 : 0;
    }
    EXPECT_EQ(v.all.r4.counted, judged);
    EXPECT_EQ(v.all.r4.reached, met);
  }
};
TEST_F(Contracts, ThatBeginInsideTheMonthJudgeTheirPartAndTheReportSaysSo) {
  const double third = march + 2 * day_s;
  write(one("dx", "电信", "[999,1000]", valid(third, april - day_s)),
        {down("V1", third - 50'000, third - 50'010), up_again("V1", third - 39'200, third - 39'201)});
  const auto v = values();
  agree(v);
  EXPECT_EQ(v.all.r4.reached, 1);
  EXPECT_EQ(verdicts(v), "电信 dx V1 2026-03 met\n");
  const std::string text = shown(report::layout(v));
  EXPECT_THAT(text, HasSubstr("达标；仅合同期内"));
  EXPECT_THAT(text, HasSubstr("合同只覆盖部分期间，只判：2026-03-03 至 2026-03-30"));
  EXPECT_THAT(text, HasSubstr("其中 1 条的合同只覆盖部分期间"));
  const auto r4 = books::books_by(*reading(f), period_of("2026-03").when, at(april + day_s), books::grouping::carrier,
                                  availability::formula::r4, availability::default_step,
                                  books::read_policies(reading(f)->policies()).value());
  ASSERT_EQ(r4.size(), 2U);
  EXPECT_EQ(r4[0].value.reached, 1) << "and so does changtong availability --formula R4";
  EXPECT_EQ(r4[0].in_part, 1);
}

TEST_F(Contracts, OneAfterAnotherAreJudgedEachForItsOwnTime) {
  const double half = march + 15 * day_s;
  write(one("old", "电信", "[999,1000]", valid({}, half)) + "," + one("new", "电信", "[99,100]", valid(half, {})),
        {down("V1", half - 7200, half - 7201), up_again("V1", half + 7200, half + 7199)});
  const auto v = values();
  agree(v);
  EXPECT_EQ(verdicts(v), "电信 new V1 2026-03 met\n电信 old V1 2026-03 missed\n");
  EXPECT_EQ(v.all.r4.reached, 0);
  EXPECT_FALSE(line_of(v, "V1").in_part) << "together they cover the month";
  EXPECT_THAT(shown(report::layout(v)), HasSubstr("99.9；99|未达标（1/2 个周期达标）"));
}

TEST_F(Contracts, ALineThatMovesBetweenCarriersIsJudgedByEachForItsTime) {
  const double half = march + 15 * day_s;
  write(one("dx", "电信", "[999,1000]") + "," + one("yd", "移动", R"([999,1000],"period":"year")"),
        {village("V1", "移动", january, half), down("V1", half - 7200, half - 7201), up_again("V1", half, half - 1)});
  const auto v = values();
  agree(v);
  EXPECT_EQ(verdicts(v), "电信 dx V1 2026-03 missed\n移动 yd V1 2026 met\n移动 yd V2 2026 met\n");
  for (const auto& part : v.carrier_parts)
    for (const auto& row : part.periods)
      if (row.terms.id == "yd" && row.line == "V1") {
        EXPECT_EQ(row.result.when.from, at(half)) << "the year's contract has no say in what was before the move";
        EXPECT_EQ(row.result.budget, milliseconds{(16 + 275) * 86'400}) << "0.1 % of the rest of the year";
      }
}

TEST_F(Contracts, ALineWhoseGradeChangesUnderOneContractIsOneRowAndOneCredit) {
  inventory_version better = village("V1", "电信", january, march + 10 * day_s);
  better.json.insert(better.json.size() - 1, R"(,"grade":"金")");
  write(one("dx", "电信", "[999,1000]",
            R"(,"monthly_fee_fen":28000,"credit_bands":[{"below":[999,1000],"of_fee":[10,100]}])"),
        {
            better,
            down("V1", march + 5 * day_s, march + 5 * day_s - 1),
            up_again("V1", march + 5 * day_s + 36'000, march + 5 * day_s + 35'999),
        });
  const auto v = values();
  agree(v);
  ASSERT_EQ(v.carrier_parts.at(0).periods.size(), 1U);
  EXPECT_EQ(v.carrier_parts.at(0).credit, 2800);
}

TEST_F(Contracts, OfAQuarterALineReachesItsTargetIfEachOfItsMonthsDid) {
  write(one("dx", "电信", "[999,1000]"),
        {down("V1", march + day_s, march + day_s - 1), up_again("V1", march + day_s + 5400, march + day_s + 5399)});
  const auto v = values("2026-Q1");
  agree(v);
  EXPECT_EQ(line_of(v, "V1").judged, 3);
  EXPECT_EQ(line_of(v, "V1").met, 2) << "an hour and a half of a month is too much, of a quarter it would not be";
  EXPECT_EQ(v.all.r4.reached, 0);
}

}  // namespace
}  // namespace changtong
