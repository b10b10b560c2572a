#include "daemon/core/contract.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(Percent, IsAnExactFraction) {
  EXPECT_EQ(parse_percent("99.9"), (share{999, 1000}));
  EXPECT_EQ(parse_percent("99.95 %"), (share{9995, 10'000}));
  EXPECT_EQ(parse_percent("100"), (share{100, 100}));
  EXPECT_EQ(parse_percent("99.90"), parse_percent("99.9")) << "one value, one spelling in the journal";
  EXPECT_EQ(parse_percent("0"), (share{0, 100}));
  for (const char* bad : {"", "%", "100.1", "-1", "1e2", "99,9", "99.", ".9", "99.1234567891", "九十九", "1 0"})
    EXPECT_FALSE(parse_percent(bad)) << bad;
}

TEST(Percent, IsPrintedAsItWasWritten) {
  for (const char* text : {"99.9", "99.95", "100", "0", "0.05", "99.999999999"})
    EXPECT_EQ(percent_text(*parse_percent(text)), text);
}

TEST(Share, IsReachedExactlyAtItsEdgeAndNotAMillisecondBefore) {
  constexpr std::int64_t month = 31LL * 86'400'000;
  EXPECT_TRUE(reaches(month - month / 1000, month, {999, 1000}));
  EXPECT_FALSE(reaches(month - month / 1000 - 1, month, {999, 1000}));
  EXPECT_TRUE(reaches(1LL << 61, 1LL << 61, {100'000'000'000, 100'000'000'000})) << "a province's century";
}

TEST(Money, IsCountedInFenAndRoundedHalfUp) {
  EXPECT_EQ(parse_yuan("280"), 28'000);
  EXPECT_EQ(parse_yuan("280.5"), 28'050);
  EXPECT_EQ(yuan_text(28'005), "280.05");
  for (const char* bad : {"", "1.234", "-5", "1,000", "1e3"}) EXPECT_FALSE(parse_yuan(bad)) << bad;
  EXPECT_EQ(portion(28'000, 1, 31), 903) << "903.2";
  EXPECT_EQ(portion(5, 1, 10), 1) << "half a fen goes up";
  EXPECT_EQ(portion(4, 1, 10), 0);
  EXPECT_EQ(portion(100'000'000'000'000, 999'999'999, 1'000'000'000), 99'999'999'900'000);
}

TEST(Contract, CoversTheCarriersLinesThatItAsksFor) {
  contract c{.id = "a", .carrier = "电信"};
  const contract_subject village{"V1", "电信", "village", "铜"};
  EXPECT_TRUE(covers(c, village));
  EXPECT_FALSE(covers(c, {"V2", "移动", "village", "铜"}));
  c.categories = {"township", "village"};
  EXPECT_TRUE(covers(c, village));
  c.grades = {"金"};
  EXPECT_FALSE(covers(c, village));
  c.grades = {};
  c.lines = {"V2"};
  EXPECT_FALSE(covers(c, village));
}

TEST(Contract, WhatItDoesNotStateIsNotInItsJson) {
  const contract c{.id = "a", .carrier = "电信", .source = "合同"};
  EXPECT_EQ(to_json(c), R"({"id":"a","carrier":"电信","period":"month","windows":"removed","source":"合同"})");
}

}  // namespace
}  // namespace changtong
