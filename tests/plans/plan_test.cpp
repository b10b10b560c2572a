// Plans that load, and what they come to; the mistakes are in tests/invalid/plans.
#include "daemon/plans/plan.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "daemon/host/plain_file.h"
#include "daemon/plans/files.h"
#include "daemon/plans/papers.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

std::string all_of(const std::vector<problem>& list) {
  std::string all;
  for (const problem& p : list) all += to_string(p) + "\n";
  return all;
}

plans::plan loaded_plan(const std::string& text, const std::string& file = "plans/p.yaml") {
  const auto r = read_plan(text, file);
  if (!r) throw std::runtime_error(all_of(r.error().list));
  return *r;
}

plans::plan from_config(const std::string& name) {
  const fs::path path = fs::path(CHANGTONG_SOURCE_DIR) / "config/plans" / name;
  const auto text = host::read_document(path.string());
  if (!text) throw std::runtime_error(to_string(text.error()));
  return loaded_plan(*text, path.string());
}

std::string with(const std::string& indicators, const std::string& head = {}) {
  return "year: 2026\nproject: 网\n" + head +
         "execution: { weight: 10, rows: [ { name: 总额, full_year: 100, executed: 99 } ] }\n"
         "levels: [ { name: 产出, weight: 90, groups: [ { name: 数量, indicators: [ " +
         indicators + " ] } ] } ]\n";
}
std::string stated(const std::string& id, const std::string& target, const std::string& weight,
                   const std::string& what = "value: 1") {
  return "{ id: " + id + ", name: 甲, target: \"" + target + "\", weight: " + weight +
         ", source: { kind: stated, origin: 报告, " + what + " } }";
}

TEST(Plan, EveryExampleLoads) {
  for (const auto& f : fs::directory_iterator(fs::path(CHANGTONG_SOURCE_DIR) / "config/plans"))
    if (f.path().extension() == ".yaml") EXPECT_NO_THROW(from_config(f.path().filename().string())) << f.path();
}

TEST(StatedValue, MayBeABoundInTheUnitOfItsTarget) {
  using plans::sign;
  const struct {
    std::string target, value;
    sign how;
    const char* number;
  } all[] = {{"≥10万次", "超过10万次", sign::above, "10"},
             {"≥10万次", "超过10万", sign::above, "10"},
             {"≥10万次", "大于120000次", sign::above, "12"},
             {"≥10万次", "不足10万次", sign::below, "10"},
             {"≥10万次", "超过 10", sign::above, "10"},
             {"≥100000次", "超过10万次", sign::above, "100000"},
             {"≥95%", "大于９５％", sign::above, "95"},
             {"≥95%", "95%以上", sign::at_least, "95"},
             {"≤5%", "不到5%", sign::below, "5"},
             {"≤5%", "≤4.5%", sign::at_most, "4.5"},
             {"95%-100%", "不低于97%", sign::at_least, "97"}};
  for (const auto& x : all) {
    const auto v = plans::read_stated(x.value, *plans::read_target(x.target, 2026));
    ASSERT_TRUE(v) << x.target << " " << x.value;
    EXPECT_EQ(v->how, x.how) << x.value;
    EXPECT_EQ(shortest(v->number), x.number) << x.value;
    EXPECT_EQ(v->text, x.value);
  }
  const auto number = plans::read_stated(" 9.5 ", *plans::read_target("≥10个", 2026));
  ASSERT_TRUE(number);
  EXPECT_EQ(number->how, sign::equal);
  EXPECT_EQ(number->text, "");
}

TEST(StatedValue, IsNoneInAnotherUnitOrWithoutABound) {
  const struct {
    const char *target, *value;
  } all[] = {{"≥10万次", "超过10万元"}, {"≥10万次", "约10万次"},
             {"≥10万次", "超过往年"},   {"≥95%", "超过95次"},
             {"≥95%", "超过0.95"},      {"≥10万次", "95万次-100万次"},
             {"≥10万次", "大于95%"},    {"≤2026-12-31", "超过3"},
             {"按期完成", "超过3"},     {"≥10万次", ""}};
  for (const auto& x : all) {
    const auto wanted = plans::read_target(x.target, 2026);
    ASSERT_TRUE(wanted) << x.target;
    EXPECT_FALSE(plans::read_stated(x.value, *wanted)) << x.target << " " << x.value;
  }
}

TEST(StatedValue, SettlesATargetOnlyWhereItsWholeRangeDoes) {
  const struct {
    const char *value, *target;
    bool reaches, misses;
  } all[] = {{"超过10万", "≥10万次", true, false},  {"超过10万", "≥12万次", false, false},
             {"超过10万", ">10万次", true, false},  {"不足10万", "≥10万次", false, true},
             {"不足10万", "≥9万次", false, false},  {"95%以上", "=95%", true, false},
             {"不足5%", "≤5%", true, false},        {"不足5%", "≤4%", false, false},
             {"超过5%", "≤5%", false, true},        {"5%以上", "≤5%", false, false},
             {"超过95%", "90%-100%", false, false}, {"超过100%", "90%-100%", false, true},
             {"不足90%", "90%-100%", false, true},  {"超过0起", "=0起", false, true}};
  for (const auto& x : all) {
    const auto wanted = plans::read_target(x.target, 2026);
    ASSERT_TRUE(wanted) << x.target;
    const auto v = plans::read_stated(x.value, *wanted);
    ASSERT_TRUE(v) << x.value;
    EXPECT_EQ(plans::surely_reaches(*v, *wanted), x.reaches) << x.value << " " << x.target;
    EXPECT_EQ(plans::surely_misses(*v, *wanted), x.misses) << x.value << " " << x.target;
  }
}

TEST(Plan, OfThe2023CaseHasTheTreeOfTheReport) {
  const auto p = from_config("2023-case.yaml");
  ASSERT_EQ(p.levels.size(), 4U);
  EXPECT_EQ(p.levels[0].name, "决策");
  EXPECT_EQ(p.levels[3].name, "效果");
  EXPECT_EQ(p.execution.rows[0].executed, "919.94");
  EXPECT_EQ(p.grades.size(), 4U) << "the usual bands";
  EXPECT_EQ(p.indicators[11].target.text, "≥365天") << "the days of 2023";
}

TEST(Plan, HubeiAndSichuanShareTheirHundredPointsOtherwise) {
  const auto hubei = from_config("hubei.yaml"), sichuan = from_config("sichuan.yaml");
  EXPECT_EQ(hubei.execution.weight, exact{20});
  EXPECT_EQ(hubei.levels[0].weight, exact{40});
  EXPECT_EQ(hubei.levels[1].weight, exact{40});
  EXPECT_TRUE(sichuan.execution.adjusted);
  ASSERT_EQ(sichuan.indicators.size(), 1U);
  EXPECT_EQ(sichuan.indicators[0].weight, exact{90});
}

TEST(Plan, ARuleFollowsFromTheSignAndThePlansReverseVariant) {
  const auto p = loaded_plan(with(stated("a", "≥1个", "10") + "," + stated("b", "=0起", "10") + "," +
                                      stated("c", "≤4小时", "10") + "," + stated("d", "<4小时", "10") + "," +
                                      stated("e", "达成", "10", "verdict: { tier: reached, points: 9 }") + "," +
                                      stated("f", "≤2026-12-31", "40", "date: 2026-12-30"),
                                  "reverse: 2\n"));
  std::vector<plans::rule> rules;
  for (const auto& i : p.indicators) rules.push_back(i.rule);
  using plans::rule;
  EXPECT_EQ(rules, (std::vector{rule::positive, rule::equal, rule::reverse_2, rule::reverse_2, rule::qualitative,
                                rule::punctual}));
}

TEST(Plan, OneIndicatorMayHaveTheOtherReverseVariant) {
  const auto p =
      loaded_plan(with("{ id: a, name: 甲, target: ≤4小时, rule: reverse_1, weight: 90, source: { kind: stated, "
                       "origin: 报告, value: 3 } }",
                       "reverse: 2\n"));
  EXPECT_EQ(p.indicators[0].rule, plans::rule::reverse_1);
}

TEST(Plan, TheCoverageFloorIsOfFiguresOverTimeNotOfDaysThatAreJudgedOneByOne) {
  const auto floor_of = [](const std::string& target, const std::string& figure) {
    const auto p = loaded_plan(
        with("{ id: a, name: 甲, target: \"" + target + "\", weight: 90, source: { kind: measured, " + figure + " } }",
             "score_by: A\ngroup_formula: R1\ncoverage_floor: 95%\n"));
    return std::get<plans::measured_source>(p.indicators[0].source).coverage_floor;
  };
  EXPECT_EQ(floor_of("≥99%", "figure: availability"), exact(95, 100));
  EXPECT_EQ(floor_of("≥365天", "figure: operation_days"), exact{0});
  EXPECT_EQ(floor_of("≥365天", "figure: operation_days, coverage_floor: 80%"), exact(80, 100)) << "unless it is stated";
}

TEST(Plan, FilesAreRelativeToThePlan) {
  const auto text = with(
      "{ id: a, name: 甲, target: 达成, weight: 90, source: { kind: document, files: [批复.pdf, /srv/x.pdf, ../b.pdf] "
      "} }");
  const auto p = loaded_plan(text, "config/plans/p.yaml");
  const auto& files = std::get<plans::document_source>(p.indicators[0].source).files;
  EXPECT_EQ(files[0].path, "config/plans/批复.pdf");
  EXPECT_EQ(files[0].written, "批复.pdf");
  EXPECT_EQ(files[1].path, "/srv/x.pdf");
  EXPECT_EQ(files[2].path, "config/b.pdf");
}

TEST(Plan, WeightsMayHaveDecimalsAndAddUpExactly) {
  std::string all;
  for (int k = 0; k < 9; ++k) all += stated("a" + std::to_string(k), "≥1个", "0.1") + ",";
  EXPECT_NO_THROW(loaded_plan(with(all + stated("z", "≥1个", "89.1"))));
  EXPECT_THROW(loaded_plan(with(all + stated("z", "≥1个", "89.10000001"))), std::runtime_error);
}

TEST(Plan, ChineseNamesOfAnyLengthAreKept) {
  std::string name;
  for (int k = 0; k < 85; ++k) name += "畅";
  const auto p = loaded_plan(
      with("{ id: a, name: " + name + ", target: ≥1个, weight: 90, source: { kind: stated, origin: 𠮷, value: 1 } }"));
  EXPECT_EQ(p.indicators[0].level3, name);
  EXPECT_FALSE(read_plan(
      with("{ id: a, name: " + name + "畅, target: ≥1个, weight: 90, source: { kind: stated, origin: 报, value: 1 } }"),
      "p"));
}

TEST(Plan, ManyMistakesAreAllSaidInTheOrderOfTheFile) {
  const auto r = read_plan(with(stated("a", "365天", "90"), "rounding: up\nzone: Mars\n"), "p.yaml");
  ASSERT_FALSE(r);
  ASSERT_EQ(r.error().list.size(), 3U) << all_of(r.error().list);
  EXPECT_EQ(r.error().list[0].line, 3);
  EXPECT_EQ(r.error().list[2].line, 6);
}

// -- the CSV files beside a plan

const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();

TEST(CounterFile, ADaySpeaksForItsEndAndRowsComeInOrderOfTime) {
  const auto r = read_counter_csv("\xef\xbb\xbf时间,累计\r\n2026/12/31,\"530,500\"\r\n2026-01-01 00:00,412000\r\n",
                                  "c.csv", shanghai);
  ASSERT_TRUE(r) << all_of(r.error().list);
  ASSERT_EQ(r->size(), 2U);
  EXPECT_EQ((*r)[0].value, exact{412000});
  EXPECT_EQ((*r)[1].value, exact{530500});
  EXPECT_EQ(shanghai.format_short((*r)[1].at), "2027-01-01 00:00:00");
  EXPECT_EQ((*r)[1].written, "2026/12/31");
}

TEST(CounterFile, SaysWhatIsWrongWhere) {
  const auto r =
      read_counter_csv("at,value\n2026-01-01,x\n2026-13-01,1\n2026-02-01,1\n2026-02-01,2\n", "c.csv", shanghai);
  ASSERT_FALSE(r);
  ASSERT_EQ(r.error().list.size(), 3U) << all_of(r.error().list);
  EXPECT_EQ(to_string(r.error().list[0]), "c.csv:2:12: 'x' 不是数：写作 12345 / 'x' is no number: write 12345");
  EXPECT_EQ(r.error().list[1].line, 3);
  EXPECT_EQ(to_string(r.error().list[2]),
            "c.csv:5:1: 2026-02-01 已有数值：同一时间只能有一个 / 2026-02-01 stands twice: one value an instant");
}

TEST(SurveyFile, KeepsDateChannelQuestionAnswerAndScore) {
  const auto r = read_survey_csv("日期,渠道,问题,分数\n2026-11-02,电话,总体,4.5\n2026-11-03,,总体,满意\n", "s.csv");
  ASSERT_TRUE(r) << all_of(r.error().list);
  EXPECT_EQ((*r)[0].score, exact(9, 2));
  EXPECT_FALSE((*r)[1].score);
  EXPECT_EQ((*r)[1].answer, "满意");
}

TEST(SurveyFile, AnEmptyAnswerIsAMistake) {
  EXPECT_FALSE(read_survey_csv("date,answer\n2026-11-02,\n", "s.csv"));
  EXPECT_FALSE(read_survey_csv("date,answer\n", "s.csv")) << "no answers";
  EXPECT_FALSE(read_survey_csv("date,answr\n2026-11-02,4\n", "s.csv")) << "a slip, no question";
}

TEST(PlanFiles, AQuestionnaireMayHaveAColumnAQuestion) {
  const auto r = read_survey_csv(
      "序号,提交答卷时间,来源,总体满意度,网速\n1,2026/11/2 10:22:31,微信,满意,4\n2,2026/11/3 9:01:00,链接,,5\n",
      "s.csv");
  ASSERT_TRUE(r) << r.error().list[0].text;
  ASSERT_EQ(r->size(), 3U);
  EXPECT_EQ((*r)[0].day, "2026-11-02");
  EXPECT_EQ((*r)[0].question, "总体满意度");
  EXPECT_EQ((*r)[1].score, 4);
  EXPECT_EQ((*r)[2].question, "网速") << "what was left blank is no answer";
}

TEST(DatedIds, AreReadFromUpdatesAndFromPlannedOpenings) {
  EXPECT_EQ(read_dated_ids_csv("编号,更新日期\nzq01,2026/3/4\n", "u.csv")->at(0).day, "2026-03-04");
  EXPECT_EQ(read_dated_ids_csv("id,due\nV1,2026-03-04\n", "p.csv")->at(0).id, "V1");
  EXPECT_FALSE(read_dated_ids_csv("id,due\n,2026-03-04\n", "p.csv"));
}

/** 0 bytes prove nothing. */
TEST(Papers, AnEmptyFileIsNoEvidence) {
  const std::string folder = testing::TempDir();
  std::ofstream(folder + "/full.pdf") << "批复";
  std::ofstream(folder + "/empty.pdf");
  const auto read = [&](const char* name) {
    plans::plan p;
    p.indicators.emplace_back().id = "a";
    p.indicators[0].source = plans::document_source{.files = {{name, folder + "/" + name}}, .by = {}, .on = {}};
    return plans::read_papers(p, civil_zone::named("UTC").value(), {}).at("a");
  };
  EXPECT_TRUE(read("full.pdf").missing.empty());
  ASSERT_EQ(read("empty.pdf").missing.size(), 1U);
  EXPECT_NE(read("empty.pdf").missing[0].find("0 字节"), std::string::npos);
  EXPECT_TRUE(read("empty.pdf").files.empty());
}

}  // namespace
}  // namespace changtong
