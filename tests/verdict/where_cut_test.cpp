// What an outage turned out to be, with made-up paths and labels.
#include "daemon/verdict/where_cut.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/core/cause_words.h"
#include "tests/fakes/world.h"
#include "tests/verdict/court.h"
#include "tests/verdict/paths.h"

namespace changtong::verdict {
namespace {

using testing::HasSubstr;

struct scene {
  std::shared_ptr<const inventory> inv;
  usual_paths paths;
  where_cut w;
  std::map<target_index, line_state> state;
  std::vector<finding> all;

  explicit scene(std::shared_ptr<const inventory> with) : inv(std::move(with)), paths(inv), w(inv) {}

  target_index of(const std::string& id) const { return inv->index_of(id); }
  void learn(const std::string& id, const std::vector<hop>& hops) { (void)paths.learn(of(id), hops, at(0)); }
  void down(const std::string& id, double s, cause why = cause::unexplained, const std::string& upstream = {}) {
    state[of(id)] = line_state::down;
    w.down(of(id), at(s), {at(s - 1), at(s)});
    w.said({id, at(s), why, upstream});
  }
  void up(const std::string& id, double s) {
    state[of(id)] = line_state::up;
    w.up(of(id), at(s));
  }
  void followed(const std::string& id, const std::vector<hop>& hops) {
    w.followed(of(id), compare(*paths.of(of(id)), {hops, false}));
  }
  void look(double s) {
    w.due(at(s), paths, [this](target_index t) { return state.contains(t) ? state[t] : line_state::up; }, all);
  }
  /** Of the last finding; "" where nothing was found. */
  std::string last(const std::string& id) const {
    std::string why;
    for (const finding& f : all)
      if (inv->targets[f.target].id == id) why = name_of(f.why);
    return why;
  }
  std::string observed(const std::string& id) const {
    std::string text;
    for (const finding& f : all)
      if (inv->targets[f.target].id == id) text = f.observed;
    return text;
  }
};

std::shared_ptr<const inventory> carriers() {
  auto inv = std::make_shared<inventory>(*fakes::district({{.id = "T1"},
                                                           {.id = "T2"},
                                                           {.id = "T3"},
                                                           {.id = "A1", .parent = "T1"},
                                                           {.id = "A2", .parent = "T1"},
                                                           {.id = "A3", .parent = "T2"},
                                                           {.id = "A4", .parent = "T2"},
                                                           {.id = "A5", .parent = "T3"},
                                                           {.id = "B1", .parent = "T1"},
                                                           {.id = "B2", .parent = "T2"}}));
  for (target& t : inv->targets) t.carrier = t.id[0] == 'A' ? "移动" : t.id[0] == 'B' ? "电信" : "联通";
  return inv;
}

TEST(WhereCut, NothingSeenIsNothingSaid) {
  scene s(carriers());
  s.down("A1", 10);
  for (const double t : {11, 20, 40, 400}) s.look(t);
  EXPECT_TRUE(s.all.empty());
}

TEST(WhereCut, ItWaitsForWhatIsSaidAtOnce) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2"}) s.learn(id, path({"10.0.0.1", "10.0.1.1"}));
  s.down("A2", 10);
  s.w.down(s.of("A1"), at(10), {at(9), at(10)});
  s.followed("A1", path({"10.0.0.1"}));
  s.look(11);
  EXPECT_EQ(s.last("A1"), "") << "its parent is still being asked";
  s.w.said({"A1", at(10), cause::unexplained, {}});
  s.look(12);
  EXPECT_EQ(s.last("A1"), "middle");
}

TEST(WhereCut, AParentThatIsConfirmedLaterExplainsIt) {
  scene s(carriers());
  s.down("A1", 10);
  s.down("T1", 15);
  s.look(40);
  EXPECT_EQ(s.last("A1"), "upstream");
  EXPECT_EQ(s.last("T1"), "");
}

TEST(WhereCut, AParentThatFailsMuchLaterDoesNot) {
  scene s(carriers());
  s.down("A1", 10);
  s.down("T1", 60);
  s.look(100);
  EXPECT_EQ(s.last("A1"), "");
}

TEST(WhereCut, FiveLinesOfACarrierUnderDifferentParentsAreTheCarrier) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) s.down(id, 10 + (id[1] - '0'));
  s.look(17);
  EXPECT_EQ(s.last("A1"), "") << "others may still follow";
  s.look(30);
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) EXPECT_EQ(s.last(id), "carrier") << id;
  EXPECT_THAT(s.observed("A3"), HasSubstr("移动 5 条线路（分属 3 处）"));
}

TEST(WhereCut, FourAreNot) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4"}) s.down(id, 10);
  s.look(30);
  EXPECT_EQ(s.last("A1"), "");
}

TEST(WhereCut, FiveOverMoreThanFiveSecondsAreNot) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) s.down(id, 10 + 1.5 * (id[1] - '0'));
  s.look(40);
  EXPECT_EQ(s.last("A1"), "");
}

TEST(WhereCut, ACarrierIsNotAccusedWhereOthersGoDownToo) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5", "B1"}) s.down(id, 10);
  s.look(30);
  EXPECT_EQ(s.last("A1"), "");
}

TEST(WhereCut, ACarrierIsNotAccusedWhereNobodyElseIsThere) {
  scene s(carriers());
  for (const std::string id : {"B1", "B2", "T1", "T2", "T3"}) s.state[s.of(id)] = line_state::unknown;
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) s.down(id, 10);
  s.look(30);
  EXPECT_EQ(s.last("A1"), "");
}

TEST(WhereCut, ACarrierIsNotAccusedOfWhatATraceSawBehindIt) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) {
    s.learn(id, path({"10.0.0.1"}));
    s.down(id, 10);
    s.followed(id, path({"10.0.0.1"}));
  }
  s.look(30);
  EXPECT_EQ(s.last("A1"), "unexplained");
}

TEST(WhereCut, ARouterThatOthersOfTheCarrierDoNotNeedIsNotTheCarrier) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) s.learn(id, path({"10.0.0.1", "10.0.1.1"}));
  s.inv = [&] {
    auto more = std::make_shared<inventory>(*s.inv);
    more->targets[s.of("T3")].carrier = "移动";
    return more;
  }();
  s.w = where_cut(s.inv);
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) {
    s.down(id, 10);
    s.followed(id, path({"10.0.0.1"}));
  }
  s.look(30);
  EXPECT_EQ(s.last("A1"), "middle");
}

TEST(WhereCut, TheCarriersCoreIsTheCarrierThoughItIsARouterToo) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) {
    s.learn(id, path({"10.0.0.1", "10.0.1.1"}));
    s.down(id, 10);
  }
  s.followed("A1", path({"10.0.0.1"}));
  s.look(12);
  EXPECT_EQ(s.last("A1"), "middle") << "so far";
  s.look(30);
  EXPECT_EQ(s.last("A1"), "carrier");
}

TEST(WhereCut, ALineThatRestartedIsNoneOfTheCarriers) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "A3", "A4", "A5"}) s.down(id, 10);
  s.look(30);
  s.up("A1", 60);
  s.up("A2", 60);
  s.w.ran_for(s.of("A1"), 0, at(70), 1'500);
  s.w.ran_for(s.of("A2"), 0, at(70), 900'000);
  s.look(71);
  EXPECT_EQ(s.last("A1"), "restart");
  EXPECT_EQ(s.last("A2"), "carrier");
}

TEST(WhereCut, ATraceThatEndsBeforeARouterOthersNeedTooIsTheMiddle) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "B1"}) s.learn(id, path({"10.0.0.1", "10.0.1.1"}));
  s.down("A1", 10), s.down("B1", 10.5), s.down("A2", 11);
  for (const std::string id : {"A1", "A2", "B1"}) s.followed(id, path({"10.0.0.1"}));
  s.look(12);
  for (const std::string id : {"A1", "A2", "B1"}) EXPECT_EQ(s.last(id), "middle") << id;
  EXPECT_THAT(s.observed("A1"), HasSubstr("路径止于 10.0.0.1，平时其后为 10.0.1.1"));
  s.up("B1", 30);
  s.look(31);
  EXPECT_EQ(s.last("A1"), "middle") << "who is well again takes nothing back";
}

TEST(WhereCut, ARouterThatServesOthersIsNotToBlame) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "B1"}) s.learn(id, path({"10.0.0.1", "10.0.1.1"}));
  s.down("A1", 10), s.down("A2", 10);
  s.followed("A1", path({"10.0.0.1"}));
  s.look(12);
  EXPECT_EQ(s.last("A1"), "unexplained");
  EXPECT_THAT(s.observed("A1"), HasSubstr("仍有 1 条正常"));
}

TEST(WhereCut, ARouterBehindWhichAllOthersAreUpSaysSo) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2", "B1"}) s.learn(id, path({"10.0.0.1", "10.0.1.1"}));
  s.down("A1", 10);
  s.followed("A1", path({"10.0.0.1"}));
  s.look(12);
  EXPECT_EQ(s.last("A1"), "unexplained");
  EXPECT_THAT(s.observed("A1"), HasSubstr("其后的其他线路均正常"));
}

TEST(WhereCut, ANeighbourThatHasBeenDownForLongSaysNothing) {
  scene s(carriers());
  for (const std::string id : {"A1", "A2"}) s.learn(id, path({"10.0.0.1", "10.0.1.1"}));
  s.down("A2", 10);
  s.down("A1", 500);
  s.followed("A1", path({"10.0.0.1"}));
  s.look(510);
  EXPECT_EQ(s.last("A1"), "unexplained");
}

TEST(WhereCut, ARouterWithNobodyElseBehindItIsNot) {
  scene s(carriers());
  s.learn("A1", path({"10.0.0.1", "10.0.1.1"}));
  s.down("A1", 10);
  s.followed("A1", path({"10.0.0.1"}));
  s.look(12);
  EXPECT_EQ(s.last("A1"), "unexplained");
}

TEST(WhereCut, TheAccessIsKnownWhenTheDeviceSaysThatItRanOn) {
  scene s(carriers());
  s.learn("A1", path({"10.0.0.1", "10.0.1.1"}));
  s.w.ran_for(s.of("A1"), 0, at(5), 500'000);
  s.down("A1", 10);
  s.followed("A1", path({"10.0.0.1", "10.0.1.1"}));
  s.look(20);
  EXPECT_EQ(s.last("A1"), "unexplained") << "it may have lost its power";
  s.up("A1", 60);
  s.look(61);
  s.w.ran_for(s.of("A1"), 0, at(65), 506'000);
  s.look(66);
  EXPECT_EQ(s.last("A1"), "access");
  EXPECT_TRUE(s.all.back().anew);
}

/** What a device's up-times before and after an outage say of it, where the path ended at its last router. */
std::string found_by_up_times(std::uint32_t before, std::uint32_t after) {
  scene s(carriers());
  s.learn("A1", path({"10.0.0.1"}));
  s.w.ran_for(s.of("A1"), 0, at(5), before);
  s.down("A1", 10);
  s.followed("A1", path({"10.0.0.1"}));
  s.up("A1", 60);
  s.w.ran_for(s.of("A1"), 0, at(65), after);
  s.look(66);
  return s.last("A1");
}

TEST(WhereCut, ADeviceThatBeganAnewWasRestarted) { EXPECT_EQ(found_by_up_times(500'000, 3'000), "restart"); }

TEST(WhereCut, AnUpTimeThatWrappedInsideAnOutageIsNoRestart) {
  EXPECT_EQ(found_by_up_times(0xffffffff - 2'000, 4'000), "access");
}

/** Two devices of a line run for different times; whose word is whose decides what an outage was. */
TEST(WhereCut, AgentsOfOneLineAreNotMixedUp) {
  scene s(fakes::district({{.id = "A1", .checks = {"icmp", "snmp", "snmp#2"}}}));
  s.learn("A1", path({"10.0.0.1"}));
  s.w.ran_for(s.of("A1"), 1, at(4), 500'000);
  s.w.ran_for(s.of("A1"), 2, at(5), 2'000'000);
  s.down("A1", 10);
  s.followed("A1", path({"10.0.0.1"}));
  s.up("A1", 60);
  s.w.ran_for(s.of("A1"), 2, at(62), 3'000);  // it is another device that began anew
  s.look(63);
  EXPECT_EQ(s.last("A1"), "unexplained");
  s.w.ran_for(s.of("A1"), 1, at(64), 506'000);
  s.look(65);
  EXPECT_EQ(s.last("A1"), "access");
}

TEST(WhereCut, AnAgentThatIsSilentForLongSpeaksForTheLineNoMore) {
  scene s(fakes::district({{.id = "A1", .checks = {"snmp", "snmp#2"}}}));
  s.w.ran_for(s.of("A1"), 0, at(4), 500'000);
  s.w.ran_for(s.of("A1"), 1, at(604), 1'000'000);
  EXPECT_FALSE(s.w.had_run(s.of("A1"), at(604), 10'000));
  s.w.ran_for(s.of("A1"), 1, at(605), 1'000'100);
  EXPECT_TRUE(s.w.had_run(s.of("A1"), at(604), 10'000));
}

TEST(WhereCut, AWordIsKeptWithItsAgentInANewInventory) {
  scene s(fakes::district({{.id = "A1", .checks = {"snmp", "snmp#2"}}}));
  s.w.ran_for(s.of("A1"), 1, at(4), 500'000);
  s.w.adopt(fakes::district({{.id = "X"}, {.id = "A1", .checks = {"icmp", "snmp", "snmp#2"}}}));
  EXPECT_TRUE(s.w.had_run(1, at(14), 5'010));
  s.w.adopt(fakes::district({{.id = "A1", .checks = {"icmp", "snmp"}}}));
  EXPECT_FALSE(s.w.had_run(0, at(14), 5'010)) << "that agent is asked no more";
}

TEST(WhereCut, ADevicesOwnWordsSupportWhatItSaysUnasked) {
  scene s(carriers());
  EXPECT_FALSE(s.w.had_run(s.of("A1"), at(9), 5'000)) << "it said nothing";
  s.w.ran_for(s.of("A1"), 0, at(4), 500'000);
  EXPECT_TRUE(s.w.had_run(s.of("A1"), at(9), 5'005));
  EXPECT_FALSE(s.w.had_run(s.of("A1"), at(9), 4'900)) << "as it was some minutes ago";
}

TEST(WhereCut, APowerTrapIsARestart) {
  scene s(carriers());
  s.down("A1", 10);
  s.w.lost_power(s.of("A1"), at(9));
  s.look(12);
  EXPECT_EQ(s.last("A1"), "restart");
}

TEST(WhereCut, APowerTrapOfADeviceThatRanOnIsTakenBackAndSaidBesideWhatItWas) {
  scene s(carriers());
  s.learn("A1", path({"10.0.0.1"}));
  s.w.ran_for(s.of("A1"), 0, at(5), 500'000);
  s.down("A1", 10);
  s.w.lost_power(s.of("A1"), at(10));
  s.followed("A1", path({"10.0.0.1"}));
  s.look(12);
  EXPECT_EQ(s.last("A1"), "restart");
  s.up("A1", 60);
  s.w.ran_for(s.of("A1"), 0, at(65), 506'000);
  s.look(66);
  EXPECT_EQ(s.last("A1"), "access");
  EXPECT_THAT(s.observed("A1"), HasSubstr("设备曾报告断电，但恢复后设备的运行时间没有中断"));
}

TEST(WhereCut, AClockThatRanOnIsSaidThoughItExplainsNothing) {
  scene s(carriers());
  s.w.ran_for(s.of("A1"), 0, at(5), 500'000);
  s.down("A1", 10);
  s.up("A1", 60);
  s.w.ran_for(s.of("A1"), 0, at(65), 506'000);
  s.look(66);
  EXPECT_EQ(s.last("A1"), "unexplained");
  EXPECT_EQ(s.observed("A1"), device_ran_on);
  EXPECT_FALSE(s.all.back().anew);
}

TEST(WhereCut, ALastGaspComesBeforeTheOutageIsKnown) {
  scene s(carriers());
  s.w.lost_power(s.of("A1"), at(9));
  s.w.lost_power(s.of("A2"), at(9));
  s.down("A1", 10);
  s.down("A2", 100);
  s.look(120);
  EXPECT_EQ(s.last("A1"), "restart");
  EXPECT_EQ(s.last("A2"), "");
}

TEST(WhereCut, WithoutTheDevicesWordTheEndOfThePathStaysUnexplained) {
  scene s(carriers());
  s.learn("A1", path({"10.0.0.1"}));
  s.down("A1", 10);
  s.followed("A1", path({"10.0.0.1"}));
  s.up("A1", 60);
  for (const double t : {61, 120, 300}) s.look(t);
  EXPECT_EQ(s.last("A1"), "unexplained");
  EXPECT_THAT(s.observed("A1"), HasSubstr("不能分辨"));
}

TEST(WhereCut, ALateWordIsNotWaitedForForEver) {
  scene s(carriers());
  s.learn("A1", path({"10.0.0.1"}));
  s.down("A1", 10);
  s.followed("A1", path({"10.0.0.1"}));
  s.up("A1", 60);
  s.look(400);
  s.w.ran_for(s.of("A1"), 0, at(500), 5);
  s.look(501);
  EXPECT_EQ(s.last("A1"), "unexplained");
}

TEST(WhereCut, WhatIsOpenIsFoundAgainInANewInventory) {
  scene s(carriers());
  s.learn("A1", path({"10.0.0.1"}));
  s.down("A1", 10);
  const auto next = fakes::district({{.id = "X"}, {.id = "A1"}});
  s.inv = next;
  s.paths.adopt(next);
  s.w.adopt(next);
  s.w.lost_power(1, at(11));
  s.look(12);
  EXPECT_EQ(s.last("A1"), "restart");
}

}  // namespace
}  // namespace changtong::verdict
