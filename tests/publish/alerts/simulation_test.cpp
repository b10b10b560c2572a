// What would have been told, when much happens at one instant.
#include "daemon/publish/alerts/simulation.h"

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
