#include "daemon/recent/ring.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace changtong::recent {
namespace {

constexpr packed none = no_figure;

struct RingTest : testing::Test {
  ring r{1, 4};
  void put(slot s, packed value) {
    r.open(s);
    r.set(0, value);
  }
  [[nodiscard]] std::vector<packed> all(slot first, std::size_t count) const { return r.read(first, count); }
};

TEST_F(RingTest, BucketsBeginAtWholeFiveMinutes) {
  EXPECT_EQ(slot_of(wall_from_ms(0)), 0U);
  EXPECT_EQ(slot_of(wall_from_ms(299'999)), 0U);
  EXPECT_EQ(slot_of(wall_from_ms(300'000)), 1U);
  EXPECT_EQ(begin_of(1), wall_from_ms(300'000));
  EXPECT_EQ(slot_of(wall_min), 0U) << "before 1970 nothing is told apart";
  EXPECT_EQ(slot_of(wall_max), UINT32_MAX);
}

TEST_F(RingTest, NothingIsThereBeforeTheFirst) {
  EXPECT_EQ(all(0, 5), (std::vector<packed>{none, none, none, none, none}));
}

TEST_F(RingTest, TheOldestMakesRoom) {
  for (slot s = 100; s < 106; ++s) put(s, static_cast<packed>(s));
  EXPECT_EQ(all(100, 7), (std::vector<packed>{none, none, 102, 103, 104, 105, none}));
}

TEST_F(RingTest, WhatWasLeftOutIsAHole) {
  put(100, 1);
  put(103, 4);
  EXPECT_EQ(all(100, 4), (std::vector<packed>{1, none, none, 4}));
  put(104, 5);
  put(1'000, 9);
  EXPECT_EQ(all(997, 4), (std::vector<packed>{none, none, none, 9}));
}

TEST_F(RingTest, AStepBackGoesOnWhereItLandsAndForgetsWhatIsLater) {
  for (slot s = 100; s < 104; ++s) put(s, static_cast<packed>(s));
  EXPECT_TRUE(r.open(101));
  EXPECT_EQ(r.at(0), 101) << "its figure is still there";
  EXPECT_EQ(all(98, 6), (std::vector<packed>{none, none, 100, 101, none, none}));
  put(50, 7);
  EXPECT_EQ(all(98, 6), (std::vector<packed>{none, none, none, none, none, none}));
  EXPECT_EQ(all(47, 4), (std::vector<packed>{none, none, none, 7}));
}

TEST_F(RingTest, OpensARowOnce) {
  EXPECT_TRUE(r.open(100));
  EXPECT_FALSE(r.open(100));
  EXPECT_TRUE(r.open(101));
}

TEST_F(RingTest, WithFewerRowsTheNewestAreKeptWithMoreAll) {
  for (slot s = 100; s < 104; ++s) put(s, static_cast<packed>(s));
  EXPECT_EQ(ring(r, 2).read(100, 4), (std::vector<packed>{none, none, 102, 103}));
  EXPECT_EQ(ring(r, 9).read(98, 6), (std::vector<packed>{none, none, 100, 101, 102, 103}));
  EXPECT_EQ(ring(ring(1, 4), 2).read(0, 2), (std::vector<packed>{none, none}));
}

/** What is read beside a writer is this bucket's or nothing, never another's from the same place. */
TEST(Ring, AReaderSeesNoFigureOfAnotherBucket) {
  ring r(1, 2);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (slot s = 1; s < 20'000; ++s) {
      r.open(s);
      r.set(0, static_cast<packed>(s % 1'000));
    }
    done = true;
  });
  while (!done)
    for (slot first = 1; first < 20'000 && !done; first += 97) {
      const auto seen = r.read(first, 2);
      for (slot k = 0; k < 2; ++k) ASSERT_TRUE(seen[k] == none || seen[k] == (first + k) % 1'000) << first + k;
    }
  writer.join();
}

}  // namespace
}  // namespace changtong::recent
