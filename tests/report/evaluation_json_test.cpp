// evaluation.json and the evidence files: what other programs and other people read.
#include "daemon/report/evaluation_json.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <pugixml.hpp>

#include "daemon/report/evidence_file.h"

namespace changtong::report {
namespace {

using evaluate::evaluation;
using evaluate::indicator_result;
using testing::HasSubstr;
using testing::Not;

evaluate::printed_number printed(const char* text) { return {*parse_exact(text), text}; }

/** One indicator with points and all of its proof, one without. */
evaluation sample() {
  evaluation e;
  e.title = "2026年度绩效自评";
  e.year = "2026";
  e.zone = "Asia/Shanghai";
  e.execution.rows = {{"总额", "", "921.47", "", "919.94"}};
  e.execution.denominator = "全年预算数";
  e.execution.weight = printed("10");
  e.execution.rate = printed("99.83");
  e.execution.score = printed("9.98");
  e.total_so_far = printed("15.98");
  indicator_result a;
  a.id = "lines";
  a.level3 = "政务专线畅通率 <\"&\">";
  a.actual_text = "未观测到中断（下限 99.97716 %，未观测 2:00:00）";
  a.actual = evaluate::printed_number{exact{100}, "≥99.97716"};
  a.weight = printed("6");
  a.score = printed("6.00");
  a.how = evaluate::standing::scored;
  a.colour = evaluate::light::green;
  a.source = "measured";
  a.coverage = evaluate::printed_number{exact(3, 4), "0.75"};
  a.evidence_file = evidence_path(a.id);
  a.evidence.sums = availability::seconds{};
  a.evidence.sums->up = milliseconds{7'200'000};
  a.evidence.excluded = {{"V1", {wall_from_ms(1'773'417'600'000), wall_from_ms(1'773'421'200'000)}, "W1", "王工"}};
  a.evidence.files = {{"更新.csv", "ab12"}};
  a.evidence.objects = {"V1 东村"};
  a.evidence.journal = "账本条目 1–7";
  indicator_result b;
  b.id = "rules";
  b.level3 = "制度";
  b.weight = printed("84");
  b.how = evaluate::standing::insufficient;
  b.actual_text = "证据不足";
  b.evidence.missing = {"文件 a.pdf：没有这个文件"};
  e.indicators = {a, b};
  e.blocking = {"制度（rules）：证据不足"};
  return e;
}

TEST(EvaluationJson, HasPointsAsDecimalTextAndNothingWhereThereIsNone) {
  const auto root = boost::json::parse(write_evaluation_json(sample())).as_object();
  EXPECT_TRUE(root.at("total").is_null());
  EXPECT_FALSE(root.at("final").as_bool());
  EXPECT_EQ(root.at("total_so_far").as_string(), "15.98");
  EXPECT_EQ(root.at("execution").at("budget").as_string(), "921.47");
  const auto& a = root.at("indicators").at(0).as_object();
  for (const char* key :
       {"id", "level1", "level2", "level3", "target", "actual", "weight", "score", "source", "coverage", "evidence"})
    EXPECT_TRUE(a.contains(key)) << key;
  EXPECT_EQ(a.at("score").as_string(), "6.00");
  EXPECT_EQ(a.at("coverage").as_double(), 0.75);
  EXPECT_EQ(a.at("evidence").as_string(), "evidence/lines.html");
  const auto& b = root.at("indicators").at(1).as_object();
  EXPECT_TRUE(b.at("score").is_null());
  EXPECT_TRUE(b.at("coverage").is_null());
  EXPECT_EQ(b.at("standing").as_string(), "insufficient");
}

TEST(EvaluationJson, IsReadBackForTheNextYear) {
  const auto e = read_evaluation_json(write_evaluation_json(sample()));
  ASSERT_TRUE(e);
  EXPECT_EQ(e->year, "2026");
  EXPECT_EQ(e->total, "");
  EXPECT_EQ(e->actual.at("rules"), "证据不足");
  EXPECT_EQ(e->actual.size(), 2U);
}

TEST(EvaluationJson, OfSomethingElseIsAProblem) {
  for (const char* bad : {"", "[]", "{}", R"({"indicators":3})", R"({"indicators":[1]})", R"({"indicators":[{}]})",
                          R"({"indicators":[{"id":7}]})"})
    EXPECT_FALSE(read_evaluation_json(bad)) << bad;
}

TEST(EvidenceFile, SaysEverythingThatStandsBehindAFigureAndIsWellFormed) {
  const evaluation e = sample();
  const std::string page = write_evidence(e, e.indicators[0]);
  pugi::xml_document d;
  EXPECT_TRUE(d.load_string(page.c_str())) << page;
  for (const char* part : {"政务专线畅通率 &lt;", "2:00:00（7200000 毫秒）", "2026-03-14 00:00:00",
                           "2026-03-14 01:00:00", "W1", "王工", "ab12", "V1 东村", "75.00000 %", "账本条目 1–7"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, Not(HasSubstr("证据不足，未计分")));
}

TEST(EvidenceFile, WithoutEvidenceSaysSoFirstAndWhatIsMissing) {
  const evaluation e = sample();
  const std::string page = write_evidence(e, e.indicators[1]);
  EXPECT_THAT(page, HasSubstr("证据不足，未计分"));
  EXPECT_THAT(page, HasSubstr("文件 a.pdf：没有这个文件"));
  EXPECT_THAT(page, HasSubstr("<td>未计分</td>"));
}

}  // namespace
}  // namespace changtong::report
