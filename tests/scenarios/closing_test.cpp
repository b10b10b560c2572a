// A line that is down is closed: the clock comes to that day, a reload says so, or the daemon starts behind it.
#include <gtest/gtest.h>

#include "daemon/books/outage_notes.h"
#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

using specs = std::vector<fakes::line_spec>;

/** L1 answers all along, "gone" until second 50. */
struct ClosingTest : testing::Test {
  ClosingTest() {
    d.up = [](const std::string& check, double t) { return check == "L1/icmp" || t < 50; };
  }
  [[nodiscard]] static specs lines(std::optional<wall_t> closed) {
    return {{.id = "L1"}, {.id = "gone", .closed = closed}};
  }
  const line_view& gone() {
    keep = d.boards.get();
    return keep->lines[keep->districts->index_of("gone")];
  }
  void expect_no_trace() {
    EXPECT_EQ(gone().where.load(), life::closed);
    EXPECT_FALSE(gone().shows_outage());
    EXPECT_EQ(gone().shown_state(), line_state::unknown);
    EXPECT_FALSE(gone().degraded.load() || gone().flapping.load() || gone().unwell.load());
    EXPECT_LT(gone().loss_ratio.load(), 0);
  }
  [[nodiscard]] books::listed_outage listed() const {
    const auto from = ledger::reader::open(d.path()).value();
    const auto all = books::list_outages(*from, {wall_at(0), wall_at(300)}, {}, 10);
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
  }

  virtual_daemon d{lines(wall_at(100))};
  std::shared_ptr<board> keep;
};

TEST_F(ClosingTest, TheClockTakesItsOutageOffTheBoardAndNoFigureChanges) {
  d.start();
  d.run_until(90);
  virtual_daemon::await([&] { return d.state("gone") == line_state::down; });
  EXPECT_TRUE(gone().shows_outage());
  d.run_until(101);
  expect_no_trace();
  d.run_until(200);
  d.stop();
  expect_no_trace();
  EXPECT_EQ(d.shown("L1"), line_state::up);
  const books::listed_outage one = listed();
  EXPECT_EQ(one.what.ended, wall_max) << "nobody saw it end";
  EXPECT_EQ(one.scope_ended, wall_at(100)) << "and nobody waits for that";
  for (const auto& row : d.books(0, 200))
    if (row.key == "gone") {
      EXPECT_EQ(row.sums.scope->to, wall_at(100));
      EXPECT_NEAR(static_cast<double>(row.sums.down.count()), 50'000, 1'500);
    }
}

TEST_F(ClosingTest, AReloadThatClosesItShowsItNoMoreFromTheFirstLookAndOneThatOpensItAgainDoes) {
  d.reload(lines({}));
  d.start();
  d.run_until(90);
  virtual_daemon::await([&] { return d.state("gone") == line_state::down; });
  d.reload(lines(wall_at(80)));
  expect_no_trace();
  d.run_until(120);
  expect_no_trace();
  d.reload(lines({}));
  EXPECT_EQ(gone().where.load(), life::in_scope);
  EXPECT_TRUE(gone().shows_outage()) << "nobody saw it end";
  d.run_until(140);
  virtual_daemon::await([&] { return d.state("gone") == line_state::down; });
  d.stop();
  EXPECT_EQ(listed().scope_ended, wall_max);
}

TEST_F(ClosingTest, AStartBehindItsDayShowsNoOutage) {
  d.start();
  d.run_until(90);
  d.stop();
  EXPECT_EQ(listed().scope_ended, wall_max) << "what is known ends before";
  d.skip_until(150);
  d.start();
  expect_no_trace();
  d.run_until(160);
  expect_no_trace();
  d.stop();
  EXPECT_EQ(listed().scope_ended, wall_at(100));
}

TEST_F(ClosingTest, WhatLeavesTheInventoryIsOpenNoMoreEither) {
  d.start();
  d.run_until(90);
  d.note({inventory_version{.at = d.wall(), .target = "gone", .json = {}, .author = "test"}});
  d.reload({{.id = "L1"}});
  d.run_until(120);
  d.stop();
  EXPECT_EQ(listed().scope_ended, wall_at(90));
}

}  // namespace
}  // namespace changtong::scenarios
