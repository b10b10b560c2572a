// What people entered into the ledger instead of a file: readings of a counter, verdicts.
#include <gmock/gmock.h>

#include "daemon/evaluate/sources.h"

namespace changtong::evaluate {
namespace {

using testing::Contains;
using testing::HasSubstr;

plans::indicator basis() {
  plans::indicator i;
  i.id = "basis";
  i.target = *plans::read_target("符合规定", 2026);
  i.rule = plans::rule::qualitative;
  i.weight = 5;
  return i;
}

indicator_verdict verdict_of(attainment how, const std::string& points) {
  indicator_verdict v;
  v.plan = "2026";
  v.indicator = "basis";
  v.verdict = how;
  v.points = points;
  v.text = "批复齐全";
  v.document = "批复.pdf";
  v.sha256 = "ab";
  v.author = "周工";
  return v;
}

finding judged(attainment how, const std::string& points) {
  papers p;
  p.entered = verdict_of(how, points);
  plans::document_source s;
  s.files = {{"批复.pdf", "批复.pdf"}};
  return find_document(s, basis(), p, true);
}

TEST(EnteredVerdict, CountsWithItsPointsItsAuthorAndItsDocument) {
  const auto f = judged(attainment::achieved, "4.5");
  EXPECT_EQ(f.how, standing::scored);
  ASSERT_TRUE(f.decided);
  EXPECT_EQ(f.decided->points, exact(9, 2));
  EXPECT_THAT(f.evidence.facts, Contains(HasSubstr("周工 登记：达成，4.5 分，批复齐全")));
  ASSERT_EQ(f.evidence.files.size(), 1U);
  EXPECT_EQ(f.evidence.files[0].sha256, "ab");
}

TEST(EnteredVerdict, E18_PointsOutsideTheirTierOrNoneAtAllDecideNothing) {
  for (const char* points : {"3.9", "5.1", ""}) {
    const auto f = judged(attainment::achieved, points);
    EXPECT_EQ(f.how, standing::undecided) << points;
    EXPECT_FALSE(f.decided);
    EXPECT_THAT(f.evidence.missing, Contains(HasSubstr("[4, 5]")));
  }
}

TEST(EnteredVerdict, OfAPlanWithoutPointsNeedsNoneAndSaysNone) {
  papers p;
  p.entered = verdict_of(attainment::partly, "");
  plans::indicator i = basis();
  i.weight = 0;
  const auto f = find_document({}, i, p, false);
  EXPECT_EQ(f.how, standing::scored);
  ASSERT_TRUE(f.decided);
  EXPECT_EQ(f.decided->how, plans::tier::partly);
  for (const std::string& fact : f.evidence.facts) EXPECT_EQ(fact.find(" 分"), std::string::npos) << fact;
}

TEST(Verdict, OfWordsAloneIsTheirTextAndJudgesNothing) {
  plans::document_source s;
  s.decided = plans::assessment{.by = "张三", .on = "2026-12-30", .text = "新增四个村接入"};
  const auto f = find_document(s, basis(), {}, false);
  EXPECT_EQ(f.how, standing::scored);
  EXPECT_EQ(f.actual_text, "新增四个村接入");
  EXPECT_THAT(f.evidence.facts, Contains("张三 填写完成情况：新增四个村接入，没有评定是否达到"));
}

TEST(EnteredVerdict, OneThatThePlanStatesComesFirst) {
  papers p;
  p.entered = verdict_of(attainment::missed, "0");
  plans::document_source s;
  s.decided = plans::assessment{.by = "张三", .on = "2026-12-30", .how = plans::tier::reached, .points = 5};
  const auto f = find_document(s, basis(), p, true);
  EXPECT_EQ(f.decided->by, "张三");
}

papers read(const std::vector<std::pair<const char*, const char*>>& values, std::string_view wanted) {
  papers p;
  const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  for (const auto& [value, unit] : values) {
    counter_record r;
    r.value = value;
    r.unit = unit;
    add_counted(p, r, wanted, zone);
  }
  return p;
}

TEST(EnteredReadings, AreComparedInOnesWhateverTheyWereEnteredIn) {
  const papers p = read({{"10000", "人"}, {"25", "万人"}, {"7", ""}}, "万人");
  ASSERT_EQ(p.counter.size(), 3U);
  EXPECT_EQ(p.counter[0].value, 10'000);
  EXPECT_EQ(p.counter[1].value, 250'000);
  EXPECT_EQ(p.counter[2].value, 7);
  EXPECT_TRUE(p.missing.empty());
}

TEST(EnteredReadings, OfAnotherUnitAreNoEvidence) {
  EXPECT_THAT(read({{"10", "次"}}, "万人").missing, Contains(HasSubstr("单位“次”不是指标值的单位“万人”")));
}

}  // namespace
}  // namespace changtong::evaluate
