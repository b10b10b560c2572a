// Lines that state one circuit number or one address are warned of, with both places; it holds all the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using testing::HasSubstr;

std::vector<std::string> warned(const std::string& csv) {
  const fakes::world w = fakes::with("", csv);
  std::vector<std::string> all;
  const auto read = load("c.yaml", w.view());
  EXPECT_TRUE(read) << to_string(read.error().list.front());
  if (!read) return all;
  for (const problem& p : read->warnings) all.push_back(to_string(p));
  return all;
}

TEST(Twins, OneCircuitNumberIsWarnedOfWhereItStandsAgainWithTheFirstPlace) {
  const auto all = warned(
      "编号,名称,类别,电路编号,地址\nV01,北街,村/社区,CT-1,10.1.1.1\nV02,南街,村/社区,CT-2,10.1.1.2\n"
      "V03,东街,村/社区,CT-1,10.1.1.3\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0], testing::StartsWith(
                          "lines.csv:4:13: 电路编号 CT-1 与第 2 行的 V01 相同：是同一条专线就只留一条，否则请核对"));
  EXPECT_THAT(all[0], HasSubstr("circuit CT-1 is that of V01 in line 2 too"));
}

TEST(Twins, OneOfSeveralAddressesIsOneToo) {
  const auto all =
      warned("编号,类别,地址\nV01,村/社区,10.1.1.1 10.1.1.9\nV02,村/社区,10.1.1.9\nV03,村/社区,10.1.1.9\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_THAT(all[0], HasSubstr("lines.csv:3:10: 地址 10.1.1.9 与第 2 行的 V01 相同"));
  EXPECT_THAT(all[1], HasSubstr("lines.csv:4:10: 地址 10.1.1.9 与第 2 行的 V01 相同"));
}

TEST(Twins, WhatIsClosedOrStatesNothingIsNoTwin) {
  EXPECT_TRUE(warned("编号,类别,电路编号,地址,停用日期\nV01,村/社区,CT-1,10.1.1.1,2025-01-01\n"
                     "V02,村/社区,CT-1,10.1.1.1,\nV03,村/社区,,10.1.1.3,\nV04,村/社区,,10.1.1.4,\n")
                  .empty());
}

}  // namespace
}  // namespace changtong
