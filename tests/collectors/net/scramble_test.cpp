#include "collectors/net/scramble.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace changtong::net {
namespace {

constexpr std::uint32_t all = 1U << 30U;
const scramble order({1, 0x123456789abcdef0ULL, 3, 0xfedcba9876543210ULL});

TEST(Scramble, EveryNumberFindsItsWayBack) {
  for (std::uint64_t x = 0; x < all; x += 65'537) {
    const std::uint32_t there = order.there(static_cast<std::uint32_t>(x));
    ASSERT_LT(there, all);
    ASSERT_EQ(order.back(there), x);
  }
  EXPECT_EQ(order.back(order.there(all - 1)), all - 1);
}

TEST(Scramble, NoTwoNumbersMeet) {
  std::set<std::uint32_t> seen;
  for (std::uint32_t x = 0; x < 100'000; ++x) seen.insert(order.there(x));
  EXPECT_EQ(seen.size(), 100'000U);
}

TEST(Scramble, NeighboursAreFarApartAndOtherKeysAreAnotherOrder) {
  const scramble other({1, 0x123456789abcdef0ULL, 3, 0xfedcba9876543211ULL});
  double bits = 0;
  int same = 0;
  for (std::uint32_t x = 0; x < 10'000; ++x) {
    bits += std::popcount(order.there(x) ^ order.there(x + 1));
    same += order.there(x) == other.there(x) ? 1 : 0;
  }
  EXPECT_NEAR(bits / 10'000, 15, 0.3) << "of 30 bits, half change";
  EXPECT_LT(same, 5);
}

}  // namespace
}  // namespace changtong::net
