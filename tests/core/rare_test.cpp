// What takes no memory while it is as a new one.
#include "daemon/core/rare.h"

#include <gtest/gtest.h>

#include <vector>

namespace changtong {
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

}  // namespace
}  // namespace changtong
