// What would have been told, when much happens at one instant.
#include "daemon/publish/alerts/simulation.h"

#include <set>

#include "tests/publish/alerts/night.h"

namespace changtong::alerts {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

happening down(const std::string& id, wall_t when) {
  transition t;
  t.target = id;
  t.to = line_state::down;
  t.at = t.confirmed = when;
  return {.known = when, .what = t};
}

happening of(wall_t when, record what) { return {.known = when, .what = std::move(what)}; }

TEST(Simulation, OurOwnFaultsAreTold) {
  const simulation world{.targets = district(),
                         .zone = shanghai,
                         .words = nullptr,
                         .settings = usual(),
                         .people = staff(),
                         .on_duty = turns};
  alert_record fault;
  fault.subject = alert_subject::own;
  fault.name = "disk";
  alert_record over = fault;
  over.step = alert_step::resolved;
  std::vector<std::string> steps;
  const wall_t when = at("03-14 02:10:00");
  const auto all = simulate(world, {of(when, fault), of(when + 5min, over)},
                            [&](const alert_record& r) {
                              if (r.subject == alert_subject::own && r.channel.empty())
                                steps.push_back(std::string(name_of(r.step)) + " " + r.name);
                            },
                            {});
  EXPECT_EQ(all.alerts, 1u);
  EXPECT_EQ(steps, (std::vector<std::string>{"opened disk", "resolved disk"}));
}

/** As far as the ledger has it: what was told to be degraded then. */
TEST(Simulation, WhatWasToldToBeDegradedIsToldAgain) {
  simulation world{.targets = district(),
                   .zone = shanghai,
                   .words = nullptr,
                   .settings = usual(),
                   .people = staff(),
                   .on_duty = turns};
  alert_record bad;
  bad.subject = alert_subject::degraded;
  bad.name = "丢包、时延过大";
  bad.targets = "V1";
  alert_record over = bad;
  over.step = alert_step::resolved;
  const wall_t when = at("03-14 02:10:00");
  const auto steps = [&] {
    std::vector<std::string> all;
    (void)simulate(world, {of(when, bad), of(when + 20min, over)},
                   [&](const alert_record& r) {
                     if (r.subject == alert_subject::degraded && r.channel.empty() && r.step != alert_step::escalated)
                       all.push_back(std::string(name_of(r.step)) + " " + r.name + " " + r.targets);
                   },
                   {});
    return all;
  };
  EXPECT_EQ(steps(), (std::vector<std::string>{"opened 丢包、时延过大 V1", "resolved 丢包、时延过大 V1"}));
  world.settings.degraded = false;
  EXPECT_TRUE(steps().empty());
}

/** Its id of then is another alert's here. */
TEST(Simulation, AnAcknowledgementMeetsWhatItWasAbout) {
  const simulation world{.targets = district(),
                         .zone = shanghai,
                         .words = nullptr,
                         .settings = usual(),
                         .people = staff(),
                         .on_duty = turns};
  const wall_t when = at("03-14 02:10:00");
  alert_record then;
  then.alert = "A20260314-0001";  // here V1's
  then.targets = "V51";
  acknowledgement taken;
  taken.at = when + 3min;
  taken.alert = then.alert;
  taken.author = "王工";
  happening care = of(taken.at, taken);
  care.about = then;
  std::set<std::string> escalated;
  (void)simulate(world, {down("V1", when), down("V51", when + 1min), care},
                 [&](const alert_record& r) {
                   if (r.step == alert_step::escalated) escalated.insert(r.alert);
                 },
                 {});
  EXPECT_EQ(escalated, std::set<std::string>{"A20260314-0001"});
}

TEST(Simulation, EveryMessageOfOneInstantIsToldAndEveryStepIsHeard) {
  alert_settings s = usual();
  s.together.lines = 100;
  s.rules[0].steps = {step(0min, {"王工", "李工"}, {"sms"}), step(15min, {"head"}, {"voice"})};
  const simulation world{
      .targets = district(), .zone = shanghai, .words = nullptr, .settings = s, .people = staff(), .on_duty = turns};
  std::size_t told = 0, escalated = 0, opened = 0;
  const wall_t when = at("03-14 02:10:00");
  const auto all = simulate(world, {down("V1", when), down("V51", when)},
                            [&](const alert_record& r) {
                              told += r.step == alert_step::told;
                              escalated += r.step == alert_step::escalated;
                              opened += r.step == alert_step::opened;
                            },
                            {});
  EXPECT_EQ(all.alerts, 2u);
  EXPECT_EQ(opened, 2u);
  EXPECT_EQ(escalated, 2u);
  EXPECT_EQ(told, 6u) << "two people, twice; the head twice";
  EXPECT_EQ(all.messages, 6u);
}

}  // namespace
}  // namespace changtong::alerts
