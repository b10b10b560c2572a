#include "daemon/forms/to_plan.h"

#include <gtest/gtest.h>

#include "daemon/evaluate/evaluate.h"
#include "daemon/plans/plan.h"
#include "tests/forms/form_texts.h"

namespace changtong::forms {
namespace {

std::string marks_of(const drafted_plan& d) {
  std::string out;
  for (const mark& m : d.marks) out += "  " + m.at + " " + m.stands + " " + m.write.cn + "\n";
  return out;
}

/** The plan loads, names the form's year, and evaluates to the form's total where it has a right one. */
void expect_plans(const std::string& folder) {
  for (const form_text& t : form_texts(folder)) {
    const auto read = read_forms({t.table()});
    ASSERT_TRUE(read) << t.name;
    const drafted_plan made = plan_of(read->front(), t.name + ".xlsx", 2025);
    const auto plan = read_plan(made.yaml, "plan.yaml");
    if (!plan) {
      for (const problem& p : plan.error().list) ADD_FAILURE() << t.name << ": " << to_string(p);
      ADD_FAILURE() << made.yaml;
      continue;
    }
    if (t.year != 0) EXPECT_EQ(plan->year, t.year) << t.name;
    const auto when = evaluate::occasion_of(*plan, nullptr, {}, {});
    ASSERT_TRUE(when);
    const auto e = evaluate::evaluate(*plan, {}, *when);
    ASSERT_TRUE(e) << t.name << e.error().text;
    if (t.total.empty()) continue;
    ASSERT_TRUE(e->total) << t.name << "\n" << made.yaml;
    EXPECT_EQ(shortest(e->total->value), t.total) << t.name << "\n" << marks_of(made) << made.yaml;
  }
}

TEST(FormToPlan, EveryFormLoadsAndThoseThatAreRightComeToTheirTotal) { expect_plans("tuned"); }
TEST(FormToPlan, LikewiseOfFormsThatWereKeptBack) { expect_plans("kept"); }

TEST(FormToPlan, WhatIsNoTextOrNoNameOrNoNumberStillLoadsAndIsMarked) {
  const auto read = read_forms({table_of({{"实施单位\xff：", std::string(400, '\xff')},
                                          {"资金", "年初预算数", "调整后预算数", "执行数"},
                                          {"三级指标", "指标值", "完成值", "分值"},
                                          {"", "≥国家标准", "达标", "40"},
                                          {"条\x01数\xc2\x85", "≥\xff 9个", "9个", "40"},
                                          {"天数", "=2022年12月", "2022年11月", "-5"}},
                                         "表\xff\n")});
  ASSERT_TRUE(read);
  const drafted_plan made = plan_of(read->front(), "a\xff.xlsx", 2025);
  const auto plan = read_plan(made.yaml, "plan.yaml");
  ASSERT_TRUE(plan) << to_string(plan.error().list[0]) << made.yaml;
  EXPECT_EQ(plan->indicators[0].target.how, plans::sign::none);
  EXPECT_GE(made.marks.size(), 5U);
}

TEST(FormToPlan, GroupsWithoutIndicatorsAreLeftAside) {
  const auto read = read_forms({table_of({{"一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"},
                                          {"产出指标（50分）", "数量指标", "条数", "≥9条", "9条", "50", "50"},
                                          {"", "质量指标"},
                                          {"", "时效指标", "无", "——", "／", "0", "0"},
                                          {"效益指标", "经济效益", "", "", "", "", ""},
                                          {"", "社会效益", "便民", "≥1项", "1项", "40", "40"},
                                          {"满意度指标", "", "/", "/", "/", "/", "/"}})});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->front().indicators.size(), 2U);
  const drafted_plan made = plan_of(read->front(), "表.xlsx", 2025);
  const auto plan = read_plan(made.yaml, "plan.yaml");
  ASSERT_TRUE(plan) << to_string(plan.error().list[0]) << made.yaml;
  EXPECT_EQ(plan->indicators[0].level2, "数量指标");
  EXPECT_EQ(plan->indicators[1].level1, "效益指标");
  EXPECT_EQ(plan->indicators[1].level2, "社会效益");
}

TEST(FormToPlan, WhatATextRowReachedStandsInItsVerdict) {
  const auto read = read_forms({table_of({{"项目名称", "甲"},
                                          {"三级指标", "指标值", "完成值", "分值", "得分"},
                                          {"制度", "健全", "制度“健全”", "60", "60"},
                                          {"便民", "提升", "达成预期指标", "40", "9.80000000000001"}})});
  ASSERT_TRUE(read);
  const drafted_plan made = plan_of(read->front(), "a.xlsx", 2025);
  const auto plan = read_plan(made.yaml, "plan.yaml");
  ASSERT_TRUE(plan) << made.yaml;
  EXPECT_EQ(std::get<plans::stated_source>(plan->indicators[0].source).decided->text, "制度“健全”");
  EXPECT_EQ(plan->indicators[0].remark, "");
  const auto& second = *std::get<plans::stated_source>(plan->indicators[1].source).decided;
  EXPECT_EQ(second.text, "");
  EXPECT_EQ(shortest(second.points), "9.8");
}

TEST(FormToPlan, AFormWithoutPointsBecomesAPlanWithoutAny) {
  const auto plan_in = [](const char* name) {
    const form_text t = read_form_text(std::string(CHANGTONG_SOURCE_DIR "/tests/forms/tuned/") + name + ".txt");
    const auto read = read_forms({t.table()});
    EXPECT_TRUE(read);
    return plan_of(read->front(), "a.xlsx", 2025);
  };
  const drafted_plan declared = plan_in("declared"), transfer = plan_in("transfer");
  for (const drafted_plan* made : {&declared, &transfer}) {
    const auto plan = read_plan(made->yaml, "plan.yaml");
    ASSERT_TRUE(plan) << to_string(plan.error().list[0]) << made->yaml;
    EXPECT_FALSE(plan->scored);
    EXPECT_EQ(made->yaml.find("weight"), std::string::npos) << made->yaml;
    for (const mark& m : made->marks) EXPECT_EQ(m.write.cn.find("分值"), std::string::npos) << m.write.cn;
  }
  EXPECT_NE(declared.yaml.find("layout: declared\n"), std::string::npos);
  const auto plan = read_plan(transfer.yaml, "plan.yaml");
  EXPECT_EQ(plan->layout, "transfer");
  EXPECT_EQ(plan->indicators[0].reason, "两村搬迁");
  const auto& text = *std::get<plans::stated_source>(plan->indicators[2].source).decided;
  EXPECT_EQ(text.how, plans::tier::reached) << "提高 is what 提高 asks for";
  const auto other =
      read_forms({table_of({{"三级指标", "年度指标值", "全年实际完成值"}, {"便民", "提升", "网办事项增多"}})});
  ASSERT_TRUE(other);
  const drafted_plan asked = plan_of(other->front(), "a.xlsx", 2025);
  EXPECT_TRUE(std::ranges::any_of(asked.marks, [](const mark& m) { return m.at == "「表」C2"; })) << asked.yaml;
  const auto words = read_plan(asked.yaml, "plan.yaml");
  ASSERT_TRUE(words) << to_string(words.error().list[0]) << asked.yaml;
  const auto& said = *std::get<plans::stated_source>(words->indicators.at(0).source).decided;
  EXPECT_EQ(said.text, "网办事项增多");
  EXPECT_FALSE(said.how) << "nobody judged it";
}

TEST(FormToPlan, ABoundStaysABoundAsWritten) {
  const auto read = read_forms({table_of({{"项目名称", "甲"},
                                          {"三级指标", "指标值", "完成值", "分值", "得分"},
                                          {"点击", "≥10万次", "超过10万次", "60", "60"},
                                          {"服务", "≥12万人次", "超过10万人次", "40", "40"}})});
  ASSERT_TRUE(read);
  const drafted_plan made = plan_of(read->front(), "a.xlsx", 2025);
  const auto plan = read_plan(made.yaml, "plan.yaml");
  ASSERT_TRUE(plan) << made.yaml;
  EXPECT_EQ(std::get<plans::stated_source>(plan->indicators[0].source).value->text, "超过10万次");
  EXPECT_EQ(std::get<plans::stated_source>(plan->indicators[1].source).value->how, plans::sign::above);
  EXPECT_TRUE(std::ranges::any_of(made.marks, [](const mark& m) {
    return m.at == "「表」C4" && m.write.cn.find("不足以说明达到 ≥12万人次") != std::string::npos;
  })) << marks_of(made);
}

TEST(FormToPlan, SeveralFormsInOneSheetAreSeveral) {
  std::vector<std::vector<std::string>> rows;
  for (const char* project : {"甲项目", "乙项目", "丙项目"})
    for (const std::vector<std::string>& row : {std::vector<std::string>{"项目名称", project},
                                                {"三级指标", "指标值", "完成值", "分值", "得分"},
                                                {"条数", "≥9条", "9条", "100", "100"},
                                                {"合计", "", "", "100", "100"},
                                                {"评价结论", "好"}})
      rows.push_back(row);
  const auto read = read_forms({table_of(rows)});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 3U);
  EXPECT_EQ((*read)[1].project.text, "乙项目");
  EXPECT_EQ((*read)[2].indicators.size(), 1U);
}

}  // namespace
}  // namespace changtong::forms
