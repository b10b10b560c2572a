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
