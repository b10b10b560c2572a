#include "daemon/recent/packed.h"

#include <gtest/gtest.h>

#include <cmath>

namespace changtong::recent {
namespace {

TEST(Packed, SmallFiguresAreExact) {
  for (std::uint64_t v = 0; v < 4096; ++v) ASSERT_EQ(unpack(pack(v)), v);
}

TEST(Packed, LargeOnesAreOffByNoMoreThanOneIn4096AndStayInOrder) {
  packed before = 0;
  for (double v = 1; v < 4.3e12; v = v * 1.00003 + 1) {
    const auto whole = static_cast<std::uint64_t>(v);
    const packed p = pack(whole);
    ASSERT_NEAR(static_cast<double>(unpack(p)), static_cast<double>(whole), static_cast<double>(whole) / 4096) << whole;
    ASSERT_GE(p, before) << whole;
    before = p;
  }
}

TEST(Packed, WhatIsTooLargeIsTheLargestAndNeverNoFigure) {
  EXPECT_EQ(pack(UINT64_MAX), most_packed);
  EXPECT_EQ(pack(4095ULL << 30U), most_packed);
  EXPECT_NE(pack(4094ULL << 30U), no_figure);
}

TEST(Packed, RoundsUpIntoTheNextPowerOfTwo) { EXPECT_EQ(unpack(pack(8191)), 8192U); }

}  // namespace
}  // namespace changtong::recent
