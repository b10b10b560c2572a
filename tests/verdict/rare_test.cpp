// What takes no memory while it is as a new one.
#include "daemon/verdict/rare.h"

#include <gtest/gtest.h>

#include <vector>

#include "daemon/verdict/passing.h"

namespace changtong::verdict {
namespace {

struct wound {
  int depth = 3;
  std::vector<int> days{};
};

TEST(Rare, IsAsANewOneUntilItIsWrittenTo) {
  rare<wound> r;
  EXPECT_EQ(r->depth, 3);
  EXPECT_EQ(r.kept(), nullptr);
  r.own().depth = 5;
  EXPECT_EQ(r->depth, 5);
  EXPECT_EQ(r.kept(), &r.own());
}

TEST(Rare, ACopyHasItsOwn) {
  rare<wound> r;
  r.own().days = {1, 2};
  rare<wound> copy = r;
  copy.own().days.push_back(3);
  EXPECT_EQ(r->days.size(), 2U);
  r = copy;
  EXPECT_EQ(r->days.size(), 3U);
  EXPECT_NE(r.kept(), copy.kept());
  r = rare<wound>();
  EXPECT_EQ(r.kept(), nullptr);
}

TEST(Rare, WhatIsTakenLeavesNothing) {
  rare<wound> r;
  EXPECT_EQ(r.take().depth, 3) << "of nothing: a new one";
  r.own().days = {1, 2};
  EXPECT_EQ(r.take().days.size(), 2U);
  EXPECT_EQ(r.kept(), nullptr);
  EXPECT_TRUE(r->days.empty());
}

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
