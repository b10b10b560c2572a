#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "daemon/claims/quantities.h"

namespace changtong::claims {
namespace {

quantity only(const std::string& text) {
  const auto all = quantities_of(text);
  EXPECT_EQ(all.size(), 1U) << text;
  return all.empty() ? quantity{} : all.front();
}

TEST(Quantities, AmountsAreInYuan) {
  EXPECT_EQ(only("支出919.94万元").value, exact(9199400));
  EXPECT_EQ(only("支出919.94万元").grain, exact(100));
  EXPECT_EQ(only("合同1.2亿元").value, exact(120'000'000));
  EXPECT_EQ(only("预算1,286.40万元").value, exact(12'864'000));
  EXPECT_EQ(only("余款3元").what, measure::money);
}

TEST(Quantities, TenThousandBelongsToTheNumber) {
  const quantity q = only("增长10万人次");
  EXPECT_EQ(q.value, exact(100'000));
  EXPECT_EQ(q.grain, exact(10'000));
  EXPECT_EQ(q.what, measure::person_times);
  EXPECT_EQ(q.unit, "人次");
  EXPECT_EQ(only("共享1.27亿次").value, exact(127'000'000));
}

TEST(Quantities, BoundsBeforeAndBehindTheNumber) {
  EXPECT_EQ(only("不少于20个").how, bound::at_least);
  EXPECT_EQ(only("≥50个").how, bound::at_least);
  EXPECT_EQ(only("大于95%").how, bound::above);
  EXPECT_EQ(only("网站单位超过700个").how, bound::above);
  EXPECT_EQ(only("控制在256万元以内").how, bound::at_most);
  EXPECT_EQ(only("约30台").how, bound::about);
  EXPECT_EQ(only("99%以上").how, bound::at_least);
  EXPECT_EQ(only("700多个").how, bound::at_least);
  EXPECT_EQ(only("20个").how, bound::exactly);
}

TEST(Quantities, WordsAreNumbersToo) {
  EXPECT_EQ(only("共九项").value, exact(9));
  EXPECT_EQ(only("二十个专栏").value, exact(20));
  EXPECT_EQ(only("百分之九十五").what, measure::percent);
  EXPECT_EQ(only("三家运营商").unit, "家");
  EXPECT_TRUE(quantities_of("一个平台，一次培训，第三项，三级指标，十四五规划").empty());
}

TEST(Quantities, DatesOrdinalsAndDocumentNumbersAreNone) {
  for (const char* text :
       {"2023年12月31日", "国办函〔2019〕61号", "第3项", "V2.0平台", "IPv6改造", "5G网络", "8时30分钟前"})
    for (const quantity& q : quantities_of(text)) EXPECT_TRUE(q.unit.empty() || q.what == measure::other) << text;
}

TEST(Quantities, UnitsThatBeginOtherWordsAreNotTaken) {
  EXPECT_TRUE(quantities_of("三分之一").empty());
  EXPECT_TRUE(quantities_of("12分公司").empty());
  EXPECT_EQ(only("20分钟").what, measure::other);
  EXPECT_EQ(only("3个月").unit, "个月");
  EXPECT_EQ(only("9个百分点").what, measure::points_apart);
  EXPECT_EQ(only("9.82分").what, measure::score);
}

TEST(Quantities, ARangeIsMarked) {
  const auto all = quantities_of("3-5个");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].range);
  EXPECT_TRUE(all[1].range);
}

std::string in_chinese(std::int64_t n) {  // 1 .. 99,999 as people write it
  static const std::vector<std::string> digits{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  static const std::vector<std::pair<std::int64_t, std::string>> scales{
      {10000, "万"}, {1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}};
  std::string out;
  bool gap = false;
  for (const auto& [scale, name] : scales) {
    const std::int64_t d = n / scale % 10;
    if (d == 0) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += "零";
    gap = false;
    out += scale == 10 && n < 20 ? name : digits[static_cast<std::size_t>(d)] + name;
  }
  return out;
}

RC_GTEST_PROP(Numerals, EveryWholeNumberIsReadBack, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(2, 100'000);
  RC_ASSERT(chinese_numeral(in_chinese(n)) == n);
  RC_ASSERT(only("共" + in_chinese(n) + "个").value == exact(n));
}

RC_GTEST_PROP(Quantities, EveryPrintedDecimalIsReadExactly, ()) {
  const auto units = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
  const int places = *rc::gen::inRange(0, 5);
  exact value(units), grain(1);
  for (int i = 0; i < places; ++i) value /= 10, grain /= 10;
  const std::string unit = *rc::gen::elementOf(std::vector<std::string>{"个", "%", "元", "天", "人次"});
  const quantity q = only("为" + fixed(value, places) + unit + "，");
  RC_ASSERT(q.value == value);
  RC_ASSERT(q.grain == grain);
  RC_ASSERT(q.unit == unit);
}

}  // namespace
}  // namespace changtong::claims
