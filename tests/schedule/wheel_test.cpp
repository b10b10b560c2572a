// The wheel: who fires when, whatever its slots are shared by.
#include "daemon/schedule/wheel.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace changtong::schedule {
namespace {

using firings = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // id, serial
constexpr std::uint64_t round = 4096;                                  // ticks that share a slot

firings fired(wheel& w, std::uint64_t tick) {
  firings all;
  w.advance(tick, [&](std::uint32_t id, std::uint32_t serial) { all.emplace_back(id, serial); });
  return all;
}

TEST(Wheel, FiresWhatIsDueAndNothingElse) {
  wheel w;
  w.add(5, 1, 10);
  w.add(3, 2, 20);
  w.add(3 + round, 3, 30);
  EXPECT_EQ(fired(w, 4), (firings{{2, 20}}));
  EXPECT_EQ(fired(w, 5), (firings{{1, 10}}));
  EXPECT_EQ(w.size(), 1U);
  EXPECT_EQ(fired(w, 2 + round), firings{});
  EXPECT_EQ(fired(w, 3 + round), (firings{{3, 30}})) << "it stayed in the slot that had fired before";
}

TEST(Wheel, WhatIsPastFiresNext) {
  wheel w(100);
  w.add(7, 1, 1);
  EXPECT_EQ(fired(w, 101), (firings{{1, 1}}));
}

TEST(Wheel, WhoFiresMayAddToTheSlotThatFires) {
  wheel w;
  w.add(1, 1, 1);
  w.add(1, 2, 1);
  firings all;
  w.advance(1, [&](std::uint32_t id, std::uint32_t serial) {
    all.emplace_back(id, serial);
    for (std::uint32_t more = 0; more < 100; ++more) w.add(1 + round, id, 2 + more);
  });
  EXPECT_EQ(all, (firings{{1, 1}, {2, 1}}));
  EXPECT_EQ(w.size(), 200U);
  EXPECT_EQ(fired(w, 1 + round).size(), 200U);
}

TEST(Wheel, AfterALongStallEverySlotIsLookedAtOnceAndWhatIsNotDueStays) {
  wheel w;
  for (std::uint32_t i = 0; i < 10; ++i) w.add(1 + i * round, i, 0);
  EXPECT_EQ(fired(w, 3 * round).size(), 3U);
  EXPECT_EQ(w.size(), 7U);
  for (std::uint32_t i = 3; i < 10; ++i) EXPECT_EQ(fired(w, 1 + i * round), (firings{{i, 0}}));
}

TEST(Wheel, SlotsThatBeginToFillTakeWhatOthersHaveLeft) {
  wheel w;
  std::uint64_t tick = 0;
  for (std::uint32_t i = 0; i < 3 * round; ++i) {
    w.add(tick + 2, i, 1);
    w.add(tick + 90, i, 2);
    const firings now = fired(w, ++tick);
    ASSERT_EQ(now.size(), i == 0 ? 0U : i < 89 ? 1U : 2U) << i;
  }
}

}  // namespace
}  // namespace changtong::schedule
