// The eighteen pitfalls that a calculation of availability must survive (rules.md 4.10), each on the whole way: samples
// in, figure out. One line, a sample every 10 s, three bad ones in a row confirm, two good ones end.
#include <gmock/gmock.h>

#include <cmath>

#include "daemon/availability/groups.h"
#include "tests/scenarios/played.h"

namespace changtong {
namespace {

using namespace played;
using testing::HasSubstr;
using testing::Not;

struct Pitfall : world {};

constexpr double hour = 3600, day = 86'400;

TEST_F(Pitfall, P01_MonitorDownIsUnknownAndNeitherUpNorDown) {
  play({monitor(0, "start"), every(10, 0, 4 * hour), monitor(hour, "stop"), monitor(3 * hour, "start")});
  const auto s = sums(0, 4 * hour);
  EXPECT_EQ(in_seconds(s.up), 2 * hour);
  EXPECT_EQ(in_seconds(s.down), 0);
  EXPECT_EQ(in_seconds(s.unknown), 2 * hour);
  EXPECT_EQ(row(0, 4 * hour).values.coverage, 0.5);
}

TEST_F(Pitfall, P02_AGapStaysInTheDenominatorOfTheBounds) {
  play({monitor(0, "start"), every(10, 0, 4 * hour), monitor(hour, "stop"), monitor(3 * hour, "start")});
  const auto f = row(0, 4 * hour).values;
  EXPECT_EQ(f.availability, 1.0);
  EXPECT_EQ(f.lower, 0.5);
  EXPECT_EQ(f.upper, 1.0);
  const std::string text = printed("2026-03-14", "2026-03-14");
  EXPECT_THAT(text, HasSubstr("未观测到中断"));
  EXPECT_THAT(text, HasSubstr("50.00000"));
  EXPECT_THAT(text, HasSubstr("2:00:00"));
}

TEST_F(Pitfall, P03_ConfirmationDelaysTheAlarmAndNotTheBooks) {
  play({monitor(0, "start"), every(10, 0, 100), every(10, 100, 200, "bad"), every(10, 200, 300)});
  EXPECT_EQ(in_seconds(sums(0, 300).down), 100);
  const auto outages = reading()->outages({at(0), at(300)}, "L1", 10);
  ASSERT_EQ(outages.size(), 1U);
  EXPECT_EQ(outages[0].began, at(100)) << "the first bad sample";
  EXPECT_EQ(outages[0].confirmed, at(120)) << "the third";
  EXPECT_EQ(outages[0].ended, at(200)) << "the first good sample, not the second";
}

TEST_F(Pitfall, P04_FailuresThatNeverConfirmAreNotDownAndAreCounted) {
  play({monitor(0, "start"), every(10, 0, 100), every(10, 100, 120, "bad"), every(10, 120, 300)});
  const auto s = sums(0, 300);
  EXPECT_EQ(in_seconds(s.up), 300);
  EXPECT_EQ(in_seconds(s.down), 0);
  EXPECT_EQ(s.outages, 0);
  EXPECT_EQ(s.unconfirmed, 1);
}

TEST_F(Pitfall, P05_AskingFasterDuringAnOutageDoesNotWeighItMore) {
  const auto down_with = [&](double retry) {
    play({monitor(0, "start"), every(10, 0, 100), every(retry, 100, 200, "bad"), every(10, 200, 1000)});
    return in_seconds(sums(0, 1000).down);
  };
  EXPECT_EQ(down_with(10), 100);
  EXPECT_EQ(down_with(0.25), 100);
}

TEST_F(Pitfall, P06_ALineIsNotUpBeforeItsAcceptance) {
  lines = "id,name,category,address,accepted,checks\nL1,东村,village,192.0.2.1,2026-03-14T01:00:00+08:00,icmp\n";
  play({monitor(0, "start"), every(10, 0, 4 * hour)});
  EXPECT_EQ(in_seconds(sums(0, 4 * hour).up), 3 * hour);
  EXPECT_EQ(row(0, 4 * hour).sums.scope, (period{at(hour), at(4 * hour)}));
}

TEST_F(Pitfall, P07_TheFutureOfARunningPeriodIsNotUp) {
  play({monitor(0, "start"), every(10, 0, hour)});
  const auto s = sums(0, day);
  EXPECT_EQ(in_seconds(s.up), hour);
  EXPECT_EQ(in_seconds(s.unknown), 0) << "not unknown either: it is not there yet";
  EXPECT_EQ(s.scope->to, at(hour));
}

TEST_F(Pitfall, P08_ExcludedTimeLeavesNumeratorAndDenominator) {
  play({monitor(0, "start"), every(10, 0, hour), window(5, "W1", "L1", hour, 2 * hour, "approved"),
        every(10, hour, 2 * hour, "bad"), every(10, 2 * hour, 3 * hour, "bad"), every(10, 3 * hour, 4 * hour)});
  const auto s = sums(0, 4 * hour);
  EXPECT_EQ(in_seconds(s.excluded), hour);
  EXPECT_EQ(in_seconds(s.down), hour) << "what overruns the window is down";
  EXPECT_EQ(in_seconds(s.up), 2 * hour);
  EXPECT_NEAR(row(0, 4 * hour).values.availability.value_or(0), 2.0 / 3, 1e-12);
}

TEST_F(Pitfall, P09_AChildBehindADeadParentIsDownBecauseOfIt) {
  lines =
      "id,name,category,address,parent,accepted,checks\nT1,镇,township,192.0.2.1,,2026-03-01,icmp\n"
      "V1,村,village,192.0.2.2,T1,2026-03-01,icmp\n";
  play({monitor(0, "start"), every(10, 0, 100), every(10, 100, 200, "bad"), every(10, 200, 300)});
  EXPECT_EQ(in_seconds(sums(0, 300, "V1").down), 100);
  const auto outages = reading()->outages({at(0), at(300)}, "V1", 10);
  ASSERT_EQ(outages.size(), 1U);
  EXPECT_EQ(outages[0].found, cause::upstream);
  EXPECT_EQ(outages[0].upstream, "T1");
}

TEST_F(Pitfall, P10_TheEdgesOfAShortOutageAreKeptToTheMillisecond) {
  play({monitor(0, "start"), every(10, 0, day), one(1000.125, "L1", "bad"), one(1000.375, "L1", "bad"),
        one(1000.625, "L1", "bad"), one(1003.125, "L1", "good"), one(1003.375, "L1", "good")});
  const auto kept = [&] {
    const auto all = reading()->outages({at(0), at(day)}, "L1", 10);
    return all.size() == 1 ? std::pair(all[0].began, all[0].ended) : std::pair(wall_min, wall_min);
  };
  EXPECT_EQ(kept(), std::pair(at(1000.125), at(1003.125)));
  ASSERT_TRUE(ledger::rebuild(ledger(), {}).has_value());
  EXPECT_EQ(kept(), std::pair(at(1000.125), at(1003.125)));
}

TEST_F(Pitfall, P11_DaysAreThoseOfTheZoneAndMayHave23Hours) {
  // 00:00 in Shanghai is 16:00 of the day before in UTC: the outage belongs to the 14th.
  play({monitor(-hour, "start"), every(10, -hour, 0), every(10, 0, 600, "bad"), every(10, 600, 2 * hour)});
  EXPECT_EQ(in_seconds(row(-day, day, "2026-03-14", books::grouping::day).sums.down), 600);
  EXPECT_EQ(in_seconds(row(-day, day, "2026-03-13", books::grouping::day).sums.down), 0);

  config.replace(config.find("Asia/Shanghai"), 13, "Europe/Berlin");
  play(
      {R"({"at":"2026-03-29T00:00:00+01:00","monitor":"start"})",
       R"({"from":"2026-03-29T00:00:00+01:00","to":"2026-03-30T00:00:00+02:00","every_s":10,"target":"*","check":"icmp",)"
       R"("outcome":"good"})"});
  EXPECT_EQ(in_seconds(row(14 * day, 17 * day, "2026-03-29", books::grouping::day).sums.up), 23 * hour);
}

TEST_F(Pitfall, P12_PeriodsCutAnOutageExactlyAndTheirPartsAddUp) {
  play({monitor(0, "start"), every(10, 0, 100), every(10, 100, 200, "bad"), every(10, 200, 300)});
  EXPECT_EQ(in_seconds(sums(150.5, 180.25).down), 29.75);
  EXPECT_EQ(in_seconds(sums(0, 150.5).down + sums(150.5, 300).down), 100);
  EXPECT_EQ(sums(0, 150.5).up + sums(150.5, 300).up, sums(0, 300).up);
}

TEST_F(Pitfall, P13_AClockStepNeverMakesNegativeOrTooMuchTime) {
  play({monitor(0, "start"), every(10, 0, 1000), step(500, 60), step(700, -30)});
  const auto s = sums(0, 1000);
  // [500, 560): nobody lived through it. [705, 710): the repeated sample of 700 is muted, and that of 690 speaks to
  // 705.
  EXPECT_EQ(in_seconds(s.unknown), 65);
  EXPECT_EQ(in_seconds(s.up), 935);
  EXPECT_EQ(in_seconds(s.down), 0);
  EXPECT_EQ(s.up + s.down + s.unknown + s.excluded, s.scope->length());
}

TEST_F(Pitfall, P14_TheFourGroupFormulasDifferAndAreNamed) {
  lines =
      "id,name,category,address,accepted,checks\nL1,东村,village,192.0.2.1,2026-03-01,icmp\n"
      "L2,西村,village,192.0.2.2,2026-03-14T01:40:00+08:00,icmp\n";
  play({monitor(0, "start"), every(10, 0, 10'000, "good", "L1"), every(10, 6000, 7000, "good", "L2"),
        every(10, 7000, 8000, "bad", "L2"), every(10, 8000, 10'000, "good", "L2")});
  std::vector<availability::member> members;
  for (const auto& r : rows(0, 10'000))
    members.push_back({.id = r.key, .sums = r.sums, .agreed = {{r.sums, share{999, 1000}}}});
  const auto first = availability::r1(members), second = availability::r2(members), fourth = availability::r4(members);
  EXPECT_NE(first.value->units, second.value->units) << "sums first is not the mean of lines";
  EXPECT_NE(availability::text_of(first.by), availability::text_of(second.by));
  EXPECT_EQ(fourth.reached, 1);
  EXPECT_THAT(printed("2026-03-14", "2026-03-14", "category"), HasSubstr("R1 = ΣU/Σ(U+D)"));
}

TEST_F(Pitfall, P15_WhatIsEnteredAfterTheClosingDoesNotRewriteThePast) {
  play({monitor(0, "start"), every(10, 0, 100), every(10, 100, 200, "bad"), every(10, 200, 2 * day),
        monitor(2 * day, "stop")});
  const auto closing =
      entries::closing_of(*reading(), *reading({.frozen = false}), {{at(0), at(day)}, "李工", ""}, at(2 * day));
  ASSERT_TRUE(closing) << closing.error().text;
  const window_record forged{at(-1), "W9", "L1", at(50), at(250), window_state::approved, "王工", ""};
  auto w = ledger::writer::open(ledger()).value();
  ASSERT_TRUE(w->commit({{}, {*closing}, {}}).has_value());
  ASSERT_TRUE(w->commit({{}, {forged}, {}}).has_value());
  EXPECT_EQ(in_seconds(sums(0, day).down), 100);
  EXPECT_EQ(in_seconds(sums(0, day).excluded), 0);
  const auto reopened = row(0, day, "L1", books::grouping::line, {.frozen = false}).sums;
  EXPECT_EQ(in_seconds(reopened.excluded), 200) << "only who asks for the reopened books sees it";
}

TEST_F(Pitfall, P16_AnOutageSurvivesTheRestartInItsMiddle) {
  play({monitor(0, "start"), every(10, 0, 100), every(10, 100, 400, "bad"), monitor(200.5, "crash"),
        monitor(300, "start"), every(10, 400, 600)});
  const auto outages = reading()->outages({at(0), at(600)}, "L1", 10);
  ASSERT_EQ(outages.size(), 1U) << "one outage with a hole, not two, and not down for ever";
  EXPECT_EQ(outages[0].began, at(100));
  EXPECT_EQ(outages[0].ended, at(400));
  EXPECT_EQ(in_seconds(sums(0, 600).down), 200);
  EXPECT_EQ(in_seconds(sums(0, 600).unknown), 100) << "from the last heartbeat, 200, to 300";
}

TEST_F(Pitfall, P17_ASourceThatIsMissingLowersTheCoverageAndIsNamed) {
  lines += "L2,西村,village,城南镇,电信,192.0.2.2,,2026-03-01,,icmp\n";
  play({monitor(0, "start"), every(10, 0, hour, "good", "L1")});
  const auto group = row(0, hour, "village", books::grouping::category).values;
  EXPECT_EQ(group.coverage, 0.5);
  EXPECT_EQ(group.lower, 0.5);
  EXPECT_THAT(printed("2026-03-14", "2026-03-14"), HasSubstr("1:00:00"));
  EXPECT_FALSE(row(0, hour, "L2").values.availability) << "no figure stands in for what nobody saw";
}

TEST_F(Pitfall, P18_NothingIsRoundedUpToAHundred) {
  play({monitor(0, "start"), every(10, 0, 10 * day), one(100, "L1", "bad"), one(100.25, "L1", "bad"),
        one(100.5, "L1", "bad"), one(103, "L1", "good"), one(103.25, "L1", "good")});
  EXPECT_EQ(in_seconds(sums(0, 10 * day).down), 3);
  const std::string text = printed("2026-03-14", "2026-03-23");
  EXPECT_THAT(text, HasSubstr("99.99965")) << "864000 s less 3 s is 99.999652 %";
  EXPECT_THAT(text, Not(HasSubstr("100 %")));
}

}  // namespace
}  // namespace changtong
