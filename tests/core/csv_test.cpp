#include "daemon/core/csv.h"

#include <gmock/gmock.h>

namespace changtong {
namespace {

TEST(Csv, HoldsNoFormulaAndANegativeNumberStaysOne) {
  for (const char* formula :
       {"=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1+1", "－x", "-", "-inf", "-nan", "-0x1p3"})
    EXPECT_THAT(csv_field(formula), testing::AnyOf(testing::StartsWith("'"), testing::StartsWith("\"'"))) << formula;
  EXPECT_EQ(csv_field("=HYPERLINK(\"http://x\",\"y\")"), R"csv("'=HYPERLINK(""http://x"",""y"")")csv");
  for (const char* plain : {"-12.5", "-1e-07", "-0", "0", "城关镇", "a=b", "", "'=x", "2026-03-14T00:00:00+08:00"})
    EXPECT_EQ(csv_field(plain), plain);
}

}  // namespace
}  // namespace changtong
