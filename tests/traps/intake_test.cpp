#include "daemon/traps/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace changtong::traps {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

mono_t at(double s) { return mono_t{} + std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(s)); }
wall_t wall(std::int64_t s) { return wall_from_ms(1'773'417'600'000 + s * 1000); }

trap_record trap(std::string_view oid, std::int64_t s = 0) {
  trap_record r;
  r.at = r.about = wall(s);
  r.target = "L1";
  r.trap = oid;
  r.text = "first";
  return r;
}

struct Intake : testing::Test {
  intake in{{.burst = 3, .per_hour = 60}};
  void fill() {
    for (int n = 0; n < 3; ++n) ASSERT_EQ(in.take(trap("1.3"), {}, at(0)).what, fate::keep);
  }
};

TEST_F(Intake, ABurstIsKeptOneByOneAndTheRestIsSummed) {
  fill();
  for (int n = 1; n <= 100; ++n) EXPECT_EQ(in.take(trap("1.3", n), {}, at(0.1)).what, fate::sum);
  EXPECT_TRUE(in.due(at(30), wall(30)).empty()) << "its next entry is due after a minute";
  const auto sums = in.due(at(61), wall(61));
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].entry.at, wall(61));
  EXPECT_EQ(sums[0].entry.about, wall(1));
  EXPECT_EQ(sums[0].entry.last, wall(100));
  EXPECT_EQ(sums[0].entry.more, 99);
  EXPECT_EQ(sums[0].entry.text, "first");
  EXPECT_TRUE(in.due(at(200), wall(200)).empty());
}

TEST_F(Intake, AYearOfAStormIsBounded) {
  std::size_t entries = 0;
  for (int s = 0; s < 86'400; s += 5) {
    entries += in.take(trap("1.3"), {}, at(s)).what == fate::keep ? 1 : 0;
    entries += in.due(at(s), wall(s)).size();
  }
  EXPECT_LE(entries, 3U + 24 * 60);
  EXPECT_GE(entries, 24U * 59);
}

TEST_F(Intake, KindsAreSummedApartAndTooManyTogether) {
  fill();
  for (int kind = 0; kind < 20; ++kind)
    for (int n = 0; n < 2; ++n) EXPECT_EQ(in.take(trap("2." + std::to_string(kind)), {}, at(0)).what, fate::sum);
  const auto sums = in.due(at(0), wall(0), true);
  ASSERT_EQ(sums.size(), intake::most_kinds);
  std::int64_t all = 0;
  for (const intake::sum& s : sums) all += 1 + s.entry.more;
  EXPECT_EQ(all, 40) << "nothing is lost of the count";
  EXPECT_EQ(sums.front().entry.trap, "2.0");
  EXPECT_EQ(sums.back().entry.trap, "other");
  EXPECT_EQ(sums.back().entry.text, "") << "it is about many";
}

TEST_F(Intake, LinesAreAskedAtMostOnceASecond) {
  EXPECT_TRUE(in.take(trap("1.3"), {}, at(0)).ask);
  EXPECT_FALSE(in.take(trap("1.3"), {}, at(0.9)).ask);
  EXPECT_TRUE(in.take(trap("1.3"), {}, at(1)).ask);
  for (int n = 0; n < 3; ++n) EXPECT_FALSE(in.take(trap("1.3"), {}, at(1.5)).ask);
  EXPECT_TRUE(in.take(trap("1.3"), {}, at(3)).ask) << "one that is only counted asks all the same";
}

/** A switch without power says first that all its links are down. */
TEST_F(Intake, ALastGaspBehindAStormOfLinksIsKeptAtOnceAndBounded) {
  fill();
  EXPECT_EQ(in.take(trap("1.3"), {}, at(0)).what, fate::sum);
  trap_record gasp = trap("1.9");
  gasp.what = trap_class::power;
  for (int n = 0; n < 4; ++n) EXPECT_EQ(in.take(gasp, {}, at(0)).what, fate::keep);
  EXPECT_EQ(in.take(gasp, {}, at(0)).what, fate::sum);
}

TEST_F(Intake, ARepeatedInformIsAnsweredOnlyOnceItIsDurable) {
  EXPECT_EQ(in.take(trap("1.3"), 7, at(0)).what, fate::keep);
  EXPECT_EQ(in.take(trap("1.3"), 7, at(1)).what, fate::waiting);
  in.entered("L1", 7, true, at(1));
  EXPECT_EQ(in.take(trap("1.3"), 7, at(2)).what, fate::kept);
  EXPECT_EQ(in.take(trap("1.3"), 8, at(2)).what, fate::keep) << "another one";
  EXPECT_EQ(in.take(trap("1.3"), 7, at(700)).what, fate::keep) << "its number may be another's by now";
}

TEST_F(Intake, AnInformThatTheLedgerRefusedComesAgainAsNew) {
  EXPECT_EQ(in.take(trap("1.3"), 7, at(0)).what, fate::keep);
  in.entered("L1", 7, false, at(1));
  EXPECT_EQ(in.take(trap("1.3"), 7, at(1)).what, fate::keep);
}

TEST_F(Intake, AnInformThatIsOnlyCountedIsCountedOnceAndAnsweredOnceItsSumIsDurable) {
  fill();
  EXPECT_EQ(in.take(trap("1.3"), 7, at(0)).what, fate::sum);
  EXPECT_EQ(in.take(trap("1.3"), 8, at(0)).what, fate::sum);
  EXPECT_EQ(in.take(trap("1.3"), 7, at(1)).what, fate::waiting);
  EXPECT_EQ(in.take(trap("1.3"), 7, at(5000)).what, fate::waiting) << "however long its sum waits";
  const auto sums = in.due(at(5000), wall(5000));
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].entry.more, 1);
  EXPECT_THAT(sums[0].informs, ElementsAre(7U, 8U));
  EXPECT_EQ(in.take(trap("1.3"), 7, at(5000)).what, fate::waiting) << "it is not durable yet";
  in.entered("L1", 7, true, at(5001));
  in.entered("L1", 8, false, at(5001));
  EXPECT_EQ(in.take(trap("1.3"), 7, at(5002)).what, fate::kept);
  EXPECT_NE(in.take(trap("1.3"), 8, at(5002)).what, fate::kept) << "the ledger has no room for it: as new";
  EXPECT_NE(in.take(trap("1.3"), 7, at(5700)).what, fate::kept) << "its number may be another's by now";
}

TEST_F(Intake, InformsThatWaitWithTheirSumsAreBounded) {
  fill();
  for (std::uint64_t n = 0; n < 1000; ++n) EXPECT_EQ(in.take(trap("1.3"), n, at(0)).what, fate::sum);
  EXPECT_EQ(in.due(at(0), wall(0), true).front().informs.size(), intake::most_summed);
}

TEST_F(Intake, RememberedInformsAreBounded) {
  intake roomy({.burst = 1000, .per_hour = 60});
  for (std::uint64_t n = 0; n < 100; ++n) EXPECT_EQ(roomy.take(trap("1.3"), n, at(0)).what, fate::keep);
  roomy.entered("L1", 0, true, at(1));
  EXPECT_EQ(roomy.take(trap("1.3"), 0, at(1)).what, fate::keep) << "forgotten";
  EXPECT_EQ(roomy.take(trap("1.3"), 99, at(1)).what, fate::waiting);
}

TEST_F(Intake, TooManyAreNotTaken) {
  int taken = 0;
  for (int n = 0; n < 1000; ++n) taken += in.may_take("L1", at(0)) ? 1 : 0;
  EXPECT_EQ(taken, static_cast<int>(intake::most_a_second));
  EXPECT_TRUE(in.may_take("L2", at(0)));
  EXPECT_TRUE(in.may_take("L1", at(0.1)));
}

TEST_F(Intake, WhatIsForgedCostsNothingOfWhatALineMaySend) {
  int checked = 0;
  for (; in.may_check("L1", at(0)) && checked < 10'000; ++checked) in.in_vain("L1", at(0));
  EXPECT_EQ(checked, static_cast<int>(intake::most_in_vain));
  int reports = 0;
  while (in.may_report("L1", at(0)) && reports < 10'000) ++reports;
  EXPECT_EQ(reports, static_cast<int>(intake::most_reports));
  EXPECT_TRUE(in.may_take("L1", at(0)));
  EXPECT_TRUE(in.may_check("L1", at(0.1)));
}

}  // namespace
}  // namespace changtong::traps
