#include "daemon/schedule/planner.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/fakes/world.h"

namespace changtong::schedule {
namespace {

constexpr mono_t at(double seconds) { return mono_t{nanoseconds{static_cast<std::int64_t>((1000 + seconds) * 1e9)}}; }
double sec(mono_t t) { return static_cast<double>(t.time_since_epoch().count()) / 1e9 - 1000; }

std::shared_ptr<const inventory> lines(std::size_t n, timing when = {}) {
  std::vector<fakes::line_spec> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back({.id = "L" + std::to_string(i), .when = when});
  return fakes::district(all);
}

/** Every question between two instants at ticks of 10 ms, by check. */
std::map<check_index, std::vector<due_slot>> run(planner& p, double from, double to) {
  std::map<check_index, std::vector<due_slot>> asked;
  for (double t = from; t < to; t += 0.01)
    for (const due_slot& d : p.due(at(t))) asked[d.check].push_back(d);
  return asked;
}

TEST(Planner, EachSlotIsAskedExactlyOnce) {
  planner p(at(0), nanoseconds{0});
  p.adopt(lines(50), at(0));
  const auto asked = run(p, 0, 100);
  ASSERT_EQ(asked.size(), 50U);
  for (const auto& [check, slots] : asked) {
    EXPECT_NEAR(static_cast<double>(slots.size()), 100, 1);
    for (const due_slot& d : slots) EXPECT_EQ(d.missed, 0U);
    for (std::size_t i = 1; i < slots.size(); ++i) {
      const double apart = sec(slots[i].due) - sec(slots[i - 1].due);
      EXPECT_GE(apart, 0.8 - 1e-9) << "±10 % jitter at both ends";
      EXPECT_LE(apart, 1.2 + 1e-9);
    }
  }
}

TEST(Planner, PhasesSpreadOverTheInterval) {
  planner p(at(0), nanoseconds{0});
  p.adopt(lines(1000, {.interval = milliseconds{10'000}}), at(0));
  std::array<int, 10> tenth{};
  for (const auto& [check, slots] : run(p, 0, 10))
    for (const due_slot& d : slots) ++tenth[static_cast<std::size_t>(std::clamp(sec(d.due), 0.0, 9.99))];
  for (const int n : tenth) EXPECT_NEAR(n, 100, 50);
}

TEST(Planner, ARestartKeepsThePhase) {
  const auto inv = lines(1);
  planner before(at(0), nanoseconds{0});
  before.adopt(inv, at(0));
  const auto first = run(before, 0, 20);
  // The machine restarted: another monotonic zero, the same wall time.
  planner after(mono_t{nanoseconds{0}}, at(10).time_since_epoch());
  after.adopt(inv, mono_t{nanoseconds{0}});
  std::vector<double> again;
  for (double t = 0; t < 5; t += 0.01)
    for (const due_slot& d : after.due(mono_t{nanoseconds{static_cast<std::int64_t>(t * 1e9)}}))
      again.push_back(static_cast<double>(d.due.time_since_epoch().count()) / 1e9 + 10);
  ASSERT_FALSE(again.empty());
  for (const double t : again)
    EXPECT_TRUE(std::any_of(first.at(0).begin(), first.at(0).end(), [&](const due_slot& d) {
      return std::abs(sec(d.due) - t) < 1e-6;
    })) << t;
}

TEST(Planner, AStallMakesSlotsLateAndAsksOnlyTheNewest) {
  planner p(at(0), nanoseconds{0});
  p.adopt(lines(1), at(0));
  const auto before = run(p, 0, 10).at(0);
  const auto due = p.due(at(16));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_GE(due[0].missed, 4U);
  EXPECT_LE(due[0].missed, 6U);
  EXPECT_GT(sec(due[0].due), 14.5);
  const auto after = run(p, 16.01, 20).at(0);
  EXPECT_NEAR(static_cast<double>(before.size() + due[0].missed + 1 + after.size()), 20, 1) << "no slot vanished";
}

TEST(Planner, AVeryLongStallIsJumpedOverAndCounted) {
  planner p(at(0), nanoseconds{0});
  p.adopt(lines(1), at(0));
  run(p, 0, 2);
  const auto& due = p.due(at(86'400));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_NEAR(due[0].missed, 86'400 - 2, 3);
}

TEST(Planner, TheFastPaceAsksAtTheFastIntervalUntilToldOtherwise) {
  planner p(at(0), nanoseconds{0});
  p.adopt(lines(1), at(0));
  run(p, 0, 5);
  p.grant({.check = 0, .speed = pace::fast, .now = true, .urgent = true}, at(5));
  EXPECT_EQ(p.due(at(5.01)).size(), 1U) << "at once";
  EXPECT_NEAR(static_cast<double>(run(p, 5.02, 15).at(0).size()), 40, 2);
  p.grant({.check = 0, .speed = pace::usual}, at(15));
  EXPECT_NEAR(static_cast<double>(run(p, 15.01, 25).at(0).size()), 10, 1);
}

TEST(Planner, WithoutBudgetACheckKeepsItsRegularSlotsAndNothingIsLate) {
  planner p(at(0), nanoseconds{0}, 10);
  p.adopt(lines(100), at(0));
  run(p, 0, 2);
  for (check_index c = 0; c < 100; ++c) p.grant({.check = c, .speed = pace::fast, .urgent = true}, at(2));
  std::size_t asked = 0, missed = 0;
  for (const auto& [check, slots] : run(p, 2, 12)) {
    asked += slots.size();
    for (const due_slot& d : slots) missed += d.missed;
  }
  EXPECT_EQ(missed, 0U);
  EXPECT_NEAR(static_cast<double>(asked), 100 * 10 + 10 * 10, 60) << "regular slots plus ten fast questions a second";
}

TEST(Planner, UrgentQuestionsAreServedBeforeOthersFromTheBudget) {
  planner p(at(0), nanoseconds{0}, 20);
  p.adopt(lines(100, {.interval = milliseconds{60'000}, .fast_interval = milliseconds{250}}), at(0));
  p.due(at(1));
  for (check_index c = 0; c < 100; ++c) p.grant({.check = c, .speed = pace::fast, .urgent = c < 5}, at(1));
  std::size_t urgent = 0;
  for (const auto& [check, slots] : run(p, 1, 11))
    if (check < 5) urgent += slots.size();
  EXPECT_GE(urgent, 5 * 10 * 2U) << "half of the budget is kept for them";
}

TEST(Planner, AnOutageIsAskedAtLeastEveryTenSeconds) {
  planner p(at(0), nanoseconds{0});
  p.adopt(lines(1, {.interval = milliseconds{60'000}}), at(0));
  p.grant({.check = 0, .speed = pace::outage}, at(0));
  EXPECT_NEAR(static_cast<double>(run(p, 0, 120).at(0).size()), 12, 1);
}

TEST(Wheel, FiresInOrderAndLooksAtEachSlotOnceAfterALongStall) {
  wheel w;
  for (std::uint32_t i = 0; i < 1000; ++i) w.add(1 + (i * 7919) % 20'000, i, 0);
  std::size_t fired = 0;
  w.advance(5'000, [&](std::uint32_t, std::uint32_t) { ++fired; });
  const std::size_t early = fired;
  EXPECT_GT(early, 100U);
  w.advance(1'000'000, [&](std::uint32_t, std::uint32_t) { ++fired; });
  EXPECT_EQ(fired, 1000U);
  EXPECT_EQ(w.size(), 0U);
}

TEST(Wheel, WhatIsAddedForThePastFiresAtTheNextAdvance) {
  wheel w(100);
  std::size_t fired = 0;
  w.add(5, 1, 0);
  w.advance(101, [&](std::uint32_t, std::uint32_t) { ++fired; });
  EXPECT_EQ(fired, 1U);
}

}  // namespace
}  // namespace changtong::schedule
