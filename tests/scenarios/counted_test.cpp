// What the metrics page counts beyond the books: outages however short, visits at their regular pace, causes, the
// clock.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

const line_view& line(const virtual_daemon& d, const std::string& id, std::shared_ptr<board>& keep) {
  keep = d.boards.get();
  return keep->lines[keep->districts->index_of(id)];
}

TEST(Counted, EachOutageOnceHoweverShortAndOverAReload) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2"}});
  d.up = [](const std::string& check, double t) {
    const bool short_one = t >= 20 && t < 23, long_one = t >= 50 && t < 90;
    return check != "L1/icmp" || !(short_one || long_one);
  };
  d.start();
  d.run_until(60);
  std::shared_ptr<board> now;
  const line_view& before = line(d, "L1", now);
  d.await([&] { return before.outages.load() == 2; });  // else the board after the reload might count them itself
  d.reload({{.id = "L2"}, {.id = "L1"}});               // in the middle of the second one
  d.run_until(120);
  d.stop();
  EXPECT_EQ(line(d, "L1", now).outages.load(), 2U);
  EXPECT_EQ(line(d, "L2", now).outages.load(), 0U);
}

TEST(Counted, AnOutageWithAnUnknownHoleIsOne) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 20 || t >= 100; };
  d.start();
  d.run_until(40);
  d.skip_until(60);
  d.run_until(130);
  d.stop();
  ASSERT_EQ(d.outages().size(), 1U);
  std::shared_ptr<board> now;
  EXPECT_EQ(line(d, "L1", now).outages.load(), 1U);
}

/** A site asked every 2 s, and every 250 ms while it fails: an outage of a fifth of the time is a fifth of the visits.
 */
TEST(Counted, VisitsComeAtTheRegularPaceAlsoWhileASiteIsAskedFaster) {
  virtual_daemon d({{.id = "portal", .kind = target_kind::site, .when = {.interval = milliseconds{2'000}}}});
  d.up = [](const std::string&, double t) { return t < 100 || t >= 150; };
  d.start();
  d.run_until(250);
  d.stop();
  const auto now = d.boards.get();
  ASSERT_EQ(now->sites.size(), 1U);
  const auto good = now->sites[0].visits_good.load(), failed = now->sites[0].visits_failed.load();
  EXPECT_NEAR(static_cast<double>(good + failed), 125, 15);
  EXPECT_NEAR(static_cast<double>(failed) / static_cast<double>(good + failed), 0.2, 0.03);
}

TEST(Counted, AReloadDoesNotSetVisitsBack) {
  const fakes::line_spec site{.id = "portal", .kind = target_kind::site, .when = {.interval = milliseconds{2'000}}};
  virtual_daemon d({site});
  d.start();
  d.run_until(100);
  const auto before = d.boards.get()->sites[0].visits_good.load();
  d.reload({{.id = "L1"}, site});
  EXPECT_EQ(d.boards.get()->sites[0].visits_good.load(), before);
  EXPECT_GT(before, 40U);
}

TEST(Counted, BadSamplesByTheirCauseAndGoodOnesByNone) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 20 || t >= 30; };
  d.start();
  d.run_until(60);
  d.stop();
  const auto bad = d.tallies.samples[0][static_cast<std::size_t>(outcome::bad)].load();
  EXPECT_GT(bad, 9U);
  EXPECT_EQ(d.tallies.blamed[0][static_cast<std::size_t>(cause::timeout)].load(), bad);
  EXPECT_EQ(d.tallies.blamed[0][static_cast<std::size_t>(cause::none)].load(), 0U);
}

TEST(Counted, AStepOfTheClockAndHowFarALargeOneIsOff) {
  virtual_daemon d({{.id = "L1"}});
  d.start();
  d.run_until(10);
  EXPECT_EQ(d.tallies.clock_synchronised.load(), 1);
  EXPECT_EQ(d.tallies.clock_steps.load(), 0U);
  d.step_clock(30);
  d.run_until(20);
  EXPECT_EQ(d.tallies.clock_steps.load(), 1U);
  EXPECT_EQ(d.tallies.clock_offset_ms.load(), 0) << "it was adopted";
  d.step_clock(900);
  d.run_until(30);
  EXPECT_EQ(d.tallies.clock_steps.load(), 2U);
  EXPECT_NEAR(static_cast<double>(d.tallies.clock_offset_ms.load()), 900'000, 2) << "more than five minutes waits";
  d.stop();
}

/** Under the old unit file the kernel was not allowed to answer, which counted as yes. */
TEST(Counted, ADayForwardIsNeverAdoptedWhereTheKernelDoesNotAnswer) {
  virtual_daemon d({{.id = "L1"}});
  d.kernel_says = clock_trust::not_known;
  d.start();
  d.run_until(700);
  EXPECT_EQ(d.tallies.clock_synchronised.load(), -1);
  d.step_clock(86'400);
  d.run_until(2000);
  EXPECT_EQ(d.tallies.clock_steps.load(), 1U);
  EXPECT_EQ(d.tallies.clock_offset_ms.load(), 86'400'000) << "the alarm ClockOff stands on it";
  d.kernel_says = clock_trust::synchronised;
  d.run_until(2590);
  EXPECT_EQ(d.tallies.clock_offset_ms.load(), 86'400'000);
  d.run_until(2610);
  EXPECT_EQ(d.tallies.clock_offset_ms.load(), 0);
  d.stop();
}

/** A host without a time source, put right by hand: whoever did it says so, once, for this step alone. */
TEST(Counted, AStepThatAPersonConfirmsIsAdoptedAndSaysWho) {
  virtual_daemon d({{.id = "L1"}});
  d.kernel_says = clock_trust::not_known;
  d.start();
  d.run_until(10);
  EXPECT_FALSE(d.confirm_clock("王工")) << "nothing waits";
  d.step_clock(3600);
  d.run_until(15);
  EXPECT_EQ(d.tallies.clock_offset_ms.load(), 3'600'000);
  EXPECT_TRUE(d.confirm_clock("王工"));
  d.run_until(17);
  EXPECT_EQ(d.tallies.clock_offset_ms.load(), 0);
  EXPECT_FALSE(d.confirm_clock("王工"));
  d.step_clock(3600);
  d.run_until(30);
  EXPECT_EQ(d.tallies.clock_offset_ms.load(), 3'600'000) << "the next step waits again";
  d.stop();
  const auto told = [&](std::string_view text) {
    return std::ranges::any_of(d.announced, [&](const auto& a) {
      const auto* g = std::get_if<gap>(&a.first);
      return g != nullptr && g->why == cause::clock_step && g->text.find(text) != std::string::npos;
    });
  };
  EXPECT_TRUE(told("stepped by +3600.000 s, confirmed by 王工"));
}

}  // namespace
}  // namespace changtong::scenarios
