// A list that is left at its front.
#include "daemon/verdict/passing.h"

#include <gtest/gtest.h>

namespace changtong::verdict {
namespace {

TEST(Passing, GoesOnAfterItWasEmpty) {
  passing<int> p;
  p.pop_front(0);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) p.push_back(i);
    p.pop_front(2);
    EXPECT_EQ(p.front(), 2);
    p.pop_front(3);
    EXPECT_TRUE(p.empty());
    EXPECT_TRUE(p.begin() == p.end());
  }
}

}  // namespace
}  // namespace changtong::verdict
