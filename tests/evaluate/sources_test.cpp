// Values that people bring: money, days, documents, counters, surveys - and the evaluation that they add up to.
#include <gmock/gmock.h>

#include "daemon/evaluate/wording.h"
#include "daemon/plans/files.h"
#include "tests/evaluate/year.h"

namespace changtong::evaluate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();

evaluation run(const std::string& text, const papers& files = {}, const std::string& as_of = {}) {
  const plans::plan p = plan_of(text);
  const auto when = occasion_of(p, nullptr, wall_t{}, as_of);
  if (!when) throw std::runtime_error(when.error().text);
  const evidence e{.books = nullptr, .ledger = {}, .files = {{"x", files}}, .before = {}, .software = {}};
  return evaluate(p, e, *when).value();
}
indicator_result one(const std::string& target, const std::string& source, const papers& files = {},
                     const std::string& as_of = {}) {
  return run(plan_text(target, source), files, as_of).indicators.at(0);
}
papers with_counter(const std::string& csv) {
  papers p;
  p.counter = read_counter_csv(csv, "c.csv", shanghai).value();
  return p;
}
papers with_answers(const std::string& csv) {
  papers p;
  p.answers = read_survey_csv(csv, "s.csv").value();
  return p;
}

TEST(Amount, IsAValueOrAShareOfAnother) {
  EXPECT_EQ(one("≤900万元", "{ kind: amount, value: 891.5 }").actual_text, "891.5万元");
  const auto share = one("≥100%", "{ kind: amount, value: 921.46, of: 921.47, name: 到位, of_name: 预算 }");
  EXPECT_EQ(share.actual_text, "99.999%") << "one place more, so that it cannot look like the target";
  EXPECT_TRUE(share.reason_needed);
  EXPECT_EQ(share.evidence.formula, "到位÷预算×100%");
  EXPECT_EQ(one("≤90%", "{ kind: amount, value: 90.004, of: 100 }").actual_text, "90.004%") << "nor on the other side";
}

TEST(Amount, WithoutItsDocumentLacksEvidence) {
  papers p;
  p.missing = {"文件 凭证.pdf：没有这个文件"};
  const auto i = one("≥100%", "{ kind: amount, value: 1, of: 1, files: [凭证.pdf] }", p);
  EXPECT_EQ(i.how, standing::insufficient);
  EXPECT_FALSE(i.score);
  EXPECT_THAT(i.evidence.missing, ElementsAre("文件 凭证.pdf：没有这个文件"));
}

TEST(Dates, OneLateTaskMissesADayAndLowersAShare) {
  const std::string tasks =
      "tasks: [ { name: 甲, done: 2026-12-31 }, { name: 乙, done: 2026-12-31, due: 2026-12-30 } ]";
  const auto day = one("≤2026-12-31", "{ kind: date, " + tasks + " }");
  EXPECT_EQ(day.actual_text, "逾期 1 天");
  EXPECT_EQ(day.score->text, "0.00");
  EXPECT_EQ(one("≥100%", "{ kind: date, " + tasks + " }").actual_text, "50.00%");
  const auto good = one("≤2026-12-31", "{ kind: date, tasks: [ { name: 甲, done: 2026-12-31 } ] }");
  EXPECT_EQ(good.actual_text, "2026-12-31");
  EXPECT_EQ(good.score->text, "90.00");
}

TEST(Dates, AnOpenTaskIsLateAtTheYearsEndAndNotYetDueInJune) {
  const std::string open = "{ kind: date, tasks: [ { name: 甲 }, { name: 乙, done: 2026-03-01 } ] }";
  EXPECT_EQ(one("≥100%", open).actual_text, "50.00%");
  EXPECT_EQ(one("≤2026-12-31", open).score->text, "0.00") << "not done on its last day";
  const auto june = one("≥100%", open, {}, "2026-06-30");
  EXPECT_EQ(june.how, standing::undecided);
  EXPECT_EQ(june.actual_text, "1 项尚未到期");
}

TEST(Dates, ATaskThatIsDueAfterTheYearIsNotOverdue) {
  const std::string tasks = "tasks: [ { name: 甲, done: 2026-03-01, due: 2026-06-30 }, { name: 乙, due: 2027-03-31 } ]";
  const auto share = one("≥100%", "{ kind: date, " + tasks + " }");
  EXPECT_EQ(share.actual_text, "100.00%");
  EXPECT_EQ(share.evidence.denominator, "1 项");
  EXPECT_THAT(share.evidence.facts, testing::Contains(HasSubstr("乙：应于 2027-03-31 前完成，不在本年度内")));
  EXPECT_EQ(one("≤2026-12-31", "{ kind: date, " + tasks + " }").score->text, "90.00");
  EXPECT_EQ(one("≥100%", "{ kind: date, tasks: [ { name: 乙, due: 2027-03-31 } ] }").how, standing::undecided);
  EXPECT_EQ(one("≥100%", "{ kind: date, " + tasks + " }", {}, "2026-06-30").actual_text, "100.00%")
      << "in June it is not waited for either";
}

TEST(Documents, NeedAPersonsVerdict) {
  EXPECT_EQ(one("达成", "{ kind: document, files: [a.pdf] }").how, standing::undecided);
  const auto i = one(
      "达成", "{ kind: document, files: [a.pdf], verdict: { by: 张三, on: 2026-12-30, tier: partly, points: 60 } }");
  EXPECT_EQ(i.actual_text, "部分达成预期指标并具有一定效果");
  EXPECT_EQ(i.score->text, "60.00");
  EXPECT_EQ(i.colour, light::yellow);
  EXPECT_TRUE(i.reason_needed);
  EXPECT_THAT(i.method, HasSubstr("由张三于 2026-12-30 评定为 60"));
  EXPECT_FALSE(i.actual);
}

TEST(Documents, AVerdictMaySayWhatWasReached) {
  const auto i =
      one("达成",
          "{ kind: document, files: [a.pdf], verdict: { by: 张三, on: 2026-12-30, tier: reached, points: 90, "
          "text: 三项制度已修订 } }");
  EXPECT_EQ(i.actual_text, "三项制度已修订");
  EXPECT_EQ(i.colour, light::green);
}

TEST(Documents, MayProveANumber) {
  const auto i = one("≥9个", "{ kind: document, files: [a.pdf], value: 8, by: 张三, on: 2026-12-30 }");
  EXPECT_EQ(i.score->text, "80.00");
  EXPECT_THAT(i.evidence.facts, ElementsAre("张三 于 2026-12-30 核定：8个"));
}

const std::string growth = "{ kind: counter, file: c.csv, count: growth }";

TEST(Counter, GrowthNeedsBothEnds) {
  const auto i =
      one("≥10万人次", growth, with_counter("at,value\n2025-12-31,412000\n2026-06-30,1\n2026-12-31,530500\n"));
  EXPECT_EQ(i.actual_text, "11.85万人次");
  EXPECT_THAT(i.remarks, Contains("计数在 2026-06-30 下降：核对是否清零或换号"));
  const auto late = one("≥10万人次", growth, with_counter("at,value\n2026-01-05,412000\n2026-12-31,530500\n"));
  EXPECT_EQ(late.how, standing::insufficient);
  EXPECT_THAT(late.evidence.missing, ElementsAre(HasSubstr("没有期初（2026-01-01 00:00:00 前后 3 天之内）的数值")));
  EXPECT_EQ(one("≥10万人次", "{ kind: counter, file: c.csv, count: growth, tolerance_days: 5 }",
                with_counter("at,value\n2026-01-05,412000\n2026-12-31,530500\n"))
                .how,
            standing::scored);
  EXPECT_EQ(one("≥10人次", "{ kind: counter, file: c.csv, count: growth, tolerance_days: 366 }",
                with_counter("at,value\n2026-07-05,412000\n"))
                .how,
            standing::insufficient)
      << "one value does not grow";
}

TEST(Counter, ASumTakesWhatCoversThePeriod) {
  const papers p = with_counter("at,value\n2025-12-31,7\n2026-01-31,10\n2026-12-31,20\n2027-01-31,9\n");
  EXPECT_EQ(one("≥1次", "{ kind: counter, file: c.csv, count: sum }", p).actual_text, "30次");
  EXPECT_EQ(one("≥1次", "{ kind: counter, file: c.csv, count: last }", p).actual_text, "20次");
}

TEST(Counter, IsExtrapolatedLinearlyInJune) {
  const auto i = one("≥365次", "{ kind: counter, file: c.csv, count: sum }", with_counter("at,value\n2026-06-30,181\n"),
                     "2026-06-30");
  EXPECT_EQ(i.actual_text, "181次");
  EXPECT_EQ(i.score->text, "44.63");
  EXPECT_EQ(i.forecast_score->text, "90.00");
  EXPECT_EQ(i.forecast_text, "预计 365次（按已过 181 天线性外推至全年 365 天）");
  EXPECT_EQ(i.colour, light::green);
  EXPECT_FALSE(i.reason_needed) << "it is on its way";
}

TEST(Counter, ALastValueIsWhatItIsAndGrowsNoFurther) {
  const auto i = one("≥365个", "{ kind: counter, file: c.csv, count: last }",
                     with_counter("at,value\n2026-06-30,181\n"), "2026-06-30");
  EXPECT_EQ(i.actual_text, "181个");
  EXPECT_EQ(i.forecast_score->text, "44.63");
  EXPECT_EQ(i.forecast_text.find("外推"), std::string::npos) << i.forecast_text;
}

TEST(Counter, AValueExactlyAsOldAsIsToleratedCounts) {
  const auto how = [](const std::string& first) {
    return one("≥1人次", growth, with_counter("at,value\n" + first + ",100\n2026-12-31,200\n")).how;
  };
  // A day speaks for its end; three days are tolerated on either side of 2026-01-01 00:00.
  EXPECT_EQ(how("2025-12-28"), standing::scored);
  EXPECT_EQ(how("2025-12-27"), standing::insufficient);
  EXPECT_EQ(how("2026-01-03"), standing::scored);
  EXPECT_EQ(how("2026-01-04"), standing::insufficient);
}

papers with_accepted(const std::string& csv) {
  papers p;
  const auto rows = read_acceptance_csv(csv, "验收.csv");
  EXPECT_TRUE(rows);
  if (rows) p.accepted = *rows;
  return p;
}

TEST(Acceptance, CountsTheRowsOfThePeriodWithAnOutcomeThatCounts) {
  const papers p = with_accepted(
      "编号,项目,验收日期,结论\n1,光缆,2026-03-01,合格\n2,设备,2026/5/1,合格\n3,机房,2026-11-01,不合格\n"
      "4,防雷,,\n5,旧项目,2025-12-31,合格\n");
  const std::string rows = "{ kind: counter, file: 验收.csv, count: rows, results: [合格] }";
  const auto n = one("≥2项", rows, p);
  EXPECT_EQ(n.actual_text, "2项");
  EXPECT_THAT(n.evidence.facts, Contains("机房：2026-11-01 验收，不合格，不计入"));
  EXPECT_THAT(n.evidence.facts, Contains("防雷：尚未验收，不计入"));
  EXPECT_THAT(n.remarks, Contains("1 行的验收日期不在期内，未计入"));
  EXPECT_EQ(one("≥100%", rows, p).actual_text, "50.00%") << "two of four: what is not accepted yet is due";
  EXPECT_EQ(one("≥3项", "{ kind: counter, file: 验收.csv, count: rows }", p).actual_text, "3项");
  EXPECT_EQ(one("≥1项", rows, with_accepted("项目,验收日期\n旧项目,2025-12-31\n")).how, standing::insufficient);
}

TEST(Counter, OfLogsPrintsItsRule) {
  papers p;
  p.accesses = plans::access_counts{.views = 120'000, .visits = 30'000, .lines = 500'000, .unreadable = 3};
  const auto i = one("≥10万次", "{ kind: counter, logs: [a.log], count: views }", p);
  EXPECT_EQ(i.actual_text, "12万次");
  EXPECT_THAT(i.evidence.facts, Contains(HasSubstr("GET 且状态码 200 或 304")));
  EXPECT_THAT(i.remarks, Contains("日志有 3 行无法解读，未计入"));
  EXPECT_EQ(one("≥3万次", "{ kind: counter, logs: [a.log], count: visits }", p).score->text, "90.00");
}

const char* const answers =
    "date,channel,question,answer\n2026-11-02,电话,总体,满意\n2026-11-03,问卷,总体,很满意\n2026-11-04,问卷,总体,一般\n"
    "2026-11-04,问卷,速度,不满意\n2025-11-04,问卷,总体,不满意\n";

TEST(Survey, GivesItsShareSampleDatesAndQuestions) {
  const auto i =
      one("≥60%", "{ kind: survey, file: s.csv, question: 总体, satisfied: [满意, 很满意] }", with_answers(answers));
  EXPECT_EQ(i.actual_text, "66.67%");
  EXPECT_EQ(i.actual->value, exact(200, 3));
  EXPECT_EQ(i.evidence.numerator, "满意 2 份");
  EXPECT_EQ(i.evidence.denominator, "有效答卷 3 份") << "not last year's, not another question's";
  EXPECT_THAT(i.evidence.facts, Contains("调查日期 2026-11-02 至 2026-11-04"));
  EXPECT_THAT(i.evidence.facts, Contains("方式：电话 1 份，问卷 2 份"));
}

TEST(Survey, WithTooFewAnswersLacksEvidence) {
  const auto i =
      one("≥60%", "{ kind: survey, file: s.csv, satisfied: [满意], least_answers: 30 }", with_answers(answers));
  EXPECT_EQ(i.how, standing::insufficient);
  EXPECT_THAT(i.evidence.missing, ElementsAre("期内有效答卷 4 份，少于要求的 30 份"));
  EXPECT_EQ(one("≥60%", "{ kind: survey, file: s.csv, satisfied: [满意] }", papers{}).how, standing::insufficient);
  EXPECT_EQ(
      one("≥60%", "{ kind: survey, file: s.csv, satisfied: [满意], least_answers: 4 }", with_answers(answers)).how,
      standing::scored)
      << "exactly as many as are asked for";
}

TEST(Survey, ScoresCountFromALimitOn) {
  const auto i = one("≥50%", "{ kind: survey, file: s.csv, satisfied_from: 4 }",
                     with_answers("date,answer\n2026-05-01,4\n2026-05-01,3.9\n2026-05-01,好\n"));
  EXPECT_EQ(i.actual_text, "50.00%");
  EXPECT_THAT(i.remarks, Contains("1 份回答不是分数，未计入"));
}

// -- what they add up to

std::string two(const std::string& first, const std::string& more = {}, const std::string& executed = "100",
                const std::string& reason = {}) {
  return "year: 2026\nproject: 网\n" + more +
         "execution: { weight: 10, rows: [ { name: 总额, initial: 120, full_year: 100, executed: " + executed + " } ]" +
         reason +
         " }\nlevels:\n"
         "  - { name: 产出, weight: 50, groups: [ { name: 数量, indicators: [ { id: a, name: 甲, target: ≥10个, "
         "weight: 50, " +
         first +
         " } ] } ] }\n"
         "  - { name: 效益, weight: 40, groups: [ { name: 效益, indicators: [ { id: b, name: 乙, target: ≥10个, "
         "weight: 40, "
         "source: { kind: stated, value: 10, origin: 报告"
         ", accepted: { by: 张三, on: 2027-01-05, why: 引用 } } } ] } ] }\n";
}
std::string value(const char* n, const char* accepted = ", accepted: { by: 张三, on: 2027-01-05, why: 引用 }") {
  return std::string("source: { kind: stated, origin: 报告, value: ") + n + accepted + " }";
}

TEST(Total, IsTheExactSumOfTheRoundedPartsAndHasAGrade) {
  const auto e = run(two(value("9.999")));
  EXPECT_EQ(e.indicators[0].score->text, "50.00");
  EXPECT_EQ(e.total->text, "100.00");
  EXPECT_EQ(e.grade, "优");
  ASSERT_EQ(e.levels.size(), 2U);
  EXPECT_EQ(e.levels[1].score->text, "40.00");
  EXPECT_EQ(run(two(value("5"))).grade, "中");
  EXPECT_EQ(run(two(value("5"))).total->text, "75.00");
}

TEST(Total, IsAbsentWhileAnIndicatorHasNoPoints) {
  const auto e = run(two("source: { kind: document, files: [a.pdf] }"));
  EXPECT_FALSE(e.total);
  EXPECT_TRUE(e.grade.empty());
  EXPECT_EQ(e.total_so_far.text, "50.00");
  EXPECT_FALSE(e.levels[0].score);
  EXPECT_TRUE(e.levels[1].score);
  EXPECT_THAT(e.blocking, ElementsAre(HasSubstr("甲（a）：尚无人评定")));
}

TEST(Reasons, AreRequiredWhereTheTargetIsMissedAndNotElsewhere) {  // E-26
  EXPECT_THAT(run(two(value("9"))).blocking,
              ElementsAre("甲（a）：须填写偏差原因分析及改进措施（方案中该指标的 reason）"));
  EXPECT_THAT(run(two("reason: 招标推迟, " + value("9"))).blocking, IsEmpty());
  EXPECT_THAT(run(two(value("10"))).blocking, IsEmpty());
  EXPECT_THAT(run(two(value("9.9999"))).blocking, ElementsAre(HasSubstr("偏差原因")))
      << "full points, missed all the same";
}

TEST(Reasons, AFigureThatIsOnlyStatedBlocksUntilSomebodyTakesItAsItIs) {
  EXPECT_THAT(run(two(value("10", ""))).blocking, ElementsAre(HasSubstr("只是申报数")));
  const auto e = run(two(value("10")));
  EXPECT_THAT(e.blocking, IsEmpty());
  EXPECT_THAT(e.indicators[0].remarks, testing::Contains(HasSubstr("由张三于 2027-01-05 认可：引用")));
}

TEST(Reasons, PeoplesPointsStandInPlaceOfTheRules) {
  const auto e = run(two("given: { points: 3, by: 李四, on: 2027-01-05, why: 资料不全 }, " + value("10")));
  EXPECT_EQ(e.indicators[0].score->text, "3.00");
  EXPECT_THAT(e.indicators[0].method, HasSubstr("李四"));
  EXPECT_EQ(e.indicators[0].given, "由李四评定：资料不全");
  EXPECT_THAT(run(two("given: { points: 4.9, by: 李四, on: 2027-01-05, why: 从优 }, " + value("0"))).blocking,
              ElementsAre(HasSubstr("高于按规则所得")));
}

TEST(Reasons, GuangxiAsksForOneAlsoFarAboveTheTarget) {  // E-27
  EXPECT_THAT(run(two(value("13"))).blocking, IsEmpty());
  EXPECT_THAT(run(two(value("13"), "reasons: { overshoot: 1.3 }\n")).blocking, ElementsAre(HasSubstr("偏差原因")));
  EXPECT_THAT(run(two(value("12.999"), "reasons: { overshoot: 1.3 }\n")).blocking, IsEmpty());
}

TEST(Reasons, SichuanAsksForALongOneBelowNinetyPercent) {  // E-28
  const std::string rule = "reasons: { execution_below: 90%, least_characters: 5 }\n";
  EXPECT_THAT(run(two(value("10"), rule, "90")).blocking, IsEmpty());
  EXPECT_THAT(run(two(value("10"), rule, "89.99")).blocking, ElementsAre(HasSubstr("预算执行率 89.99% 低于 90%")));
  EXPECT_THAT(run(two(value("10"), rule, "80", ", reason: 开通晚了")).blocking, ElementsAre(HasSubstr("不少于 5 字")));
  EXPECT_THAT(run(two(value("10"), rule, "80", ", reason: 开通晚了些")).blocking, IsEmpty());
}

TEST(Reasons, AreNotAskedForInJuneWhereTheYearsEndClearsThem) {
  const std::string rule = "reasons: { execution_below: 90% }\n";
  const plans::plan p = plan_of(two(value("10"), rule, "60"));
  const auto at = [&](const char* day) { return money_row(p, occasion_of(p, nullptr, wall_t{}, day).value()).value(); };
  EXPECT_FALSE(at("2026-06-30").reason_needed) << at("2026-06-30").forecast_text;
  EXPECT_TRUE(at("2026-11-30").reason_needed);
}

TEST(Reasons, AChangedBudgetIsExplainedWhereThePlanSaysSo) {
  EXPECT_THAT(run(two(value("10"), "reasons: { budget_change: yes }\n")).blocking,
              ElementsAre(HasSubstr("年初预算与最终预算不同")));
}

TEST(Chapters, HaveTheirNumbersPutIn) {
  const std::string chapter =
      "report: [ { title: 三, level: 2, paragraphs: [ \"{project} 得 {total} 分（{grade}），执行率 "
      "{execution.rate}，{a.actual} 对 {a.target}，{b.score} 分 {\" ] } ]\n";
  EXPECT_EQ(run(two(value("10")) + chapter).chapters.at(0).paragraphs.at(0),
            "网 得 100.00 分（优），执行率 100.00%，10个 对 ≥10个，40.00 分 {");
  EXPECT_THAT(run(two("source: { kind: document, files: [a.pdf] }") + chapter).chapters.at(0).paragraphs.at(0),
              HasSubstr("得 — 分（—）"));
}

TEST(Occasion, TakesADayOfThePlansYear) {
  const plans::plan p = plan_of(plan_text("≥1个", "{ kind: stated, value: 1, origin: 报告 }"));
  for (const char* bad : {"2025-06-30", "2027-01-01", "2026-06", "June", "2026-02-30"})
    EXPECT_FALSE(occasion_of(p, nullptr, wall_t{}, bad)) << bad;
  const auto o = occasion_of(p, nullptr, wall_t{}, "2026-06-30").value();
  EXPECT_EQ(o.text(), "2026-01-01 至 2026-06-30（Asia/Shanghai）");
  EXPECT_EQ(o.days_in(o.so_far), 181);
  EXPECT_FALSE(o.whole);
}

TEST(Stated, FiguresAreNamedAsSuch) {
  const auto e = run(two(value("10")));
  EXPECT_EQ(e.indicators[0].source_text, "申报数，未附证据：报告");
  EXPECT_THAT(e.warnings, ElementsAre("2 个指标为申报数，未附证据"));
}

TEST(Percentages, HaveThePlacesThatThePlanNames) {
  const struct {
    const char *value, *target;
    int places;
    const char* text;
  } all[] = {{"92", "90", 2, "92.00"}, {"250/3", "80", 2, "83.33"},  {"250/3", "80", 1, "83.3"},
             {"250/3", "80", 0, "83"}, {"92.456", "90", 2, "92.46"}, {"100", "100", 2, "100.00"},
             {"100", "100", 0, "100"}, {"0", "5", 2, "0.00"},        {"103.5", "100", 1, "103.5"}};
  for (const auto& x : all) {
    const std::string_view value = x.value;
    const auto slash = value.find('/');
    const exact number = slash == value.npos
                             ? *parse_exact(value)
                             : exact{*parse_exact(value.substr(0, slash)) / *parse_exact(value.substr(slash + 1))};
    EXPECT_EQ(percentage_text(number, *parse_exact(x.target), x.places), x.text);
  }
}

TEST(Percentages, NeverLookLikeATargetOrAWholeThatWasMissed) {
  const auto text = [](const char* value, const char* target, int places) {
    return percentage_text(*parse_exact(value), *parse_exact(target), places);
  };
  EXPECT_EQ(text("99.996", "100", 2), "99.996");
  EXPECT_EQ(text("99.95", "90", 0), "99.95") << "no whole 100 where there was none";
  EXPECT_EQ(text("89.998", "90", 2), "89.998");
  EXPECT_EQ(text("5.001", "5", 2), "5.001");
  EXPECT_EQ(text("89.996", "90", 1), "89.996");
}

TEST(Percentages, OfAmountsAndOfStatedFiguresAreSpeltAlike) {
  const auto e = [&](const std::string& source, const std::string& more) {
    std::string text = two(source, more);
    text.replace(text.find("≥10个"), std::string("≥10个").size(), "≥80%");
    return run(text).indicators[0].actual_text;
  };
  const std::string third = "source: { kind: amount, value: 2.5, of: 3 }";
  EXPECT_EQ(e(third, ""), "83.33%");
  EXPECT_EQ(e(third, "percent_places: 0\n"), "83%");
  EXPECT_EQ(e(value("92"), ""), "92.00%");
  EXPECT_EQ(e(value("92"), "percent_places: 1\n"), "92.0%");
}

TEST(Stated, ABoundProvesATargetBelowItAndIsPrintedAsWritten) {
  const auto e = run(two(value("超过10个")));
  EXPECT_EQ(e.indicators[0].actual_text, "超过10个");
  EXPECT_FALSE(e.indicators[0].actual) << "how many it was nobody said";
  ASSERT_TRUE(e.indicators[0].score);
  EXPECT_EQ(e.indicators[0].score->text, "50.00");
  EXPECT_THAT(e.blocking, IsEmpty());
}

TEST(Stated, ABoundThatSettlesNothingIsNoEvidence) {
  const auto above = run(two(value("超过9个")));
  EXPECT_EQ(above.indicators[0].how, standing::insufficient);
  EXPECT_EQ(above.indicators[0].actual_text, "超过9个");
  EXPECT_FALSE(above.indicators[0].score);
  EXPECT_THAT(above.blocking, ElementsAre(HasSubstr("不足以说明达到 ≥10个")));
  EXPECT_THAT(run(two(value("不足10个"))).blocking, ElementsAre(HasSubstr("未达到 ≥10个，差多少没有写明")));
}

TEST(Text, NeverLooksLikeATargetThatWasMissed) {
  EXPECT_EQ(number_text(exact(2, 3), exact{1}), "0.66666");
  EXPECT_EQ(number_text(exact{4} + exact(1, 100'000'000), exact{4}), "4.00000001");
  EXPECT_EQ(number_text(parse_exact("99.123456").value(), exact{1}), "99.123456");
}

}  // namespace
}  // namespace changtong::evaluate
