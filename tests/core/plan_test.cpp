#include <gtest/gtest.h>

#include "daemon/core/plan_tree.h"

namespace changtong::plans {
namespace {

TEST(Target, SignNumberAndUnitAreParted) {
  const auto t = read_target(" >= 1,250.5 万人次 ", 2026).value();
  EXPECT_EQ(t.how, sign::at_least);
  EXPECT_EQ(t.number, exact(12505, 10));
  EXPECT_EQ(t.unit, "万人次");
  EXPECT_EQ(t.text, "≥1,250.5万人次");
  EXPECT_EQ(read_target("＜4小时", 2026)->how, sign::below);
  EXPECT_EQ(read_target("＝0起", 2026)->how, sign::equal);
  EXPECT_EQ(read_target("≤90", 2026)->unit, "");
}

TEST(Target, TheDaysOfTheYearAreNotAlways365) {
  EXPECT_EQ(read_target("≥全年天数", 2026)->text, "≥365天");
  EXPECT_EQ(read_target("≥全年天数", 2028)->text, "≥366天");
  EXPECT_EQ(days_of(2100), 365);
  EXPECT_EQ(days_of(2000), 366);
}

TEST(Target, ADateIsNoNumber) {
  const auto t = read_target("≤2026-12-31", 2026).value();
  EXPECT_TRUE(t.is_date);
  EXPECT_EQ(t.number_text, "2026-12-31");
  EXPECT_EQ(t.unit, "");
  EXPECT_FALSE(read_target("≤2026-02-31", 2026)) << "there is no such day";
  EXPECT_FALSE(read_target("≤2026-99-99", 2026));
}

TEST(Target, TextWithoutASignIsQualitativeAndANumberWithoutOneIsNone) {
  EXPECT_EQ(read_target("达成预期指标", 2026)->how, sign::none);
  for (const char* text : {"365天", "-3", "", "  ", "≥", "≥天", "≥1.2.3天", "≥1,23天"})
    EXPECT_FALSE(read_target(text, 2026)) << text;
}

/** rules.md E-24, E-21: as public forms have them. */
TEST(Target, WordsForASignArePrintedAsTheyWereWritten) {
  struct row {
    const char* text;
    sign how;
    const char *number, *unit;
  };
  for (const row& r : {row{"不低于95%", sign::at_least, "95", "%"},
                       {"不少于 12 次", sign::at_least, "12", "次"},
                       {"≧３０％", sign::at_least, "30", "%"},
                       {"95%以上", sign::at_least, "95", "%"},
                       {"不超过 900万元", sign::at_most, "900", "万元"},
                       {"≦4小时", sign::at_most, "4", "小时"},
                       {"24小时以内", sign::at_most, "24", "小时"},
                       {"大于0", sign::above, "0", ""},
                       {"超过3个", sign::above, "3", "个"},
                       {"低于5%", sign::below, "5", "%"},
                       {"═100%", sign::equal, "100", "%"},
                       {"等于2套", sign::equal, "2", "套"},
                       {"≥-5%", sign::at_least, "-5", "%"}}) {
    const auto t = read_target(r.text, 2026);
    ASSERT_TRUE(t) << r.text;
    EXPECT_EQ(t->how, r.how) << r.text;
    EXPECT_EQ(t->number_text, r.number) << r.text;
    EXPECT_EQ(t->unit, r.unit) << r.text;
  }
  EXPECT_EQ(read_target("不低于95%", 2026)->text, "不低于95%");
  EXPECT_EQ(read_target("≧３０％", 2026)->text, "≥30%");
}

TEST(Target, ARangeHasTwoEnds) {
  for (const char* text : {"95%-100%", "95-100%", "95%～100%", "95%至100%"}) {
    const auto t = read_target(text, 2026);
    ASSERT_TRUE(t) << text;
    EXPECT_EQ(t->how, sign::between) << text;
    EXPECT_EQ(t->number, 95) << text;
    EXPECT_EQ(t->upper, 100) << text;
    EXPECT_EQ(t->unit, "%") << text;
    EXPECT_EQ(t->text, text);
  }
  EXPECT_FALSE(read_target("100%-95%", 2026)) << "its ends are the wrong way round";
}

TEST(Target, ADayIsReadAsPeopleWriteIt) {
  for (const auto& [text, day] : {std::pair{"≤2026年12月31日", "2026-12-31"},
                                  {"12月底前", "2026-12-31"},
                                  {"12月底前完成", "2026-12-31"},
                                  {"2026年6月30日前", "2026-06-30"},
                                  {"6月份完成", "2026-06-30"},
                                  {"2028年2月底前完成", "2028-02-29"},
                                  {"≤2026/3/1", "2026-03-01"},
                                  {"年底前完成", "2026-12-31"},
                                  {"2025年底前", "2025-12-31"},
                                  {"3月15日前", "2026-03-15"}}) {
    const auto t = read_target(text, 2026);
    ASSERT_TRUE(t) << text;
    EXPECT_TRUE(t->is_date) << text;
    EXPECT_EQ(t->how, sign::at_most) << text;
    EXPECT_EQ(t->number_text, day) << text;
    EXPECT_EQ(t->text, text);
  }
}

TEST(Target, WhatSaysMoreThanANumberIsAText) {
  for (const char* text :
       {"2套方案通过评审", "6月份完成绿化工程建设", "不低于国家标准", "超过预期", "100户以上受益群众表示满意"}) {
    const auto t = read_target(text, 2026);
    ASSERT_TRUE(t) << text;
    EXPECT_EQ(t->how, sign::none) << text;
    EXPECT_EQ(t->text, text);
  }
  for (const char* text : {"2026-12-31", "20天", "12月", "10万人次"}) EXPECT_FALSE(read_target(text, 2026)) << text;
}

TEST(Target, ARuleHasItsSigns) {
  EXPECT_TRUE(fits(rule::reverse_2, sign::at_most));
  EXPECT_FALSE(fits(rule::reverse_2, sign::at_least));
  EXPECT_TRUE(fits(rule::qualitative, sign::none));
}

TEST(Placeholder, WordsInBracesAreFoundAndKnown) {
  const auto words = placeholders_in("得 {total} 分，{x.actual}，{ 未闭合");
  ASSERT_EQ(words.size(), 2U);
  std::vector<indicator> tree(1);
  tree[0].id = "x";
  EXPECT_TRUE(is_placeholder("total", tree));
  EXPECT_TRUE(is_placeholder("x.actual", tree));
  EXPECT_FALSE(is_placeholder("x.weight", tree));
  EXPECT_FALSE(is_placeholder("y.actual", tree));
}

}  // namespace
}  // namespace changtong::plans
