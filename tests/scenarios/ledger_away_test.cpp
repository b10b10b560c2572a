// The ledger is away for a while - a full disk, a lock, damage - and what people hear and what the books say then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

struct LedgerAway : testing::Test {
  static std::vector<fakes::line_spec> twenty() {
    std::vector<fakes::line_spec> lines;
    for (int i = 0; i < 20; ++i) lines.push_back({.id = "L" + std::to_string(i)});
    return lines;
  }
  static bool is_down(const record& r) {
    const auto* t = std::get_if<transition>(&r);
    return t != nullptr && t->to == line_state::down;
  }
  /** From second 15 to `until` the ledger refuses; every failed commit belongs to one of these calls. */
  static void go_away(virtual_daemon& d, double until) {
    d.run_until(15);
    d.ledger_away();
    d.run_until(until);
    d.await_refusal();
  }
};

TEST_F(LedgerAway, ObservationGoesOnSoTheBooksHaveNoGap) {
  virtual_daemon d(twenty());
  d.up = [](const std::string&, double t) { return t < 20 || t >= 25; };
  d.start();
  go_away(d, 60);
  d.ledger_back();
  d.run_until(90);
  d.stop();
  EXPECT_EQ(d.outages().size(), 20U);
  for (const auto& row : d.books(0, 89)) {
    EXPECT_NEAR(static_cast<double>(row.sums.down.count()), 5'000, 1'200) << row.key;
    EXPECT_LE(row.sums.unknown, milliseconds{2'000}) << "no more than from the start to the first sample: " << row.key;
  }
  EXPECT_EQ(d.tallies.ledger_lost.load(), 0U);
}

TEST_F(LedgerAway, ItsOwnAlarmComesBeforeWhatItDelays) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 20; };
  std::vector<std::pair<bool, std::int64_t>> alarm_at_each;  // as the down was announced: was the alarm up, the queue
  d.on_announce = [&](const record& r) {
    if (is_down(r)) alarm_at_each.emplace_back(!d.tallies.ledger_writable.load(), d.tallies.ledger_queue.load());
  };
  d.start();
  go_away(d, 30);
  d.ledger_back();
  d.run_until(40);
  d.stop();
  ASSERT_EQ(alarm_at_each.size(), 2U) << "once 未入账, once recorded";
  EXPECT_TRUE(alarm_at_each[0].first);
  EXPECT_GT(alarm_at_each[0].second, 0) << "what waits is in the queue's figure, although a commit was tried with it";
  EXPECT_FALSE(alarm_at_each[1].first);
  EXPECT_EQ(d.tallies.ledger_queue.load(), 0);
}

TEST_F(LedgerAway, WhatTheQueueCouldNotHoldIsUnknownInTheBooksAndNeverUp) {
  virtual_daemon d(twenty());
  d.limits.most_queued = 5;
  d.up = [](const std::string&, double t) { return t < 20 || t >= 50; };
  d.start();
  go_away(d, 30);
  EXPECT_GT(d.tallies.ledger_lost.load(), 0U);
  d.ledger_back();
  d.run_until(80);
  d.stop();
  for (const auto& row : d.books(21, 30)) EXPECT_EQ(row.sums.up.count(), 0) << row.key << " was down";
  for (const auto& row : d.books(33, 49)) EXPECT_EQ(row.sums.down.count(), 16'000) << row.key << " is known to be down";
  for (const auto& row : d.books(52, 79)) EXPECT_EQ(row.sums.up.count(), 27'000) << row.key << " is known to be up";
  for (const auto& row : d.books(0, 79)) {
    EXPECT_EQ(row.sums.up + row.sums.down + row.sums.unknown, milliseconds{79'000});
    EXPECT_LE(row.sums.unknown, milliseconds{14'000}) << "from the first lost record to the first sample recorded";
    EXPECT_EQ(row.sums.outages, 1) << row.key;
  }
  const auto gaps = std::ranges::count_if(d.announced, [](const auto& a) {
    const auto* g = std::get_if<gap>(&a.first);
    return g != nullptr && g->why == cause::not_recorded && a.second;
  });
  EXPECT_EQ(gaps, 1);
}

TEST_F(LedgerAway, AnOutageWhoseEndWasLostEndsInsideTheGap) {
  virtual_daemon d(twenty());
  d.limits.most_queued = 1;
  d.up = [](const std::string& check, double t) { return check != "L7/icmp" ? t < 20 : t < 10 || t >= 25; };
  d.start();
  go_away(d, 30);
  d.ledger_back();
  d.run_until(60);
  d.stop();
  const auto all = d.outages();
  const auto seven = std::ranges::find(all, "L7", &availability::outage::target);
  ASSERT_NE(seven, all.end());
  EXPECT_LE(seconds_of(seven->ended_edge.after), 25) << "its true end lies in the bracket";
  EXPECT_GE(seconds_of(seven->ended_edge.until), 25);
  for (const auto& row : d.books(32, 59)) EXPECT_EQ(row.sums.unknown.count(), 0) << row.key;
}

TEST_F(LedgerAway, WhatPeopleEnteredIsRecordedHoweverFullTheQueue) {
  virtual_daemon d(twenty());
  d.limits.most_queued = 5;
  d.up = [](const std::string&, double t) { return t < 20; };
  d.start();
  go_away(d, 30);
  d.note({annotation{.at = d.wall(), .target = "L1", .about = wall_at(20), .author = "王工", .text = "雷击"}});
  d.run_until(32);
  d.await_refusal();
  d.ledger_back();
  d.run_until(40);
  d.stop();
  const auto kept = ledger::reader::open(d.path()).value()->annotations("L1", {wall_at(0), wall_at(60)});
  EXPECT_EQ(kept.size(), 1U);
}

/** A writer that refuses until told, and tells how much it was given then. */
struct measuring_writer final : ledger::writer {
  explicit measuring_writer(std::shared_ptr<std::atomic<bool>> refuse, std::size_t& memories, std::string& last)
      : refuse_(std::move(refuse)), memories_(memories), last_(last) {}
  [[nodiscard]] ledger::restored restore() const override { return {}; }
  [[nodiscard]] result<std::int64_t> commit(const ledger_batch& b) override {
    if (*refuse_) return problem{.text = "locked, says the test"};
    memories_ = std::max(memories_, b.memory.size());
    if (!b.memory.empty()) last_ = b.memory.back().text;
    return 1;
  }
  [[nodiscard]] result<std::int64_t> stop(wall_t) override { return 1; }

 private:
  std::shared_ptr<std::atomic<bool>> refuse_;
  std::size_t& memories_;
  std::string& last_;
};

TEST_F(LedgerAway, EachCheckIsRememberedOnceAndWithItsLastWord) {
  const auto refuse = std::make_shared<std::atomic<bool>>(true);
  daemon_tallies tallies;
  std::size_t memories = 0;
  std::string last;
  recorder r(std::make_unique<measuring_writer>(refuse, memories, last), tallies,
             [](const std::vector<record>&, bool) {}, {.patience = milliseconds{0}});
  for (int second = 0; second < 3600; ++second)
    r.give({wall_at(second), {}, {{"L1/icmp", "at " + std::to_string(second)}}});
  virtual_daemon::await([&] { return tallies.ledger_failures.load() >= 2; });
  EXPECT_TRUE(r.trouble());
  EXPECT_EQ(r.trouble().value_or(phrase{}), as_written("locked, says the test"));
  const auto failed = tallies.ledger_failures.load();
  virtual_daemon::await([&] { return tallies.ledger_failures.load() >= failed + 2; });
  *refuse = false;
  virtual_daemon::await([&] { return tallies.ledger_writable.load(); });
  r.stop(wall_at(3600));
  EXPECT_EQ(memories, 1U);
  EXPECT_EQ(last, "at 3599");
  EXPECT_FALSE(r.trouble());
}

}  // namespace
}  // namespace changtong::scenarios
