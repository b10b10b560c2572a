// What messages are written from, also where it is announced twice.
#include "daemon/publish/alerts/kept_facts.h"

#include <gtest/gtest.h>

namespace changtong::alerts {
namespace {

transition change(const std::string& id, line_state to, int second) {
  transition t;
  t.target = id;
  t.to = to;
  t.at = wall_from_ms(second * 1000);
  t.why = cause::timeout;
  return t;
}
cause_found behind(const std::string& id, int second, const std::string& parent) {
  return {.target = id, .began = wall_from_ms(second * 1000), .why = cause::upstream, .upstream = parent};
}

constexpr std::int64_t four_days = 4 * 86'400'000LL;

struct KeptFacts : testing::Test {
  inventory inv;
  civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  alert_settings settings;
  kept_facts kept;
  [[nodiscard]] told_world world() const { return kept.world(inv, zone, settings, wall_from_ms(0)); }
};

TEST_F(KeptFacts, WhatTheLedgerTakesLateIsNoNews) {
  const std::vector<transition> all{change("A", line_state::down, 10), change("A", line_state::up, 20)};
  for (const transition& t : all) EXPECT_TRUE(kept.take(t));
  for (const transition& t : all) EXPECT_FALSE(kept.take(t));
  EXPECT_TRUE(kept.open_outages().empty());
  EXPECT_TRUE(kept.take(change("A", line_state::down, 30)));
  ASSERT_EQ(kept.open_outages().size(), 1U);
  EXPECT_EQ(kept.open_outages()[0].at, wall_from_ms(30'000));
}

/** Down at 10, 30, 50 and 70 for five seconds each; told to flap at 71, and down once more. */
TEST_F(KeptFacts, ALineThatFlapsHasARunFromTheFirstOfItsOutages) {
  for (int k = 0; k < 4; ++k) {
    EXPECT_TRUE(kept.take(change("A", line_state::down, 10 + 20 * k)));
    if (k < 3) EXPECT_TRUE(kept.take(change("A", line_state::up, 15 + 20 * k)));
  }
  alert_record told;
  told.at = wall_from_ms(71'000);
  told.alert = "A19700101-0004";
  told.subject = alert_subject::flapping;
  told.targets = "A";
  EXPECT_FALSE(world().run(told)) << "it was not told";
  kept.take(told);
  const auto at = [&](int second) { return kept.world(inv, zone, settings, wall_from_ms(second * 1000)).run(told); };
  ASSERT_TRUE(at(72));
  EXPECT_EQ(at(72)->began, wall_from_ms(10'000));
  EXPECT_EQ(at(72)->times, 4U);
  EXPECT_EQ(at(72)->ended, std::nullopt);
  for (const auto& [to, second] :
       {std::pair{line_state::up, 75}, std::pair{line_state::down, 90}, std::pair{line_state::up, 95}})
    EXPECT_TRUE(kept.take(change("A", to, second)));
  EXPECT_EQ(at(96)->times, 5U);
  EXPECT_EQ(at(96)->lasted, milliseconds{25'000});
  EXPECT_EQ(at(96)->ended, wall_from_ms(95'000));
  kept.forget_runs();
  EXPECT_FALSE(at(97)) << "of another run of the daemon not all is known";
}

/** Down for five seconds every `every` seconds, from `first` on, `times` times, and told to flap behind the fourth. */
alert_record flap(kept_facts& kept, int first, int every, int times) {
  alert_record told;
  told.alert = "A19700101-0004";
  told.subject = alert_subject::flapping;
  told.targets = "A";
  for (int k = 0; k < times; ++k) {
    EXPECT_TRUE(kept.take(change("A", line_state::down, first + every * k)));
    EXPECT_TRUE(kept.take(change("A", line_state::up, first + every * k + 5)));
    if (k != 3) continue;
    told.at = wall_from_ms((first + every * k + 5) * 1000LL);
    kept.take(told);
  }
  return told;
}

TEST_F(KeptFacts, ALineThatFlapsForDaysIsCountedFromTheFirstOfItsOutages) {
  const int quarter = 900, three_days = 3 * 24 * 4;
  const alert_record told = flap(kept, 10, quarter, three_days);
  const auto course = kept.world(inv, zone, settings, wall_from_ms(four_days)).run(told);
  ASSERT_TRUE(course);
  EXPECT_EQ(course->times, 288U);
  EXPECT_EQ(course->lasted, milliseconds{288 * 5'000});
  EXPECT_EQ(course->began, wall_from_ms(10'000));
}

TEST_F(KeptFacts, ALineThatFlapsMoreOftenThanIsKeptOneByOneIsCountedAllTheSame) {
  const alert_record told = flap(kept, 10, 60, 3 * 1000);
  const auto course = kept.world(inv, zone, settings, wall_from_ms(four_days)).run(told);
  ASSERT_TRUE(course);
  EXPECT_EQ(course->times, 3'000U);
  EXPECT_EQ(course->lasted, milliseconds{3'000 * 5'000});
  EXPECT_EQ(course->began, wall_from_ms(10'000));
  EXPECT_EQ(course->ended, wall_from_ms((10 + 60 * 2'999 + 5) * 1000LL));
}

TEST_F(KeptFacts, AnAlertThatFlapsAgainCountsNothingOfTheOneBefore) {
  alert_record told = flap(kept, 10, 60, 6);
  alert_record end = told;
  end.step = alert_step::resolved;
  kept.take(end);
  EXPECT_EQ(kept.world(inv, zone, settings, wall_from_ms(1'000'000)).run(end)->times, 6U) << "as it is told";
  for (int k = 0; k < 4; ++k) {
    EXPECT_TRUE(kept.take(change("A", line_state::down, 90'000 + 60 * k)));
    EXPECT_TRUE(kept.take(change("A", line_state::up, 90'000 + 60 * k + 5)));
  }
  told.alert = "A19700102-0001";
  told.at = wall_from_ms(90'300'000);
  kept.take(told);
  EXPECT_EQ(kept.world(inv, zone, settings, wall_from_ms(four_days)).run(told)->times, 4U);
}

TEST_F(KeptFacts, WhatTheLedgerTakesLateIsNoNewsOfALineThatWasUpBefore) {
  EXPECT_TRUE(kept.take(change("A", line_state::up, 5)));
  const std::vector<transition> all{change("A", line_state::unknown, 10), change("A", line_state::up, 20)};
  for (const transition& t : all) EXPECT_TRUE(kept.take(t));
  for (const transition& t : all) EXPECT_FALSE(kept.take(t));
  EXPECT_FALSE(kept.take(change("A", line_state::down, 15)));
  EXPECT_TRUE(kept.open_outages().empty());
}

TEST_F(KeptFacts, TheEndOfARecalledOutageIsNewsOnce) {
  kept.recall(
      "A",
      {.began = wall_from_ms(10'000), .ended = {}, .why = cause::timeout, .upstream = {}, .after_own_uplink = false});
  EXPECT_TRUE(kept.take(change("A", line_state::up, 20)));
  EXPECT_TRUE(kept.open_outages().empty());
  EXPECT_FALSE(kept.take(change("A", line_state::up, 20)));
  EXPECT_FALSE(kept.take(change("A", line_state::down, 10))) << "the ledger is back, and has it now";
  EXPECT_TRUE(kept.open_outages().empty());
}

TEST_F(KeptFacts, TheCauseOfAnEarlierOutageSaysNothingOfThisOne) {
  (void)kept.take(change("A", line_state::down, 10));
  EXPECT_TRUE(kept.take(behind("A", 10, "T")));
  EXPECT_EQ(world().outage("A")->upstream, "T");
  (void)kept.take(change("A", line_state::up, 20));
  (void)kept.take(change("A", line_state::down, 30));
  EXPECT_FALSE(kept.take(behind("A", 10, "T"))) << "the ledger is back, and has it now";
  EXPECT_EQ(world().outage("A")->upstream, "");
}

TEST_F(KeptFacts, WhatWasSeenOnTheWayIsOfTheOutagesThatBeganThen) {
  (void)kept.take(change("A", line_state::down, 10));
  (void)kept.take(change("B", line_state::down, 15));
  (void)kept.take(change("C", line_state::down, 40));
  trace_record seen;
  seen.step = trace_step::begun;
  seen.targets = "A B C X";
  seen.began = wall_from_ms(10'000);
  seen.last = "10.0.1.1";
  kept.take(seen);
  seen.step = trace_step::cause;
  seen.observed = "设备报告断电";
  seen.targets = "A";
  kept.take(seen);
  EXPECT_EQ(world().outage("A")->last_hop, "10.0.1.1");
  EXPECT_EQ(world().outage("A")->observed, "设备报告断电");
  EXPECT_EQ(world().outage("B")->last_hop, "10.0.1.1");
  EXPECT_EQ(world().outage("B")->observed, "");
  EXPECT_EQ(world().outage("C")->last_hop, "") << "a later one";
}

trap_record heard(const std::string& id, int second, trap_class what, const std::string& oid, std::string text = "") {
  trap_record t;
  t.target = id;
  t.about = wall_from_ms(second * 1000);
  t.what = what;
  t.trap = oid;
  t.text = std::move(text);
  return t;
}

TEST_F(KeptFacts, WhatADeviceSaidNearAnOutageIsKeptTheMostTellingFirst) {
  kept.take(heard("A", 100, trap_class::power, "1.3.6.1.2.1.33.2.1"));  // long before
  kept.take(heard("A", 998, trap_class::link, "1.3.6.1.6.3.1.1.5.3", "ifIndex=3 ifDescr=GE0/0/1 ifAdminStatus=1"));
  kept.take(heard("A", 999, trap_class::power, "1.3.6.1.2.1.33.2.1"));
  kept.take(heard("A", 999, trap_class::power, "1.3.6.1.2.1.33.2.1"));  // announced once more
  kept.take(heard("A", 1000, trap_class::authentication, "1.3.6.1.6.3.1.1.5.5"));
  kept.take(heard("B", 999, trap_class::power, "1.3.6.1.2.1.33.2.1"));
  (void)kept.take(change("A", line_state::down, 1000));
  const auto near = [&] { return world().traps("A", *world().outage("A")); };
  ASSERT_EQ(near().size(), 2U);
  EXPECT_EQ(near()[0].words, "市电中断，UPS 供电");
  EXPECT_EQ(near()[1].words, "接口中断 GE0/0/1");
  (void)kept.take(change("A", line_state::up, 1100));
  kept.take(heard("A", 1105, trap_class::restart, "1.3.6.1.6.3.1.1.5.1"));
  kept.take(heard("A", 1200, trap_class::restart, "1.3.6.1.6.3.1.1.5.1"));
  EXPECT_EQ(near().size(), 3U) << "and a minute after it";
}

TEST_F(KeptFacts, ALastGaspIsNoEventOfTheLink) {
  kept.take(heard("A", 999, trap_class::power, "1.3.6.1.2.1.158.0.2"));
  (void)kept.take(change("A", line_state::down, 1000));
  ASSERT_EQ(world().traps("A", *world().outage("A")).size(), 1U);
  EXPECT_EQ(world().traps("A", *world().outage("A"))[0].words, "断电（dying gasp）");
}

TEST_F(KeptFacts, WhatSpokeForOneCauseSaysNothingOfTheNext) {
  (void)kept.take(change("A", line_state::down, 10));
  const auto found = [&](cause why) {
    return kept.take(cause_found{.target = "A", .began = wall_from_ms(10'000), .why = why, .upstream = {}});
  };
  EXPECT_TRUE(found(cause::restart));
  trace_record seen;
  seen.step = trace_step::cause;
  seen.targets = "A";
  seen.began = wall_from_ms(10'000);
  seen.observed = "设备报告断电";
  kept.take(seen);
  EXPECT_TRUE(found(cause::restart));
  EXPECT_EQ(world().outage("A")->observed, "设备报告断电");
  EXPECT_TRUE(found(cause::unexplained)) << "it ran on";
  EXPECT_EQ(world().outage("A")->observed, "");
}

TEST_F(KeptFacts, WhatWasSaidOfTheOutageBeforeIsNotOfThisOne) {
  (void)kept.take(change("A", line_state::down, 1000));
  kept.take(heard("A", 1000, trap_class::power, "1.3.6.1.2.1.33.2.1"));
  (void)kept.take(change("A", line_state::up, 1006));
  kept.take(heard("A", 1007, trap_class::restart, "1.3.6.1.6.3.1.1.5.1"));
  (void)kept.take(change("A", line_state::down, 1030));
  kept.take(heard("A", 1029, trap_class::power, "1.3.6.1.2.1.33.2.1"));
  const auto near = world().traps("A", *world().outage("A"));
  ASSERT_EQ(near.size(), 1U);
  EXPECT_EQ(near[0].about, wall_from_ms(1'029'000));
}

TEST_F(KeptFacts, AStormOfTrapsKeepsTheMostTelling) {
  kept.take(heard("A", 999, trap_class::power, "1.3.6.1.2.1.33.2.1"));
  for (int k = 0; k < 100; ++k) kept.take(heard("A", 1000 + k % 50, trap_class::link, "1.3.6.1.6.3.1.1.5.3"));
  (void)kept.take(change("A", line_state::down, 1000));
  EXPECT_LE(world().traps("A", *world().outage("A")).size(), 8U);
  EXPECT_EQ(world().traps("A", *world().outage("A"))[0].what, trap_class::power);
}

TEST_F(KeptFacts, WhoWasDownMeanwhileIsKnown) {
  (void)kept.take(change("A", line_state::down, 10));
  (void)kept.take(change("A", line_state::up, 20));
  const auto was = [&](int from, int to) {
    return world().was_down("A", wall_from_ms(from * 1000), wall_from_ms(to * 1000));
  };
  EXPECT_TRUE(was(15, 30));
  EXPECT_TRUE(was(5, 11));
  EXPECT_FALSE(was(20, 30));
  EXPECT_FALSE(was(5, 10));
}

TEST_F(KeptFacts, AnAlertIsOverWhenNothingOfItIsLeft) {
  alert_record step;
  step.alert = "A20260314-0001";
  step.targets = "A B";
  kept.take(step);
  EXPECT_EQ(world().left(step.alert), 2U);
  step.step = alert_step::resolved;
  step.targets = "A";
  kept.take(step);
  EXPECT_TRUE(kept.is_open(step.alert));
  step.targets = "";
  kept.take(step);
  EXPECT_FALSE(kept.is_open(step.alert)) << "who is left was closed, or is in another";
  EXPECT_EQ(kept.open_alerts(), 0U);
}

TEST_F(KeptFacts, TheCarriersDeskIsKnownFromTheSettings) {
  settings.carriers.push_back({.carrier = "移动", .phone = "10086", .mail = ""});
  target t;
  t.carrier = "移动";
  EXPECT_EQ(world().service_phone(t), "10086");
  t.carrier = "电信";
  EXPECT_EQ(world().service_phone(t), "");
}

}  // namespace
}  // namespace changtong::alerts
