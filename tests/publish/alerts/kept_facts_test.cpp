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

TEST_F(KeptFacts, TheCauseOfAnEarlierOutageSaysNothingOfThisOne) {
  (void)kept.take(change("A", line_state::down, 10));
  EXPECT_TRUE(kept.take(behind("A", 10, "T")));
  EXPECT_EQ(world().outage("A")->upstream, "T");
  (void)kept.take(change("A", line_state::up, 20));
  (void)kept.take(change("A", line_state::down, 30));
  EXPECT_FALSE(kept.take(behind("A", 10, "T"))) << "the ledger is back, and has it now";
  EXPECT_EQ(world().outage("A")->upstream, "");
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
