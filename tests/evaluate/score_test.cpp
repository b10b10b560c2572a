// Points by rules.md 3.5: every rule at its edges, the rounding trap of 3.6, the money of 3.9.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "daemon/evaluate/score.h"

namespace changtong::evaluate {
namespace {

using plans::rule;

exact number(std::string_view text) { return parse_exact(text).value(); }

scored by(rule r, std::string_view target, std::string_view actual, std::string_view weight,
          rounding how = rounding::half_up) {
  return score(r, plans::read_target(target, 2026).value(), number(actual), number(weight), {how, 2});
}
std::string points(rule r, std::string_view target, std::string_view actual, std::string_view weight) {
  return fixed(by(r, target, actual, weight).points, 2);
}

struct edge {
  rule r;
  const char *target, *actual, *weight, *points;
  bool met;
};

class Edges : public testing::TestWithParam<edge> {};

TEST_P(Edges, GivesThePointsOfTheTable) {
  const edge& e = GetParam();
  const scored s = by(e.r, e.target, e.actual, e.weight);
  EXPECT_EQ(fixed(s.points, 2), e.points);
  EXPECT_EQ(s.met, e.met);
}

TEST(Score, OfAMetTargetIsTheWeightItselfAndOfAShortfallNeverMore) {
  for (const rounding how : {rounding::half_up, rounding::half_even, rounding::down}) {
    EXPECT_EQ(by(rule::positive, "≥1个", "1", "1.125", how).points, number("1.125"));
    EXPECT_LE(by(rule::positive, "≥1000个", "999.999", "1.125", how).points, number("1.125"));
    EXPECT_LE(by(rule::positive, "≥1000000个", "999999.9", "1.126", how).points, number("1.126")) << "not 1.13";
    EXPECT_EQ(score_execution(number("100"), number("100"), number("1.125"), {how, 2})->points.points, number("1.125"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Edges,
    testing::Values(
        // positive (E-13)
        edge{rule::positive, "≥50个", "50", "10", "10.00", true},
        edge{rule::positive, "≥50个", "49", "10", "9.80", false},
        edge{rule::positive, "≥50个", "49.9999999999", "10", "10.00", false},
        edge{rule::positive, "≥50个", "5000", "10", "10.00", true},  // E-20: no bonus
        edge{rule::positive, "≥50个", "0", "10", "0.00", false},
        edge{rule::positive, "≥50个", "-7", "10", "0.00", false},  // E-19
        edge{rule::positive, "≥0个", "0", "10", "10.00", true},
        edge{rule::positive, ">50个", "50", "10", "10.00", true},
        // equal (E-14, E-15)
        edge{rule::equal, "=100%", "100", "8", "8.00", true}, edge{rule::equal, "=100%", "130", "8", "8.00", true},
        edge{rule::equal, "=100%", "75", "8", "6.00", false}, edge{rule::equal, "=0起", "0", "8", "8.00", true},
        edge{rule::equal, "=0起", "-3", "8", "8.00", true}, edge{rule::equal, "=0起", "1", "8", "0.00", false},
        // reverse, variant 1 (E-16)
        edge{rule::reverse_1, "≤4小时", "4", "5", "5.00", true},
        edge{rule::reverse_1, "≤4小时", "5", "5", "3.75", false},
        edge{rule::reverse_1, "≤4小时", "7.99", "5", "0.01", false},
        edge{rule::reverse_1, "≤4小时", "8", "5", "0.00", false},
        edge{rule::reverse_1, "≤4小时", "9", "5", "0.00", false}, edge{rule::reverse_1, "≤0起", "0", "5", "5.00", true},
        edge{rule::reverse_1, "≤0起", "0.001", "5", "0.00", false},
        edge{rule::reverse_1, "<4小时", "4", "5", "5.00", true},
        // reverse, variant 2 (E-17)
        edge{rule::reverse_2, "≤4小时", "5", "5", "4.00", false},
        edge{rule::reverse_2, "≤4小时", "8", "5", "2.50", false},
        edge{rule::reverse_2, "≤4小时", "4000", "5", "0.01", false},
        edge{rule::reverse_2, "≤0起", "0", "5", "5.00", true}, edge{rule::reverse_2, "≤0起", "1", "5", "0.00", false},
        edge{rule::reverse_2, "≤4小时", "-1", "5", "5.00", true},
        // a date
        edge{rule::punctual, "≤2026-12-31", "0", "6", "6.00", true},
        edge{rule::punctual, "≤2026-12-31", "1", "6", "0.00", false}));

TEST(Score, ARealShortfallCanVanishFromThePointsAndIsStillOne) {  // E-22
  const scored trap = by(rule::positive, "≥100%", "99.95", "10");
  EXPECT_EQ(fixed(trap.points, 2), "10.00");
  EXPECT_FALSE(trap.met);
  ASSERT_EQ(trap.remarks.size(), 1U);
  EXPECT_NE(trap.remarks[0].find("四舍五入"), std::string::npos);
  EXPECT_EQ(points(rule::positive, "≥100%", "99.94", "10"), "9.99");
}

TEST(Score, OneMillisecondOfOutageMissesATargetOfHundredPercent) {  // E-23
  const exact year = exact{31'536'000'000LL} * 1000;                // a thousand lines
  const scored s =
      score(rule::positive, plans::read_target("≥100%", 2026).value(), (year - 1) / year * 100, exact{10}, {});
  EXPECT_FALSE(s.met);
  EXPECT_EQ(fixed(s.points, 2), "10.00");
}

TEST(Score, TheRoundingIsThatOfThePlan) {  // E-25; 9.995, and 9.985 which is half-way to an even digit
  EXPECT_EQ(fixed(by(rule::positive, "≥100%", "99.95", "10", rounding::down).points, 2), "9.99");
  EXPECT_EQ(fixed(by(rule::positive, "≥100%", "99.85", "10", rounding::half_even).points, 2), "9.98");
  EXPECT_EQ(fixed(by(rule::positive, "≥100%", "99.85", "10", rounding::half_up).points, 2), "9.99");
}

TEST(Score, TheMethodShowsTheNumbersThatWereUsed) {
  EXPECT_NE(by(rule::reverse_1, "≤4小时", "5", "5").method.find("(1−(5−4)÷4)×5＝3.75，四舍五入到两位小数得 3.75"),
            std::string::npos);
  EXPECT_NE(by(rule::positive, "≥3个", "2", "10").method.find("2÷3×10＝6.666666…"), std::string::npos);
}

TEST(Score, AStrictSignAndAnEmptyTargetAreRemarked) {
  EXPECT_EQ(by(rule::positive, ">50个", "60", "10").remarks.size(), 1U);
  EXPECT_EQ(by(rule::reverse_1, "<4小时", "3", "10").remarks.size(), 1U);
  EXPECT_EQ(by(rule::positive, "≥0个", "0", "10").remarks.size(), 1U);
  EXPECT_TRUE(by(rule::positive, "≥50个", "60", "10").remarks.empty());
}

plans::assessment assessed(plans::tier t, std::string_view points) {
  return {.by = "李四", .on = "2026-12-30", .how = t, .points = number(points)};
}

TEST(Score, PointsOfATierLieInsideItsBand) {  // E-18, w = 5: [4, 5], [3, 4), [0, 3)
  using plans::tier;
  const exact w{5};
  for (const auto& [t, p] : {std::pair{tier::reached, "4"},
                             {tier::reached, "5"},
                             {tier::partly, "3"},
                             {tier::partly, "3.99"},
                             {tier::missed, "0"},
                             {tier::missed, "2.99"}}) {
    EXPECT_TRUE(score_qualitative(assessed(t, p), w)) << p;
    EXPECT_EQ(plans::tier_of(number(p), w), t) << p;
  }
  for (const auto& [t, p] : {std::pair{tier::reached, "3.99"},
                             {tier::reached, "5.01"},
                             {tier::partly, "4"},
                             {tier::partly, "2.99"},
                             {tier::missed, "3"},
                             {tier::missed, "-0.01"}})
    EXPECT_FALSE(score_qualitative(assessed(t, p), w)) << p;
}

TEST(Score, ATierHasItsColour) {  // E-31
  EXPECT_EQ(light_of(plans::tier::reached), light::green);
  EXPECT_EQ(light_of(plans::tier::partly), light::yellow);
  EXPECT_EQ(light_of(plans::tier::missed), light::red);
  EXPECT_EQ(light_of(by(rule::positive, "≥50个", "49", "10")), light::yellow);
  EXPECT_EQ(light_of(by(rule::reverse_1, "≤4小时", "8", "5")), light::red);
}

TEST(Score, TwoAmountsOf2023HaveTheSamePointsAndNotTheSameRate) {  // rules.md 3.9
  const auto spent = [](std::string_view amount) {
    return score_execution(number(amount), number("921.47"), exact{10}, {}).value();
  };
  EXPECT_EQ(fixed(spent("919.94").rate, 2), "99.83");
  EXPECT_EQ(fixed(spent("919.47").rate, 2), "99.78");
  EXPECT_EQ(fixed(spent("919.94").points.points, 2), "9.98");
  EXPECT_EQ(fixed(spent("919.47").points.points, 2), "9.98");
  // the limits that the chapter gives
  EXPECT_EQ(fixed(spent("919.166325").points.points, 2), "9.98");
  EXPECT_EQ(fixed(spent("919.166324").points.points, 2), "9.97");
  EXPECT_EQ(fixed(spent("920.087794").points.points, 2), "9.98");
  EXPECT_EQ(fixed(spent("920.087795").points.points, 2), "9.99");
  EXPECT_EQ(fixed(spent("919.857428").rate, 2), "99.83");
  EXPECT_EQ(fixed(spent("919.949576").rate, 2), "99.84");
}

TEST(Score, ABudgetOfZeroIsAnErrorAndMoreThanTheBudgetIsNotWorthMore) {  // E-10, E-11
  EXPECT_FALSE(score_execution(exact{0}, exact{0}, exact{10}, {}));
  const auto over = score_execution(exact{11}, exact{10}, exact{10}, {}).value();
  EXPECT_EQ(over.points.points, exact{10});
  EXPECT_EQ(fixed(over.rate, 2), "110.00");
  EXPECT_EQ(over.points.remarks.size(), 1U);
  EXPECT_EQ(score_execution(exact{-1}, exact{10}, exact{10}, {})->points.points, exact{0});
}

TEST(Score, EveryTotalHasItsGrade) {
  const std::vector<plans::grade> bands{{exact{90}, "优"}, {exact{80}, "良"}, {exact{60}, "中"}, {exact{0}, "差"}};
  for (const auto& [total, name] : {std::pair{"100", "优"},
                                    {"90", "优"},
                                    {"89.99", "良"},
                                    {"89.5", "良"},
                                    {"80", "良"},
                                    {"79.999", "中"},
                                    {"60", "中"},
                                    {"59.99", "差"},
                                    {"0", "差"}})
    EXPECT_EQ(grade_of(number(total), bands), name) << total;
}

TEST(Score, PointsHaveThePlacesOfThePlan) {  // E-23: whole points
  const auto of = [](int places) {
    return score(rule::positive, plans::read_target("≥3个", 2026).value(), number("2"), exact{10},
                 {rounding::half_up, places});
  };
  EXPECT_EQ(of(0).points, 7);
  EXPECT_EQ(of(1).points, number("6.7"));
  EXPECT_NE(of(0).method.find("四舍五入到整数得 7"), std::string::npos) << of(0).method;
  EXPECT_EQ(printed_points(exact{7}, 0).text, "7");
  EXPECT_EQ(printed_points(exact{7}, 1).text, "7.0");
  EXPECT_EQ(printed_points(number("6.75"), 0).text, "6.75") << "a person's";
}

TEST(Score, ANegativeTargetIsReachedOrNot) {
  EXPECT_EQ(points(rule::positive, "≥-5%", "-3", "10"), "10.00");
  EXPECT_EQ(points(rule::positive, "≥-5%", "-5.01", "10"), "0.00");
  EXPECT_EQ(points(rule::reverse_1, "≤-3%", "-4", "10"), "10.00");
  EXPECT_EQ(points(rule::reverse_2, "≤-3%", "0", "10"), "0.00");
}

TEST(Score, InARangeIsFullBelowAndAboveInProportion) {
  EXPECT_EQ(points(rule::range, "20-30天", "20", "10"), "10.00");
  EXPECT_EQ(points(rule::range, "20-30天", "30", "10"), "10.00");
  EXPECT_EQ(points(rule::range, "20-30天", "10", "10"), "5.00");
  EXPECT_EQ(points(rule::range, "20-30天", "33", "10"), "9.00");
  EXPECT_EQ(points(rule::range, "20-30天", "60", "10"), "0.00");
  EXPECT_FALSE(by(rule::range, "95%-100%", "94.99", "10").met);
}

/** 永德 2022: 7 of 10 for a target that is met (E-23). */
TEST(Score, PeopleMayGiveLessThanTheRuleNeverMore) {
  const scored full = by(rule::positive, "≥100%", "100", "10");
  plans::given_points given{.points = 7, .by = "张三", .on = "2026-12-30", .why = "资料不全"};
  const auto s = score_given(given, full).value();
  EXPECT_EQ(s.points, 7);
  EXPECT_TRUE(s.met);
  EXPECT_NE(s.method.find("按规则得 10，由张三于 2026-12-30 评定为 7：资料不全"), std::string::npos) << s.method;
  given.points = number("10.5");
  EXPECT_FALSE(score_given(given, full));
}

TEST(Score, APersonsPointsAreNotRounded) { EXPECT_EQ(printed_points(number("4.125"), 2).text, "4.125"); }

RC_GTEST_PROP(Score, PointsStayBetweenNothingAndTheWeightAndFullOnesMeanNearlyMet, ()) {
  const exact a(*rc::gen::inRange<std::int64_t>(0, 1'000'000), 1000);
  const exact b(*rc::gen::inRange<std::int64_t>(-1000, 3'000'000), 1000);
  const exact w(*rc::gen::inRange<std::int64_t>(0, 9000), 100);
  const auto r = *rc::gen::element(rule::positive, rule::equal, rule::reverse_1, rule::reverse_2);
  plans::target t{.how = plans::sign::equal, .text = {}, .number = a, .number_text = {}, .unit = {}};
  const scored s = score(r, t, b, w, {});
  RC_ASSERT(s.points >= 0);
  RC_ASSERT(s.points <= w);
  if (s.met) RC_ASSERT(s.points == w);
}

RC_GTEST_PROP(Score, ABetterValueNeverGetsLess, ()) {
  const exact a(*rc::gen::inRange<std::int64_t>(1, 1'000'000), 1000);
  const exact b(*rc::gen::inRange<std::int64_t>(0, 2'000'000), 1000);
  const exact better = b + exact(*rc::gen::inRange<std::int64_t>(0, 100'000), 1000);
  const plans::target t{.how = plans::sign::equal, .text = {}, .number = a, .number_text = {}, .unit = {}};
  const exact w{7};
  RC_ASSERT(score(rule::positive, t, better, w, {}).points >= score(rule::positive, t, b, w, {}).points);
  for (const rule r : {rule::reverse_1, rule::reverse_2})
    RC_ASSERT(score(r, t, better, w, {}).points <= score(r, t, b, w, {}).points);
}

}  // namespace
}  // namespace changtong::evaluate
