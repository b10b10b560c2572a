// When paths are traced, and what is entered of them, with a made-up network and made-up time.
#include "daemon/run/tracing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/fakes/world.h"

namespace changtong {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<hop> path(std::initializer_list<const char*> hops) {
  std::vector<hop> all;
  for (const char* h : hops) all.emplace_back(*parse_address(h));
  return all;
}

/** Lines V1..V4 at 10.1.0.1..4 behind one router, W1 at 10.1.0.5 behind another. */
struct district {
  std::shared_ptr<inventory> inv = [] {
    auto made = std::make_shared<inventory>(
        *fakes::district({{.id = "V1"}, {.id = "V2"}, {.id = "V3"}, {.id = "V4"}, {.id = "W1"}}));
    int n = 0;
    for (target& t : made->targets) t.addresses = {*parse_address("10.1.0." + std::to_string(++n))};
    return made;
  }();
  std::map<std::string, seen_path> network;   ///< by address: what a trace sees
  std::vector<std::string> traced;            ///< addresses, in order
  std::map<std::uint32_t, std::string> open;  ///< under way
  std::set<target_index> is_down;
  std::vector<record> out;
  mono_t now{std::chrono::hours{100}};
  tracing t{inv, *civil_zone::named("Asia/Shanghai"),
            path_doors{.has_room = [this] { return open.size() < 4; },
                       .start =
                           [this](std::uint32_t tag, const ip_address& to, unsigned) {
                             traced.push_back(to_string(to));
                             open[tag] = to_string(to);
                           },
                       .tick =
                           [this](mono_t, const path_doors::told& told) {
                             for (const auto& [tag, to] : std::exchange(open, {})) told(tag, &network[to]);
                           }}};

  district() {
    for (const char* a : {"10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4"})
      network[a] = {path({"10.9.0.1", "10.9.1.1"}), true};
    network["10.1.0.5"] = {path({"10.9.0.1", "10.9.2.1"}), true};
  }

  [[nodiscard]] wall_t label() const {
    return wall_from_ms(1'773'417'600'000) + std::chrono::floor<milliseconds>(now.time_since_epoch());
  }
  void run(double seconds) {
    for (int k = 0; k < static_cast<int>(seconds * 10); ++k) {
      now += milliseconds{100};
      t.tick(
          now, label(), [this](target_index i) { return is_down.contains(i) ? line_state::down : line_state::up; },
          out);
    }
  }
  target_index of(const std::string& id) const { return inv->index_of(id); }
  void down(const std::string& id) {
    is_down.insert(of(id));
    t.follow(transition{.target = id,
                        .to = line_state::down,
                        .at = label(),
                        .edge = {label() - milliseconds{1000}, label()},
                        .confirmed = label(),
                        .why = cause::timeout,
                        .decided_by = {}},
             now);
    t.follow(cause_found{.target = id, .began = label(), .why = cause::unexplained, .upstream = {}}, now);
  }
  void up(const std::string& id) {
    is_down.erase(of(id));
    t.follow(transition{.target = id, .to = line_state::up, .at = label(), .edge = {}, .decided_by = {}}, now);
  }
  std::vector<std::string> entered(trace_step step) const {
    std::vector<std::string> all;
    for (const record& r : out)
      if (const auto* e = std::get_if<trace_record>(&r); e != nullptr && e->step == step)
        all.push_back(e->targets + ": " + e->path + (e->next.empty() ? "" : " ! " + e->next) + e->observed);
    return all;
  }
  std::vector<std::string> causes() const {
    std::vector<std::string> all;
    for (const record& r : out)
      if (const auto* c = std::get_if<cause_found>(&r)) all.push_back(c->target + " " + std::string(name_of(c->why)));
    return all;
  }
};

TEST(Tracing, UsualPathsAreLearntOneAfterTheOtherAndEnteredOnce) {
  district d;
  d.run(1.0);
  EXPECT_LE(d.traced.size(), 2U) << "spread out";
  d.run(10);
  EXPECT_EQ(d.traced.size(), 5U);
  EXPECT_EQ(d.entered(trace_step::usual).size(), 5U);
  d.run(3600);
  EXPECT_EQ(d.traced.size(), 5U) << "not again within the hour";
  d.run(6 * 3600);
  EXPECT_EQ(d.traced.size(), 10U);
  EXPECT_EQ(d.entered(trace_step::usual).size(), 5U) << "nothing changed";
}

TEST(Tracing, ADoubtIsTracedAtOnceAndTheOutageTellsIt) {
  district d;
  d.run(90);
  d.traced.clear(), d.out.clear();
  d.network["10.1.0.1"] = {path({"10.9.0.1", "10.9.1.1"}), false};
  d.t.doubt(d.of("V1"), d.now);
  d.run(0.3);
  EXPECT_THAT(d.traced, ElementsAre("10.1.0.1"));
  EXPECT_THAT(d.entered(trace_step::begun), IsEmpty()) << "it is not down yet";
  d.down("V1");
  d.run(1);
  EXPECT_THAT(d.traced, ElementsAre("10.1.0.1")) << "once is enough";
  EXPECT_THAT(d.entered(trace_step::begun), ElementsAre("V1: 10.9.0.1 10.9.1.1"));
  EXPECT_THAT(d.entered(trace_step::cause).front(), HasSubstr("10.9.1.1"));
}

TEST(Tracing, LinesBehindOneRouterShareATrace) {
  district d;
  d.run(90);
  d.traced.clear(), d.out.clear();
  for (auto& [to, seen] : d.network) seen = {path({"10.9.0.1"}), false};
  for (const char* id : {"V1", "V2", "V3"}) d.t.doubt(d.of(id), d.now);
  d.run(0.5);
  for (const char* id : {"V1", "V2", "V3", "V4"}) d.down(id);
  d.run(1);
  EXPECT_EQ(d.traced.size(), 1U);
  EXPECT_THAT(d.entered(trace_step::begun), ElementsAre("V1 V2 V3 V4: 10.9.0.1 ! 10.9.1.1"));
  EXPECT_THAT(d.causes(), ElementsAre("V1 middle", "V2 middle", "V3 middle", "V4 middle"));
}

TEST(Tracing, ALineIsTracedOnceAMinute) {
  district d;
  d.run(90);
  d.traced.clear();
  for (int k = 0; k < 30; ++k) {
    d.t.doubt(d.of("W1"), d.now);
    d.run(3);
  }
  EXPECT_EQ(d.traced.size(), 2U);
}

/** A line was traced at most a minute ago, for a blip; now it fails. */
void goes_down_and_is_traced_after_its_minute(district& d) {
  d.network["10.1.0.5"] = {path({"10.9.0.1", "10.9.2.1"}), false};
  d.down("W1");
  d.run(10);
  EXPECT_THAT(d.entered(trace_step::begun), IsEmpty());
  d.run(60);
  EXPECT_EQ(d.traced.size(), 2U);
  EXPECT_THAT(d.entered(trace_step::begun), ElementsAre("W1: 10.9.0.1 10.9.2.1"));
}

TEST(Tracing, ABlipThatBecomesAnOutageIsTracedAgainAfterItsMinute) {
  district d;
  d.run(90);
  d.traced.clear(), d.out.clear();
  d.t.doubt(d.of("W1"), d.now);
  d.run(1);
  goes_down_and_is_traced_after_its_minute(d);
}

TEST(Tracing, WhereABlipWasSeenToEndSaysNothingOfALaterOutage) {
  district d;
  d.run(90);
  d.traced.clear(), d.out.clear();
  d.network["10.1.0.5"] = {path({"10.9.0.1"}), false};
  d.t.doubt(d.of("W1"), d.now);
  d.run(30);
  goes_down_and_is_traced_after_its_minute(d);
}

/** A start reads 45 days back. */
TEST(Tracing, APathThatNeverChangesIsEnteredAnewEachMonth) {
  district d;
  d.run(90);
  EXPECT_EQ(d.entered(trace_step::usual).size(), 5U);
  d.out.clear();
  d.now += std::chrono::days{29};
  d.run(90);
  EXPECT_THAT(d.entered(trace_step::usual), IsEmpty());
  d.now += std::chrono::days{2};
  d.run(90);
  EXPECT_EQ(d.entered(trace_step::usual).size(), 5U);
}

TEST(Tracing, AfterAnOutageTheNewPathIsEntered) {
  district d;
  d.run(90);
  d.out.clear();
  d.down("W1");
  d.run(70);
  d.network["10.1.0.5"] = {path({"10.9.0.1", "10.9.3.1"}), true};
  d.up("W1");
  d.traced.clear();
  d.run(5);
  EXPECT_THAT(d.traced, ElementsAre("10.1.0.5"));
  EXPECT_THAT(d.entered(trace_step::ended), ElementsAre("W1: 10.9.0.1 10.9.3.1"));
  EXPECT_THAT(d.entered(trace_step::usual), ElementsAre("W1: 10.9.0.1 10.9.3.1"));
}

TEST(Tracing, UsualPathsAreTakenFromTheLedger) {
  district d;
  trace_record known;
  known.at = d.label();
  known.step = trace_step::usual;
  for (const char* id : {"V1", "V2"}) {
    known.targets = id;
    known.path = "10.9.0.1 10.9.1.1";
    d.t.recall({known});
  }
  known.targets = "V3", known.path = "no path";
  d.t.recall({known});
  d.network["10.1.0.1"] = {path({"10.9.0.1"}), false};
  d.down("V1"), d.down("V2");
  d.run(1);
  EXPECT_THAT(d.entered(trace_step::begun), ElementsAre("V1 V2: 10.9.0.1 ! 10.9.1.1"));
}

TEST(Tracing, AUsualPathIsOfAnAddressAndOfTheLastWeeks) {
  district d;
  trace_record known;
  known.step = trace_step::usual, known.path = "10.9.0.1 10.9.1.1", known.at = d.label();
  known.targets = "V1", known.last = "10.1.0.1";
  d.t.recall({known});
  known.targets = "V2", known.last = "10.1.0.77";  // it has another address now
  d.t.recall({known});
  known.targets = "V3", known.last = "10.1.0.3", known.at = d.label() - std::chrono::days{46};
  d.t.recall({known});
  for (const char* a : {"10.1.0.1", "10.1.0.2", "10.1.0.3"}) d.network[a] = {path({"10.9.0.1"}), false};
  d.down("V1"), d.down("V2"), d.down("V3");
  d.run(1);
  EXPECT_THAT(d.entered(trace_step::begun), UnorderedElementsAre("V1: 10.9.0.1 ! 10.9.1.1", "V2 V3: 10.9.0.1"));
}

TEST(Tracing, ATrapOfLostPowerNamesTheOutageThatFollows) {
  district d;
  d.run(90);
  d.out.clear();
  trap_record said;
  said.target = "W1";
  said.about = d.label();
  for (const trap_class what : {trap_class::link, trap_class::power}) {
    said.what = what;
    d.t.heard(said, true);
  }
  d.network["10.1.0.5"] = {path({"10.9.0.1", "10.9.2.1"}), false};
  d.down("W1");
  d.run(10);
  EXPECT_THAT(d.causes(), ElementsAre("W1 restart"));
}

TEST(Tracing, ATrapThatMayBeAnOldOneNamesNoCauseUnlessTheDevicesOwnWordSupportsIt) {
  for (const bool supported : {false, true}) {
    district d;
    d.run(90);
    d.out.clear();
    const fact told{.name = fact_name::up_time_centiseconds, .index = 0, .value = supported ? 30'000 : 900'000};
    sample answer;
    answer.check = d.inv->targets[4].first_check, answer.what = outcome::good, answer.at = d.label();
    answer.facts = {&told, 1};
    d.t.seen(answer, 4);
    trap_record said;
    said.target = "W1", said.what = trap_class::power, said.about = d.label(), said.uptime_s = "301";
    d.t.heard(said, false);
    d.network["10.1.0.5"] = {path({"10.9.0.1", "10.9.2.1"}), false};
    d.down("W1");
    d.run(10);
    if (supported)
      EXPECT_THAT(d.causes(), ElementsAre("W1 restart"));
    else
      EXPECT_THAT(d.causes(), IsEmpty());
  }
}

TEST(Tracing, OwnAddressesHaveNoPath) {
  district d;
  for (target& t : d.inv->targets) t.addresses = {*parse_address("127.0.0.9")};
  d.run(90);
  d.down("V1");
  d.run(10);
  EXPECT_THAT(d.traced, IsEmpty());
}

TEST(Tracing, WithoutDoorsOutagesAreStillToldApart) {
  district d;
  tracing t(d.inv, *civil_zone::named("Asia/Shanghai"), {});
  std::vector<record> out;
  t.doubt(0, d.now);
  trap_record gasp;
  gasp.target = "V1", gasp.what = trap_class::power, gasp.about = d.label();
  t.heard(gasp, true);
  t.follow(
      transition{
          .target = "V1", .to = line_state::down, .at = d.label(), .edge = {d.label(), d.label()}, .decided_by = {}},
      d.now);
  t.follow(cause_found{.target = "V1", .began = d.label(), .why = cause::unexplained, .upstream = {}}, d.now);
  for (int k = 0; k < 2; ++k, d.now += std::chrono::seconds{9})
    t.tick(d.now, d.label(), [](target_index) { return line_state::down; }, out);
  const auto found = std::ranges::find_if(out, [](const record& r) { return std::holds_alternative<cause_found>(r); });
  ASSERT_NE(found, out.end());
  EXPECT_EQ(std::get<cause_found>(*found).why, cause::restart);
}

}  // namespace
}  // namespace changtong
