// The process does nothing for a while, or the wall clock is set: nobody observed, or labels jump; no line is to blame.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

std::map<std::string, std::vector<transition>> told(const virtual_daemon& d) {
  std::map<std::string, std::vector<transition>> by_line;
  for (const auto& [r, recorded] : d.announced)
    if (const auto* t = std::get_if<transition>(&r)) by_line[t->target].push_back(*t);
  return by_line;
}

milliseconds total(const availability::seconds& s) { return s.up + s.down + s.excluded + s.unknown; }

TEST(Standstill, S018_ASuspendedMinuteIsOneUnknownStretchOfEveryLineAndNoAlarm) {
  std::vector<fakes::line_spec> lines{{.id = "T"}};
  for (int i = 0; i < 100; ++i) lines.push_back({.id = "V" + std::to_string(i), .parent = "T"});
  virtual_daemon d(lines);
  d.up = [](const std::string& check, double t) { return check != "V7/icmp" || t >= 170; };  // down since before
  d.start();
  d.run_until(60);
  d.skip_until(120);
  d.run_until(180);
  d.stop();
  const auto by_line = told(d);
  for (const auto& [line, changes] : by_line) {
    const line_state belief = line == "V7" ? line_state::down : line_state::up;
    ASSERT_EQ(changes.size(), line == "V7" ? 4U : 3U) << line << ": first belief, unknown, the same belief again";
    EXPECT_EQ(changes[0].to, belief);
    EXPECT_EQ(changes[1].to, line_state::unknown);
    EXPECT_EQ(changes[1].why, cause::late);
    EXPECT_NEAR(seconds_of(changes[1].at), 60.2, 1.0);
    EXPECT_EQ(changes[2].to, belief);
    EXPECT_NEAR(seconds_of(changes[2].at), 120.5, 0.7);
  }
  ASSERT_EQ(d.outages().size(), 1U) << "V7's own, with a hole";
  EXPECT_EQ(d.outages()[0].holes.size(), 1U);
  for (const auto& row : d.books(0, 179)) {
    EXPECT_EQ(total(row.sums), milliseconds{179'000});
    EXPECT_NEAR(static_cast<double>(row.sums.unknown.count()), 60'000, 2'500) << row.key;
    EXPECT_EQ(row.sums.unconfirmed, 0) << row.key;
    EXPECT_EQ(row.sums.down.count() > 0, row.key == "V7");
  }
}

TEST(Standstill, S019_AnOutageThatBeganWhileWeStoodStillBeginsInTheUnknownAndNotBefore) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 90 || t >= 150; };
  d.start();
  d.run_until(60);
  d.skip_until(120);
  d.run_until(180);
  d.stop();
  ASSERT_EQ(d.outages().size(), 1U);
  const availability::outage o = d.outages()[0];
  EXPECT_LE(seconds_of(o.began_edge.after), 90);
  EXPECT_GE(seconds_of(o.began_edge.until), 90);
  EXPECT_GE(seconds_of(o.began), 120) << "what nobody saw is not down";
}

TEST(Clock, S020_SetForwardAndBackEverySecondIsInOneClass) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 30 || t >= 40; };
  d.start();
  d.run_until(60);
  d.step_clock(120);  // labels 60 … 180 are never given
  d.run_until(100);
  d.step_clock(-120);  // labels 100 … 220 come again, muted until they pass what was reached
  d.run_until(300);
  d.stop();
  EXPECT_EQ(d.outages().size(), 1U);
  const auto row = d.books(0, 299).at(0);
  EXPECT_EQ(total(row.sums), milliseconds{299'000});
  EXPECT_NEAR(static_cast<double>(row.sums.down.count()), 10'000, 1'200);
  EXPECT_NEAR(static_cast<double>(row.sums.unknown.count()), 122'000, 3'000) << "the jump; what was muted is not lost";
}

TEST(Clock, S021_AnHourIsNotBelievedUntilTheClockHasBeenSynchronisedForTenMinutes) {
  virtual_daemon d({{.id = "L1"}});
  d.start();
  d.run_until(60);
  d.step_clock(3600);
  d.run_until(500);
  EXPECT_THAT(d.tallies.heartbeat_ms.load(), testing::Lt(ms_of(wall_at(501)))) << "labels keep the old time";
  d.run_until(800);
  d.stop();
  EXPECT_THAT(d.outages(), testing::IsEmpty());
  const auto early = d.books(2, 550).at(0);
  EXPECT_EQ(early.sums.unknown.count(), 0) << "observation went on under the old labels";
  const auto all = d.books(0, 4300).at(0);
  EXPECT_EQ(total(all.sums), milliseconds{4'300'000});
  EXPECT_NEAR(static_cast<double>(all.sums.unknown.count()), 3'600'000, 4'000);
}

}  // namespace
}  // namespace changtong::scenarios
