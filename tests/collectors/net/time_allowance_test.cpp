#include "collectors/net/time_allowance.h"

#include <gtest/gtest.h>

namespace changtong::net {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

TEST(TimeAllowance, IsATenthOfASecondForWhatIsNoPageYet) {
  time_allowance a;
  EXPECT_TRUE(a.spend(milliseconds{60}, 0));
  EXPECT_TRUE(a.spend(milliseconds{40}, mebibyte - 1));
  EXPECT_FALSE(a.spend(nanoseconds{1}, mebibyte - 1));
}

TEST(TimeAllowance, GrowsWithEachWholeMebibyteOfThePage) {
  time_allowance a;
  EXPECT_TRUE(a.spend(milliseconds{300}, 8 * mebibyte));
  EXPECT_FALSE(a.spend(nanoseconds{1}, 8 * mebibyte));
  EXPECT_TRUE(a.spend(nanoseconds{1}, 9 * mebibyte)) << "what was too much may be allowed by what came since";
}

}  // namespace
}  // namespace changtong::net
