// Rules of grouping that are no night: ids, reloads, clocks, restarts, and what thousands of lines cost.
#include <gmock/gmock.h>

#include <chrono>

#include "tests/publish/alerts/grouping_night.h"

namespace changtong::alerts {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Grouping, NumbersBeginAgainWithTheCivilDayAndGoOnAfterARestart) {
  night n;  // begins at 22:00
  n.down("L1", 10).down("L2", 100).down("L3", 7'300);
  std::vector<std::string> ids;
  for (const alert_record& r : n.play(10'000, 1)) ids.push_back(r.alert);
  EXPECT_THAT(ids, ElementsAre("A20260313-0001", "A20260313-0002", "A20260314-0001"));
}

TEST(Grouping, WhoIsGoneIsToldToBeGone) {
  night n;
  n.down("L1", 10).down("C01", 20).down("C02", 20).down("C03", 20);
  n.adopt(district_of({{"C03", "石桥镇", "中国移动"}, {"C01", "水口镇", "中国移动"}}), 50);
  n.up("C01", 60).up("C03", 60);
  EXPECT_THAT(
      n.told(1000),
      ElementsAre("10.700 0001 opened line: L1", "20.700 0002 opened carrier 中国移动: C01 C02 C03",
                  "50.000 0001 resolved line: L1 (removed)", "50.000 0002 resolved carrier 中国移动: C02 (removed)",
                  "60.700 0002 resolved carrier 中国移动: C03 C01"));
}

TEST(Grouping, AClosedLineIsToldToBeClosed) {
  const auto inv = district_of({{"L1", "西岭镇", "中国广电", "", target_kind::line, at(50)}});
  night n{inv};
  n.down("L1", 10).unknown("L1", 30).unknown("L1", 50);
  EXPECT_THAT(n.told(1000), ElementsAre("10.700 0001 opened line: L1", "50.000 0001 resolved line: L1 (removed)"));
}

TEST(Grouping, AClosedLineIsToldToBeClosedThoughNobodySaysAWord) {
  const auto inv =
      district_of({{"L1", "西岭镇", "中国广电", "", target_kind::line, at(50)}, {"L2", "北关镇", "中国联通"}});
  night n{inv};
  n.down("L1", 10).down("L1", 60).down("L2", 70).up("L2", 80);
  EXPECT_THAT(n.told(1000), ElementsAre("10.700 0001 opened line: L1", "50.000 0001 resolved line: L1 (removed)",
                                        "70.700 0002 opened line: L2", "80.700 0002 resolved line: L2"));
}

TEST(Grouping, WhatLeftTheInventoryBesideARestartIsToldOnce) {
  for (std::size_t killed = 1; killed <= 3; ++killed) {
    night n;
    n.down("L1", 10).down("C01", 20).down("C02", 20).down("C03", 20);
    n.adopt(district_of({{"C03", "石桥镇", "中国移动"}, {"C01", "水口镇", "中国移动"}}), 50);
    n.up("C01", 60).up("C03", 60);
    std::vector<std::string> gone;
    for (const alert_record& r : n.play(1000, killed))
      if (r.of == removed_from_inventory) gone.push_back(night::line(r));
    EXPECT_THAT(gone, ElementsAre("50.000 0001 resolved line: L1 (removed)",
                                  "50.000 0002 resolved carrier 中国移动: C02 (removed)"))
        << killed;
  }
}

/** Refused is confirmed within half a second of the first bad sample; the others are asked within the next. */
TEST(Grouping, LinesThatAreRefusedAtOnceAreOneMessage) {
  for (const double second : {0.9, 1.0, 1.45}) {
    night n;
    n.add(10, [](night&, grouping& g, wall_t now) { g.doubts(true, now); });
    n.down("C01", 10.5, 0, "", 0.45).down("C02", 10 + second, 0, "", 0.45).down("C03", 11.5, 0, "", 0.45);
    const auto told = n.told(11.5 + 20);
    EXPECT_EQ(told.size(), 1U) << second;
    EXPECT_NE(told.front().find("opened carrier 中国移动: C01 C02 C03"), std::string::npos) << told.front();
  }
}

TEST(Grouping, ASingleLineThatIsRefusedWaitsForTheNextQuestionsAlone) {
  night n;
  n.add(10, [](night&, grouping& g, wall_t now) { g.doubts(false, now); });
  n.down("L1", 10.5, 0, "", 0.5);
  EXPECT_THAT(n.told(100), ElementsAre("11.100 0001 opened line: L1"));
}

TEST(Grouping, UnknownTimeNeitherEndsNorRepeats) {
  night n;
  n.down("L1", 10).unknown("L1", 20).add(40, [](night&, grouping& g, wall_t now) {
    transition t;
    t.target = "L1";
    t.to = line_state::down;
    t.at = now;
    t.same_outage = true;
    g.take(t, now);
  });
  n.unknown("L1", 50).up("L1", 60);
  EXPECT_THAT(n.told(1000), ElementsAre("10.700 0001 opened line: L1", "60.700 0001 resolved line: L1"));
}

TEST(Grouping, AClockSetBackDelaysNothing) {
  grouping g{county(), {}, *civil_zone::named("Asia/Shanghai")};
  transition t;
  t.target = "L1";
  t.to = line_state::down;
  t.at = at(998);
  g.take(t, at(1000));
  g.take(cause_found{"L1", at(998), cause::own_line, {}}, at(1000));
  EXPECT_THAT(g.due(at(1000.7)), SizeIs(1));
  t.target = "L2";
  t.at = at(708);
  g.take(t, at(710));  // five minutes back
  g.take(cause_found{"L2", at(708), cause::own_line, {}}, at(710));
  EXPECT_EQ(g.until(), at(710.7));
  const auto steps = g.due(at(710.7));
  ASSERT_THAT(steps, SizeIs(1));
  EXPECT_EQ(steps[0].at, at(710.7));
}

TEST(Grouping, AnOutageThatNobodyExplainsIsToldAfterTwoSeconds) {
  night n;
  n.down("L1", 10, -1);
  EXPECT_THAT(n.told(100), ElementsAre("12.000 0001 opened line: L1"));
}

TEST(Grouping, AChildThatComesHoursLaterIsGrowthOnceAndThenSilent) {
  night n;
  n.down("T1", 10).down("V01", 10, 0, "T1").down("V02", 5000, 0, "T1").down("V03", 6000, 0, "T1");
  for (const auto* id : {"T1", "V01", "V02", "V03"}) n.up(id, 9000);
  EXPECT_THAT(n.told(10'000),
              ElementsAre("11.400 0001 opened upstream T1: T1 V01", "5005.000 0001 grown upstream T1: T1 V01 V02",
                          "9000.700 0001 resolved upstream T1: T1 V01 V02 V03"));
}

/** 30 s down every five minutes; from the fourth time on nothing is said, and below it neither. */
night restless_uplink() {
  night n;
  for (int k = 0; k < 8; ++k)
    for (const auto* id : {"T1", "V01", "V02"}) {
      n.down(id, 10 + 300 * k, 0, id[0] == 'V' ? "T1" : "");
      n.up(id, 40 + 300 * k);
    }
  return n;
}
const std::vector<std::string> three_times{
    "11.400 0001 opened upstream T1: T1 V01 V02",  "40.700 0001 resolved upstream T1: T1 V01 V02",
    "311.400 0002 opened upstream T1: T1 V01 V02", "340.700 0002 resolved upstream T1: T1 V01 V02",
    "611.400 0003 opened upstream T1: T1 V01 V02", "640.700 0003 resolved upstream T1: T1 V01 V02",
    "911.400 0004 opened flapping T1: T1 V01 V02"};
std::vector<std::string> and_then(std::vector<std::string> all, std::vector<std::string> more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(Grouping, AFlappingUplinkTakesItsVillagesWithItAndHidesNoOutageOfTheirOwn) {
  night n = restless_uplink();
  n.down("V01", 2200).up("V01", 2300);  // 60 s after the last time, its uplink is up
  EXPECT_THAT(n.told(9000), ElementsAreArray(and_then(
                                three_times, {"2200.700 0005 opened line: V01", "2300.700 0005 resolved line: V01",
                                              "3940.000 0004 resolved flapping T1: T1 V01 V02"})));
}

TEST(Grouping, AFlappingUplinkThatStaysDownIsToldSo) {
  night n = restless_uplink();
  n.down("T1", 2410).down("V01", 2411, 0, "T1").down("V03", 2412, 0, "T1");
  EXPECT_THAT(n.told(9000), ElementsAreArray(and_then(three_times, {"2710.000 0004 grown upstream T1: T1 V01 V03"})));
}

/** Five of a carrier go down. C01 and C02 come back, each is told after two minutes; C03 comes back as the third piece,
 * which is not told, and breaks again: that is an outage of its own, though C04 and C05 are still down. */
TEST(Grouping, WhatIsWellAgainIsToldOfItsNextOutageThoughTheRestIsDown) {
  night n;
  for (int k = 1; k <= 5; ++k) n.down(numbered("C", k), 10);
  n.up("C01", 20).up("C02", 200).up("C03", 400).down("C03", 600).up("C03", 650).up("C04", 700).up("C05", 700);
  EXPECT_THAT(n.told(2000),
              ElementsAre("10.700 0001 opened carrier 中国移动: C01 C02 C03 C04 C05",
                          "140.000 0001 resolved carrier 中国移动: C01", "320.000 0001 resolved carrier 中国移动: C02",
                          "600.700 0002 opened line: C03", "650.700 0002 resolved line: C03",
                          "700.700 0001 resolved carrier 中国移动: C03 C04 C05"));
}

/** A carrier comes and goes; at the last time one line stays down, and five minutes later everybody knows which. */
TEST(Grouping, OfACarrierThatCameAndWentWhatStaysDownIsToldApart) {
  night n;
  for (int time = 0; time < 4; ++time)
    for (int k = 1; k <= 8; ++k) n.down(numbered("C", k), 100 * time + 10).up(numbered("C", k), 100 * time + 40);
  n.down("C01", 500).up("C01", 5000);
  const auto all = n.told(9000);
  ASSERT_THAT(all, SizeIs(9));
  EXPECT_EQ(all[6], "310.700 0004 opened carrier 中国移动: " + range("C", 1, 8)) << "held open from here on";
  EXPECT_EQ(all[7], "800.000 0004 resolved carrier 中国移动: " + range("C", 2, 8)) << "C01 is down since 500";
  EXPECT_EQ(all[8], "5000.700 0004 resolved carrier 中国移动: C01");
}

TEST(Grouping, OpenOutagesInNoAlertAreOneBurstAfterAStart) {
  grouping g{county(), {}, *civil_zone::named("Asia/Shanghai")};
  std::vector<transition> open;
  for (int c = 1; c <= 20; ++c) {
    transition t;
    t.target = numbered("C", c);
    t.to = line_state::down;
    t.at = at(-3600.0 * c);
    open.push_back(t);
  }
  g.recall({}, open, at(0));
  std::vector<alert_record> steps;
  while (g.until() < at(100))
    for (alert_record& r : g.due(g.until())) steps.push_back(std::move(r));
  ASSERT_THAT(steps, SizeIs(1));
  EXPECT_EQ(night::line(steps[0]), "2.000 0001 opened carrier 中国移动: " + range("C", 1, 20));
  EXPECT_EQ(steps[0].began, at(-3600.0 * 20));
}

alert_record step(alert_step what, alert_subject about, const std::string& name, const std::string& targets, double s) {
  alert_record r;
  r.at = at(s);
  r.alert = "A20260313-0001";
  r.step = what;
  r.subject = about;
  r.name = name;
  r.began = at(s - 10);
  r.targets = targets;
  return r;
}
std::vector<std::string> after_recall(const std::shared_ptr<const inventory>& inv,
                                      const std::vector<alert_record>& steps, const std::vector<std::string>& down,
                                      double now) {
  grouping g{inv, {}, *civil_zone::named("Asia/Shanghai")};
  std::vector<transition> open;
  for (const std::string& id : down) {
    transition t;
    t.target = id;
    t.to = line_state::down;
    t.at = at(-100);
    open.push_back(t);
  }
  g.recall(steps, open, at(now));
  std::vector<std::string> out;
  while (g.until() < at(now + 4000))
    for (const alert_record& r : g.due(std::max(g.until(), at(now)))) out.push_back(night::line(r));
  return out;
}

TEST(Recall, WhatEndedMeanwhileIsToldAsWellOnce) {
  const auto opened = step(alert_step::opened, alert_subject::carrier, "中国移动", "C01 C02 C03", 0);
  EXPECT_THAT(after_recall(county(), {opened}, {"C01", "C02", "C03"}, 50), IsEmpty());
  EXPECT_THAT(after_recall(county(), {opened}, {}, 50),
              ElementsAre("50.700 0001 resolved carrier 中国移动: C01 C02 C03"));
  EXPECT_THAT(after_recall(county(), {opened}, {"C02"}, 50),
              ElementsAre("170.000 0001 resolved carrier 中国移动: C01 C03"));
  const auto partly = step(alert_step::resolved, alert_subject::carrier, "中国移动", "C01 C03", 40);
  EXPECT_THAT(after_recall(county(), {opened, partly}, {"C02"}, 50), IsEmpty());
  EXPECT_THAT(after_recall(county(), {opened, partly}, {}, 50),
              ElementsAre("50.700 0001 resolved carrier 中国移动: C02"));
}

TEST(Recall, WhatWasTakenOutOfTheInventoryMeanwhileIsToldToBeGone) {
  const auto opened = step(alert_step::opened, alert_subject::carrier, "中国移动", "C01 C02 C03", 0);
  EXPECT_THAT(after_recall(district_of({{"C01", "水口镇", "中国移动"}}), {opened}, {}, 50),
              ElementsAre("50.000 0001 resolved carrier 中国移动: C02 C03 (removed)",
                          "50.700 0001 resolved carrier 中国移动: C01"));
  EXPECT_THAT(
      after_recall(district_of({{"L1", "水口镇", "中国移动"}}), {opened}, {"L1"}, 50),
      ElementsAre("50.000 0001 resolved carrier 中国移动: C01 C02 C03 (removed)", "52.000 0002 opened line: L1"));
}

TEST(Recall, AnAlertThatBecamePartOfAnotherEndsWithoutAWord) {
  const auto first = step(alert_step::opened, alert_subject::line, "", "C01", 0);
  auto second = step(alert_step::opened, alert_subject::line, "", "C02", 1);
  second.alert = "A20260313-0002";
  const auto grown = step(alert_step::grown, alert_subject::carrier, "中国移动", "C01 C02 C03", 9);
  EXPECT_THAT(after_recall(county(), {first, second, grown}, {}, 10),
              ElementsAre("10.000 0002 resolved line:", "10.700 0001 resolved carrier 中国移动: C01 C02 C03"));
}

TEST(Recall, AFlappingLineStaysOneAlert) {
  const auto opened = step(alert_step::opened, alert_subject::flapping, "", "L1", 0);
  EXPECT_THAT(after_recall(county(), {opened}, {}, 50), ElementsAre("1850.000 0001 resolved flapping: L1"));
  EXPECT_THAT(after_recall(county(), {opened}, {"L1"}, 50), ElementsAre("350.000 0001 grown line: L1"));
}

TEST(Recall, ChildrenThatNobodyToldJoinTheirUplinksAlert) {
  const auto opened = step(alert_step::opened, alert_subject::upstream, "T1", "T1 V01", 0);
  EXPECT_THAT(after_recall(county(), {opened}, {"T1", "V01", "V02"}, 50),
              ElementsAre("55.000 0001 grown upstream T1: T1 V01 V02"));
  const auto grown = step(alert_step::grown, alert_subject::upstream, "T1", "T1 V01 V03", 20);
  EXPECT_THAT(after_recall(county(), {opened, grown}, {"T1", "V01", "V02", "V03"}, 50), IsEmpty()) << "said once";
}

/** A county of `n` lines: a township uplink for each 20, ten carriers, a thousand villages a town. */
std::shared_ptr<const inventory> large(int n) {
  std::vector<place> all;
  for (int k = 0; k < n; ++k) {
    place p{fmt::format("N{}", k), fmt::format("镇{}", k / 1000), fmt::format("商{}", k / 20 % 10)};
    if (k % 20 != 0) p.parent = fmt::format("N{}", k / 20 * 20);
    all.push_back(std::move(p));
  }
  return district_of(all);
}

/** All go down within `spread`, all come back; due() is asked after each record. Work that grows with the square of `n`
 * would not end in time. */
void storm(int n, milliseconds spread) {
  grouping g{large(n), {}, *civil_zone::named("Asia/Shanghai")};
  std::vector<alert_record> steps;
  const auto ask = [&](wall_t now) {
    if (g.until() > now) return;
    for (alert_record& r : g.due(now)) steps.push_back(std::move(r));
  };
  for (const line_state to : {line_state::down, line_state::up}) {
    const wall_t from = at(to == line_state::down ? 0 : 300);
    for (int k = 0; k < n; ++k) {
      const wall_t now = from + spread * k / n;
      transition t;
      t.target = fmt::format("N{}", static_cast<int>(static_cast<std::int64_t>(k) * 7'919 % n));
      t.to = to;
      t.at = now - milliseconds{2'000};
      g.take(t, now);
      ask(now);
    }
    while (g.until() < from + milliseconds{200'000}) ask(g.until());
  }
  ASSERT_THAT(steps, SizeIs(2));
  EXPECT_EQ(steps[0].subject, alert_subject::many);
  EXPECT_LE(steps[0].at, at(6.0));
  EXPECT_EQ(steps[0].targets, steps[1].targets);
  EXPECT_EQ(std::count(steps[0].targets.begin(), steps[0].targets.end(), ' '), n - 1);
}

TEST(Grouping, TenThousandLinesAtOnceAreOneAlert) {
  storm(10'000, milliseconds{0});
  storm(10'000, milliseconds{3'000});
}
TEST(Grouping, AHundredThousandLinesAtOnceAreOneAlert) {
  storm(100'000, milliseconds{0});
  storm(100'000, milliseconds{3'000});
}

}  // namespace
}  // namespace changtong::alerts
