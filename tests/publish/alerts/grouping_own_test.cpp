// Faults of our own, and what is up and not well.
#include <gmock/gmock.h>

#include "tests/publish/alerts/grouping_night.h"

namespace changtong::alerts {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

TEST(OwnFaults, AreToldAtOnceHoweverShort) {
  night n;
  n.own("disk", true, 10).own("disk", false, 10).own("clock", false, 10);
  EXPECT_THAT(n.told(100), ElementsAre("10.000 0001 opened own disk:", "20.000 0001 resolved own disk:"));
}

TEST(OwnFaults, OnesThatComeAndGoAreOneAlert) {
  night n;
  for (int k = 0; k < 20; ++k) n.own("anchors", true, 100 + 60 * k).own("anchors", false, 130 + 60 * k);
  EXPECT_THAT(n.told(10'000), ElementsAre("100.000 0001 opened own anchors:", "140.000 0001 resolved own anchors:",
                                          "160.000 0002 opened own anchors:", "200.000 0002 resolved own anchors:",
                                          "220.000 0003 opened own anchors:", "260.000 0003 resolved own anchors:",
                                          "280.000 0004 opened own anchors:", "3070.000 0004 resolved own anchors:"));
}

TEST(OwnFaults, SuppressNothingElse) {
  night n;
  n.own("ledger", true, 10).down("L1", 10).own("disk", true, 10);
  EXPECT_THAT(
      n.told(100),
      ElementsAre("10.000 0001 opened own disk:", "10.000 0002 opened own ledger:", "10.700 0003 opened line: L1"));
}

TEST(OwnFaults, AreNotSaidAgainAfterARestartAndEndIfNobodySaysThem) {
  night n;
  n.own("disk", true, 10).own("disk", true, 11).own("disk", false, 200);
  std::vector<std::string> told;
  for (const alert_record& r : n.play(1000, 1)) told.push_back(night::line(r));
  EXPECT_THAT(told, ElementsAre("10.000 0001 opened own disk:", "210.000 0001 resolved own disk:"));
  night silent;
  silent.own("disk", true, 10);
  told.clear();
  for (const alert_record& r : silent.play(1000, 1)) told.push_back(night::line(r));
  EXPECT_THAT(told, ElementsAre("10.000 0001 opened own disk:", "70.000 0001 resolved own disk:"));
}

constexpr auto degraded = alert_subject::degraded;
constexpr auto certificate = alert_subject::certificate;

TEST(Degraded, MustHoldAMinuteAndBeAwayForFive) {
  night n;
  n.condition(degraded, "L1", "loss", true, 10).condition(degraded, "L1", "loss", false, 69);
  n.condition(degraded, "L1", "loss", true, 100).condition(degraded, "L1", "loss", false, 400);
  n.condition(degraded, "L1", "loss", true, 600).condition(degraded, "L1", "loss", false, 700);
  EXPECT_THAT(n.told(5000),
              ElementsAre("160.000 0001 opened degraded loss: L1", "1000.000 0001 resolved degraded loss: L1"));
}

/** Ten seconds after it began labels jump from 20 to 320. */
TEST(Degraded, AClockThatIsSetAheadHastensNothing) {
  grouping g(county(), {}, *civil_zone::named("Asia/Shanghai"));
  g.condition(degraded, "L1", "loss", true, at(10));
  EXPECT_TRUE(g.due(at(20)).empty());
  g.stepped(std::chrono::minutes{5});
  EXPECT_TRUE(g.due(at(320)).empty());
  EXPECT_EQ(g.until(), at(370));
  EXPECT_EQ(g.due(at(370)).size(), 1U);
}

TEST(Degraded, ManyAtOnceAreOneByTheirCarrierTownOrParent) {
  night n;
  for (int c = 1; c <= 9; ++c) n.condition(degraded, numbered("C", c), "loss", true, 10 + c);
  EXPECT_THAT(n.told(500), ElementsAre("71.000 0001 opened degraded loss: " + range("C", 1, 9)));
  night below;
  for (int v = 1; v <= 5; ++v) below.condition(degraded, numbered("V", v), "delay", true, 10);
  below.condition(degraded, "L1", "delay", true, 10).condition(degraded, "L1", "loss", true, 10);
  EXPECT_THAT(below.told(500), ElementsAre("70.000 0001 opened degraded delay: " + range("V", 1, 5),
                                           "70.000 0002 opened degraded delay、loss: L1"));
}

TEST(Degraded, OneLineIsOneMessageWhateverIsWrongWithIt) {
  night n;
  n.condition(degraded, "L1", "loss", true, 10).condition(degraded, "L1", "jitter", true, 20);
  n.condition(degraded, "L1", "loss", false, 200).condition(degraded, "L1", "jitter", false, 300);
  EXPECT_THAT(n.told(5000), ElementsAre("70.000 0001 opened degraded loss、jitter: L1",
                                        "600.000 0001 resolved degraded loss、jitter: L1"));
}

TEST(Degraded, WhatComesToAnOpenAlertLaterIsAnother) {
  night n;
  n.condition(degraded, "L1", "fan", true, 10).condition(degraded, "L1", "loss", true, 1000);
  n.condition(degraded, "L1", "loss", false, 2000);
  EXPECT_THAT(n.told(9000), ElementsAre("70.000 0001 opened degraded fan: L1", "1060.000 0002 opened degraded loss: L1",
                                        "2300.000 0002 resolved degraded loss: L1"));
}

TEST(Degraded, WhoWaitsBesideAnotherWaitsAsLongAsItsLimitSays) {
  night n;
  n.condition(degraded, "L1", "loss", true, 10).condition(degraded, "L2", "loss", true, 20);
  n.condition(degraded, "L3", "loss", true, 100).condition(degraded, "L4", "loss", true, 110);
  n.condition(degraded, "L4", "loss", false, 165);
  EXPECT_THAT(n.told(300), ElementsAre("70.000 0001 opened degraded loss: L1", "80.000 0002 opened degraded loss: L2",
                                       "160.000 0003 opened degraded loss: L3"));
  night together;
  for (int c = 1; c <= 3; ++c) together.condition(degraded, numbered("C", c), "loss", true, 5 + 5 * c);
  EXPECT_THAT(together.told(300), ElementsAre("70.000 0001 opened degraded loss: " + range("C", 1, 3)))
      << "those of one carrier do not wait for each other";
}

TEST(Degraded, EndsWhenItsValuesWereGoodAgain) {
  grouping g(county(), {}, *civil_zone::named("Asia/Shanghai"));
  g.condition(degraded, "L1", "loss", true, at(10), {.holds = milliseconds{0}, .away = std::chrono::minutes{1}});
  const std::string id = g.due(at(10)).at(0).alert;
  EXPECT_EQ(g.course(id), std::nullopt);
  g.condition(degraded, "L1", "loss", false, at(60), {}, at(27.7));
  EXPECT_TRUE(g.due(at(60)).empty());
  EXPECT_EQ(g.due(at(120)).size(), 1U);
  EXPECT_EQ(g.course(id)->ended, at(27.7));
}

TEST(Degraded, EachHoldsAndGoesAsItsLimitSays) {
  night n;
  n.add(10, [](night&, grouping& g, wall_t now) {
    g.condition(degraded, "L1", "light", true, now,
                {.holds = std::chrono::minutes{5}, .away = std::chrono::minutes{20}});
  });
  n.add(1000, [](night&, grouping& g, wall_t now) { g.condition(degraded, "L1", "light", false, now); });
  EXPECT_THAT(n.told(9000),
              ElementsAre("310.000 0001 opened degraded light: L1", "2200.000 0001 resolved degraded light: L1"));
}

TEST(Degraded, AStormOverMinutesIsBounded) {
  night n;
  for (int c = 1; c <= 20; ++c) n.condition(degraded, numbered("C", c), "loss", true, 20 * c);
  EXPECT_THAT(
      n.told(5000),
      ElementsAre("80.000 0001 opened degraded loss: C01", "100.000 0002 opened degraded loss: C02",
                  "120.000 0003 opened degraded loss: C03", "720.000 0003 grown degraded loss: " + range("C", 3, 20)));
}

TEST(Degraded, ALineThatGoesDownIsLeftAlone) {
  night n;
  n.condition(degraded, "L1", "loss", true, 10).down("L1", 60).up("L1", 100);
  n.down("L1", 300).condition(degraded, "L1", "loss", false, 310).up("L1", 900);
  EXPECT_THAT(n.told(5000), ElementsAre("60.700 0001 opened line: L1", "100.700 0001 resolved line: L1",
                                        "160.000 0002 opened degraded loss: L1", "300.700 0003 opened line: L1",
                                        "900.700 0003 resolved line: L1", "1200.000 0002 resolved degraded loss: L1"));
}

TEST(Certificates, AreToldAtOnceAndOnceADayAtMost) {
  night n;
  n.condition(certificate, "S01", "days", true, 10).condition(certificate, "S01", "days", false, 100);
  n.condition(certificate, "S01", "days", true, 200);
  EXPECT_THAT(n.told(200'000),
              ElementsAre("10.700 0001 opened certificate days: S01", "100.700 0001 resolved certificate days: S01",
                          "86410.700 0001 opened certificate days: S01"));
}

TEST(Certificates, AreTheSameWhateverTheirNameIsByNow) {
  night n;
  n.condition(certificate, "S01", "30", true, 10).condition(certificate, "S01", "29", true, 300);
  EXPECT_EQ(n.play(100'000, 1).size(), 1U);
}

TEST(Certificates, AreToldAgainAWeekBeforeAndWhenTheyHaveEndedAndEndOnce) {
  night n;
  n.condition(certificate, "S01", "30", true, 10).condition(certificate, "S01", "7", true, 100);
  n.condition(certificate, "S01", "-1", true, 200);
  for (const char* name : {"30", "7", "-1"}) n.condition(certificate, "S01", name, false, 300);
  EXPECT_THAT(n.told(1000),
              ElementsAre("10.700 0001 opened certificate 30: S01", "100.700 0002 opened certificate 7: S01",
                          "100.700 0001 resolved certificate 30:", "200.700 0003 opened certificate -1: S01",
                          "200.700 0002 resolved certificate 7:", "300.700 0003 resolved certificate -1: S01"));
}

TEST(Certificates, OneOfSeveralThatGoesOnByItselfLeavesTheOthers) {
  night n;
  n.condition(certificate, "S01", "30", true, 10).condition(certificate, "S02", "30", true, 10);
  n.condition(certificate, "S03", "30", true, 10).condition(certificate, "S02", "7", true, 100);
  for (const char* id : {"S01", "S02", "S03"}) n.condition(certificate, id, "30", false, 300);
  n.condition(certificate, "S02", "7", false, 300);
  EXPECT_THAT(n.told(1000),
              ElementsAre("10.700 0001 opened certificate 30: S01 S02 S03", "100.700 0002 opened certificate 7: S02",
                          "300.700 0001 resolved certificate 30: S01 S03",
                          "300.700 0001 resolved certificate 30:", "300.700 0002 resolved certificate 7: S02"));
}

TEST(Certificates, ManyAreOne) {
  night n;
  for (int s = 1; s <= 4; ++s) n.condition(certificate, numbered("S", s), "days", true, 10);
  EXPECT_THAT(n.told(1000), ElementsAre("10.700 0001 opened certificate days: S01 S02 S03 S04"));
}

TEST(Conditions, AreNotToldAgainAfterARestart) {
  night n;
  n.condition(degraded, "L1", "loss", true, 10).condition(degraded, "L1", "loss", true, 100);
  n.condition(certificate, "S01", "days", true, 10).condition(certificate, "S01", "days", true, 300);
  std::vector<std::string> told;
  for (const alert_record& r : n.play(9000, 2)) told.push_back(night::line(r));
  EXPECT_THAT(told, ElementsAre("10.700 0001 opened certificate days: S01", "70.000 0002 opened degraded loss: L1"));
}

TEST(Conditions, OfAClosedLineEndWithItsScope) {
  night n{district_of({{"L1", "西岭镇", "中国广电", "", target_kind::line, at(100)}, {"L2", "北关镇", "中国联通"}})};
  n.condition(degraded, "L1", "loss", true, 10).condition(degraded, "L2", "loss", true, 10);
  n.condition(degraded, "L2", "loss", false, 200);
  EXPECT_THAT(n.told(1000), ElementsAre("70.000 0001 opened degraded loss: L1", "70.000 0002 opened degraded loss: L2",
                                        "100.000 0001 resolved degraded loss: L1 (removed)",
                                        "500.000 0002 resolved degraded loss: L2"));
}

TEST(Conditions, WhoIsGoneIsForgotten) {
  night n;
  n.condition(degraded, "L1", "loss", true, 10).condition(degraded, "L2", "loss", true, 10);
  n.adopt(district_of({{"L2", "北关镇", "中国联通"}}), 100).condition(degraded, "L2", "loss", false, 200);
  EXPECT_THAT(n.told(1000), ElementsAre("70.000 0001 opened degraded loss: L1", "70.000 0002 opened degraded loss: L2",
                                        "100.000 0001 resolved degraded loss: L1 (removed)",
                                        "500.000 0002 resolved degraded loss: L2"));
}

}  // namespace
}  // namespace changtong::alerts
