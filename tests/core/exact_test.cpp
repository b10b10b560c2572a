#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "daemon/core/exact.h"

namespace changtong {
namespace {

exact number(std::string_view text) { return parse_exact(text).value(); }

TEST(Exact, NumbersAsPeopleWriteThemAreReadInFull) {
  EXPECT_EQ(number("919.94"), exact(91994, 100));
  EXPECT_EQ(number("-3"), exact(-3));
  EXPECT_EQ(number("1,234,567.50"), exact(246913500, 200));
  EXPECT_EQ(number("007.10"), exact(71, 10));
  EXPECT_EQ(number("0"), exact(0));
}

TEST(Exact, WhatIsNotOneNumberIsNone) {
  for (const char* text : {"", "-", ".5", "5.", "1e3", "12%", "1,23", "12,3456", ",123", "0x10", "1.2.3", " 1", "１２"})
    EXPECT_FALSE(parse_exact(text)) << text;
  EXPECT_FALSE(parse_exact(std::string(41, '1')));
}

TEST(Exact, TheTrapOf9995RoundsAsPeopleRound) {  // E-22, E-24: 0.9995 x 10 in binary depends on the order
  EXPECT_EQ(fixed(number("99.95") / 100 * 10, 2), "10.00");
  EXPECT_EQ(fixed(number("99.94") / 100 * 10, 2), "9.99");
  EXPECT_EQ(fixed(number("9.995"), 2, rounding::down), "9.99");
  EXPECT_EQ(fixed(number("9.985"), 2, rounding::half_even), "9.98");
  EXPECT_EQ(fixed(number("-0.004"), 2), "0.00");
  EXPECT_EQ(fixed(number("-9.995"), 2), "-10.00");
}

TEST(Exact, TheExecutionRatesOf2023) {  // rules.md 3.9
  EXPECT_EQ(fixed(number("919.94") / number("921.47") * 100, 2), "99.83");
  EXPECT_EQ(fixed(number("919.47") / number("921.47") * 100, 2), "99.78");
  EXPECT_EQ(fixed(number("919.94") / number("921.47") * 10 + 90, 2), "99.98");
  EXPECT_EQ(fixed(number("919.47") / number("921.47") * 10 + 90, 2), "99.98");
}

TEST(Exact, ShortestKeepsAFiniteDecimalAndCutsAnythingElse) {
  EXPECT_EQ(shortest(number("919.940")), "919.94");
  EXPECT_EQ(shortest(number("10.000")), "10");
  EXPECT_EQ(shortest(exact(2, 3)), "0.666666666666");
  EXPECT_EQ(shortest(exact(-1, 10'000'000'000'000)), "0");
}

TEST(Exact, AMeanOfRatiosIsRoundedDownOnceAtItsEnd) {
  const std::vector<std::pair<std::int64_t, std::int64_t>> thirds{{1, 3}, {2, 3}, {1, 3}, {2, 3}};
  EXPECT_EQ(mean_of(sum_of(thirds), 4, 1'000'000'000'000'000), 500'000'000'000'000);
  EXPECT_EQ(mean_of(sum_of({{1, 7}, {1, 11}}), 2, 1000), 116) << "9/77 = 0.11688…";
  EXPECT_EQ(mean_of(sum_of({}), 1, 1000), 0);
}

RC_GTEST_PROP(Exact, AMeanOfRatiosIsThatOfExactFractions, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 30);
  std::vector<std::pair<std::int64_t, std::int64_t>> ratios;
  exact sum = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto whole = *rc::gen::inRange<std::int64_t>(1, 31'622'400'001);
    ratios.emplace_back(*rc::gen::inRange<std::int64_t>(0, whole + 1), whole);
    sum += exact(ratios.back().first, whole);
  }
  const exact mean = rounded(sum / n, 15, rounding::down) * exact(1'000'000'000'000'000);
  RC_ASSERT(exact(mean_of(sum_of(ratios), n, 1'000'000'000'000'000)) == mean);
}

RC_GTEST_PROP(Exact, PrintingAndReadingGiveTheRoundedValue, ()) {
  const auto units = *rc::gen::arbitrary<std::int64_t>();
  const auto scale = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
  const auto places = *rc::gen::inRange(0, 9);
  const exact value(units, scale);
  for (const auto how : {rounding::half_up, rounding::half_even, rounding::down})
    RC_ASSERT(number(fixed(value, places, how)) == rounded(value, places, how));
}

RC_GTEST_PROP(Exact, RoundingNeverMovesMoreThanHalfAUnit, ()) {
  const exact value(*rc::gen::arbitrary<std::int32_t>(), *rc::gen::inRange<std::int32_t>(1, 100'000));
  const exact moved = rounded(value, 2) - value;
  RC_ASSERT(abs(moved) <= exact(1, 200));
}

}  // namespace
}  // namespace changtong
