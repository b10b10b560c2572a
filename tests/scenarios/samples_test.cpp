// The whole daemon under virtual time: an outage leaves the samples that decided it in the journal, and they agree with
// its transitions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/books/outage_samples.h"
#include "daemon/ledger/verify.h"
#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

std::vector<samples_record> kept(const virtual_daemon& d) {
  return ledger::reader::open(d.path()).value()->declared<samples_record>();
}

/** The samples of the outage's only check. */
std::vector<kept_sample> samples_of(const virtual_daemon& d, const availability::outage& o) {
  const auto found = books::samples_of(*ledger::reader::open(d.path()).value(), o);
  EXPECT_FALSE(found.unreadable);
  EXPECT_EQ(found.checks.size(), 1U);
  return found.checks.empty() ? std::vector<kept_sample>{} : found.checks[0].samples;
}

/** What is kept of an outage says the same as its transitions: where it began and ended, and what decided. */
void expect_agreement(const virtual_daemon& d, const availability::outage& o) {
  const auto samples = samples_of(d, o);
  const auto first = std::ranges::find(samples, o.began, &kept_sample::at);
  ASSERT_NE(first, samples.end());
  ASSERT_NE(first, samples.begin());
  EXPECT_EQ(first->what, outcome::bad) << "the first bad sample is the outage's beginning";
  EXPECT_EQ(std::prev(first)->what, outcome::good);
  EXPECT_EQ(std::prev(first)->at, o.began_edge.after);
  for (int k = 0; k < 3; ++k) EXPECT_EQ(std::next(first, k)->what, outcome::bad) << "down_after of them";
  if (o.ended == wall_max) return;
  const auto back = std::ranges::find(samples, o.ended, &kept_sample::at);
  ASSERT_NE(back, samples.end());
  EXPECT_EQ(back->what, outcome::good);
  EXPECT_EQ(std::prev(back)->what, outcome::bad);
  EXPECT_EQ(std::prev(back)->at, o.ended_edge.after);
}

TEST(SamplesAroundOutages, AnOutageAMinuteLongIsInTheJournalTenMinutesAfterIt) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2"}});
  d.up = [](const std::string& check, double t) { return check != "L1/icmp" || t < 700 || t >= 760; };
  d.start();
  d.run_until(1400);
  d.stop();
  const auto outages = d.outages();
  ASSERT_EQ(outages.size(), 1U);
  const auto entries = kept(d);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].part, samples_part::whole);
  EXPECT_EQ(entries[0].about, outages[0].began);
  EXPECT_NEAR(seconds_of(entries[0].from), 100, 2);
  EXPECT_NEAR(seconds_of(entries[0].to), 1360, 2);
  expect_agreement(d, outages[0]);
  EXPECT_TRUE(ledger::prove(d.path(), {}, {})->ok);
}

TEST(SamplesAroundOutages, ALongOneHasBothItsEndsAndNotWhatLiesBetween) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 700 || t >= 4000; };
  d.start();
  d.run_until(2000);
  virtual_daemon::await([&] { return d.tallies.ledger_queue.load() == 0; });
  {
    const auto entries = kept(d);
    ASSERT_EQ(entries.size(), 1U) << "the beginning does not wait for the end";
    EXPECT_EQ(entries[0].part, samples_part::beginning);
  }
  d.run_until(4700);
  d.stop();
  const auto outages = d.outages();
  ASSERT_EQ(outages.size(), 1U);
  const auto entries = kept(d);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].part, samples_part::end);
  EXPECT_NEAR(seconds_of(entries[1].from), 3400, 11) << "asked every ten seconds by then";
  expect_agreement(d, outages[0]);
  for (const kept_sample& s : samples_of(d, outages[0]))
    EXPECT_FALSE(seconds_of(s.at) > 1302 && seconds_of(s.at) < 3399);
}

TEST(SamplesAroundOutages, AStopEntersWhatWasSeenAndTheNextRunTheEnd) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 100 || t >= 400; };
  d.start();
  d.run_until(200);
  d.stop();
  ASSERT_EQ(kept(d).size(), 1U);
  d.skip_until(220);
  d.start();
  d.run_until(1100);
  d.stop();
  const auto entries = kept(d);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].part, samples_part::end);
  EXPECT_EQ(entries[0].about, entries[1].about) << "of the same outage";
  expect_agreement(d, d.outages()[0]);
}

TEST(SamplesAroundOutages, OfTwoCloseTogetherTheSecondFindsWhatCameBeforeItInTheFirstsEntry) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 700 || (t >= 720 && t < 800) || t >= 830; };
  d.start();
  d.run_until(1500);
  d.stop();
  const auto outages = d.outages();
  ASSERT_EQ(outages.size(), 2U);
  for (const auto& o : outages) expect_agreement(d, o);
  const auto samples = samples_of(d, outages[1]);
  EXPECT_LT(seconds_of(samples.front().at), 202);
  EXPECT_TRUE(std::ranges::is_sorted(samples, {}, &kept_sample::at));
  EXPECT_EQ(std::ranges::adjacent_find(samples, {}, &kept_sample::at), samples.end()) << "none twice";
}

TEST(SamplesAroundOutages, ABlipThatIsNoOutageLeavesNothing) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 700 || t >= 700.5; };
  d.start();
  d.run_until(2000);
  d.stop();
  EXPECT_TRUE(d.outages().empty());
  EXPECT_TRUE(kept(d).empty());
}

TEST(SamplesAroundOutages, TheyWaitForALedgerThatIsAway) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 700 || t >= 760; };
  d.start();
  d.run_until(1300);
  d.ledger_away();
  d.run_until(1400);
  d.ledger_back();
  d.stop();
  ASSERT_EQ(kept(d).size(), 1U);
  expect_agreement(d, d.outages()[0]);
}

}  // namespace
}  // namespace changtong::scenarios
