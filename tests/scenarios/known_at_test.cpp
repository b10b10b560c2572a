// The books as known at an instant of a trace are those of the trace cut there.
#include "tests/scenarios/played.h"

namespace changtong::played {
namespace {

struct KnownAt : world {
  KnownAt() { lines += "L2,西村,village,城南镇,移动,192.0.2.2,,2026-03-01,,icmp\n"; }

  /** Of L1 and L2, as the whole trace's ledger has them at `s`. */
  [[nodiscard]] std::string known(double s) const { return text({.as_known_at = at(s)}, s); }
  [[nodiscard]] std::string text(const ledger::view& v, double until) const {
    std::string all;
    for (const auto& r : rows(0, until, books::grouping::line, v)) all += entries::sums_json(r) + "\n";
    for (const auto& o : reading(v)->outages({at(0), at(until)}, {}, 100))
      all +=
          fmt::format("{} {} {} {}\n", o.target, ms_of(o.began), ms_of(std::min(o.ended, at(until))), name_of(o.found));
    return all;
  }
};

const std::vector<std::string> begins{monitor(0, "start"), every(10, 0, 3600, "good", "L1"),
                                      every(10, 0, 7200, "good", "L2")};
const std::vector<std::string> cut{every(10, 3600, 4200, "bad", "L1"), every(10, 4200, 7200, "good", "L1")};

std::vector<std::string> story() {
  std::vector<std::string> all = begins;
  all.insert(all.end(), cut.begin(), cut.end());
  return all;
}

TEST_F(KnownAt, AnOutageThatIsOverIsOverAnHourLaterOnTheSameDay) {
  play(story());
  const auto then = row(0, 7000, "L1", books::grouping::line, {.as_known_at = at(7000)}).sums;
  EXPECT_EQ(then.down, milliseconds{600'000}) << "its cause is labelled with the day's end and hid its end";
  EXPECT_EQ(then.up, milliseconds{6'400'000});
}

TEST_F(KnownAt, WhatWasDecidedBeforeIsKnownAlsoOfALineThatBeganLater) {
  play({monitor(0, "start"), every(10, 0, 7200, "good", "L1"), every(10, 5000, 7200, "good", "L2")});
  EXPECT_EQ(row(0, 3000, "L1", books::grouping::line, {.as_known_at = at(3000)}).sums.up, milliseconds{3'000'000});
  EXPECT_EQ(row(0, 3000, "L2", books::grouping::line, {.as_known_at = at(3000)}).sums.up, milliseconds{0});
}

TEST_F(KnownAt, TheBooksOfTheMiddleAreThoseOfTheTraceCutThere) {
  for (const double s : {1000.0, 3900.0, 4500.0, 7000.0}) {
    play(story());
    const std::string then = known(s);
    std::vector<std::string> shorter{monitor(0, "start"), every(10, 0, std::min(3600.0, s), "good", "L1"),
                                     every(10, 0, s, "good", "L2")};
    if (s > 3600) shorter.push_back(every(10, 3600, std::min(4200.0, s), "bad", "L1"));
    if (s > 4200) shorter.push_back(every(10, 4200, s, "good", "L1"));
    play(shorter);
    EXPECT_EQ(then, text({}, s)) << s;
  }
}

TEST_F(KnownAt, UnconfirmedRunsCountFromTheirLastSampleOn) {
  play({monitor(0, "start"), every(10, 0, 7200), one(1003, "L1", "bad"), one(5003, "L1", "bad")});
  EXPECT_EQ(row(0, 3000, "L1", books::grouping::line, {.as_known_at = at(3000)}).sums.unconfirmed, 1);
  EXPECT_EQ(row(0, 6000, "L1", books::grouping::line, {.as_known_at = at(6000)}).sums.unconfirmed, 2);
}

TEST_F(KnownAt, ACrashIsKnownFromItsHeartbeatOnAndAWindowFromItsApproval) {
  play({monitor(0, "start"), every(10, 0, 7200), window(100, "W1", "L1", 600, 900, "approved"),
        monitor(2000.5, "crash"), monitor(3000, "start")});
  const auto dead = row(0, 2500, "L1", books::grouping::line, {.as_known_at = at(2500)}).sums;
  EXPECT_EQ(dead.up, milliseconds{1'700'000});
  EXPECT_EQ(dead.excluded, milliseconds{300'000});
  EXPECT_EQ(dead.unknown, milliseconds{500'000});
  EXPECT_EQ(row(0, 1000, "L1", books::grouping::line, {.as_known_at = at(1000)}).sums.excluded, milliseconds{300'000});
  EXPECT_EQ(row(0, 1000, "L1", books::grouping::line, {.as_known_at = at(50)}).sums.excluded, milliseconds{0});
}

}  // namespace
}  // namespace changtong::played
