// What is kept of the samples around an outage, and where it ends: made-up samples, made-up time.
#include "daemon/run/around_outages.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/fakes/world.h"

namespace changtong {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t zero_ms = 1'773'417'600'000;
wall_t at(double s) { return wall_from_ms(zero_ms + static_cast<std::int64_t>(s * 1000)); }
double seconds_of(wall_t t) { return static_cast<double>(ms_of(t) - zero_ms) / 1000; }

struct watched {
  explicit watched(std::vector<fakes::line_spec> lines, const around_limits& limits = {})
      : inv(fakes::district(lines)), around(inv, limits) {}

  std::shared_ptr<const inventory> inv;
  around_outages around;
  double now = 0;
  double every = 1;
  std::set<std::string> cut;
  std::vector<record> out;

  [[nodiscard]] mono_t mono() const { return mono_t{nanoseconds{static_cast<std::int64_t>((now + 5000) * 1e9)}}; }
  /** A sample of every check each `every` seconds, up to `s`, and a look after each. */
  void run_until(double s) {
    for (; now < s; now += every) {
      for (check_index c = 0; c < inv->checks.size(); ++c) {
        const bool down = cut.contains(inv->targets[inv->checks[c].target].id);
        sample one{.check = c, .what = down ? outcome::bad : outcome::good, .sent = mono(), .at = at(now)};
        one.why = down ? cause::timeout : cause::none;
        one.rtt = down ? nanoseconds{0} : milliseconds{3};
        around.seen(one);
      }
      around.tick(mono(), at(now), out);
    }
  }
  void down(const std::string& id, double began) {
    run_until(began);
    cut.insert(id);
    run_until(began + 2);
    say(id, line_state::down, began);
  }
  void up(const std::string& id, double ended) {
    run_until(ended);
    cut.erase(id);
    run_until(ended + 1);
    say(id, line_state::up, ended);
  }
  void say(const std::string& id, line_state to, double s) {
    around.follow(transition{.target = id,
                             .to = to,
                             .at = at(s),
                             .edge = {at(s - every), at(s)},
                             .confirmed = at(now),
                             .decided_by = {}},
                  mono());
  }
  void reload(std::vector<fakes::line_spec> lines) {
    inv = fakes::district(lines);
    around.adopt(inv);
  }
  [[nodiscard]] std::vector<samples_record> entries() const {
    std::vector<samples_record> all;
    for (const record& r : out) all.push_back(std::get<samples_record>(r));
    return all;
  }
  /** "L1 whole 100: 0-715" */
  [[nodiscard]] std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const samples_record& r : entries())
      all.push_back(fmt::format("{} {} {}: {}-{}{}", r.target, name_of(r.part), seconds_of(r.about), seconds_of(r.from),
                                seconds_of(r.to), r.left > 0 ? fmt::format(" {} left", r.left) : ""));
    return all;
  }
};

TEST(AroundOutages, AShortOneIsOnePieceFromTenMinutesBeforeItToTenAfter) {
  watched w({{.id = "L1"}, {.id = "L2"}});
  w.run_until(1000);
  w.down("L1", 1000);
  w.up("L1", 1060);
  w.run_until(3000);
  EXPECT_THAT(w.told(), ElementsAre("L1 whole 1000: 400-1660"));
  const auto checks = unpack(w.entries()[0].packed).value();
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(checks[0].check, "L1/icmp");
  EXPECT_EQ(checks[0].samples.size(), 1261U);
  const auto first_bad = std::ranges::find(checks[0].samples, outcome::bad, &kept_sample::what);
  EXPECT_EQ(first_bad->at, at(1000));
  EXPECT_EQ(first_bad->why, cause::timeout);
  EXPECT_EQ(std::prev(first_bad)->rtt, 300U) << "hundredths of a millisecond";
  EXPECT_EQ(std::ranges::count(checks[0].samples, outcome::bad, &kept_sample::what), 60);
}

TEST(AroundOutages, ALongOneHasTwoPiecesAndNothingTwice) {
  watched w({{.id = "L1"}});
  w.run_until(1000);
  w.down("L1", 1000);
  w.run_until(5000);
  EXPECT_THAT(w.told(), ElementsAre("L1 beginning 1000: 400-1600"));
  w.up("L1", 5000);
  w.run_until(6000);
  EXPECT_THAT(w.told(), ElementsAre("L1 beginning 1000: 400-1600", "L1 end 1000: 4400-5600"));
  watched little({{.id = "L1"}});
  little.run_until(1000);
  little.down("L1", 1000);
  little.up("L1", 1700);
  little.run_until(3000);
  EXPECT_THAT(little.told(), ElementsAre("L1 beginning 1000: 400-1600", "L1 end 1000: 1601-2300"));
}

TEST(AroundOutages, ALineThatFlapsHasEachSampleOnce) {
  watched w({{.id = "L1"}});
  w.run_until(1000);
  for (const double began : {1000.0, 1100.0, 1200.0}) {
    w.down("L1", began);
    w.up("L1", began + 10);
  }
  w.run_until(3000);
  EXPECT_THAT(w.told(), ElementsAre("L1 whole 1000: 400-1098", "L1 whole 1100: 1099-1198", "L1 whole 1200: 1199-1810"));
}

TEST(AroundOutages, AHoleInAnOutageBeginsNoOther) {
  watched w({{.id = "L1"}});
  w.run_until(1000);
  w.down("L1", 1000);
  w.say("L1", line_state::unknown, 1020);
  w.around.follow(
      transition{
          .target = "L1", .to = line_state::down, .at = at(1030), .edge = {}, .decided_by = {}, .same_outage = true},
      w.mono());
  w.up("L1", 1040);
  w.run_until(3000);
  EXPECT_THAT(w.told(), ElementsAre("L1 whole 1000: 400-1640"));
}

TEST(AroundOutages, LinesThatOnlyComeUpHaveNone) {
  watched w({{.id = "L1"}});
  w.run_until(10);
  w.say("L1", line_state::up, 0);
  w.say("L1", line_state::unknown, 5);
  w.say("L1", line_state::up, 8);
  w.run_until(2000);
  EXPECT_THAT(w.told(), IsEmpty());
}

TEST(AroundOutages, OneFromBeforeTheStartHasItsEnd) {
  watched w({{.id = "L1"}});
  w.around.recall({{.target = "L1", .believed = line_state::down, .since = at(-5000), .outage_began = at(-5000)}});
  w.cut = {"L1"};
  w.run_until(50);
  w.up("L1", 50);
  w.run_until(2000);
  EXPECT_THAT(w.told(), ElementsAre("L1 end -5000: 0-650"));
}

TEST(AroundOutages, AStopEntersWhatThereIs) {
  watched w({{.id = "L1"}});
  w.run_until(1000);
  w.down("L1", 1000);
  w.up("L1", 1030);
  w.around.stop(w.mono(), at(w.now), w.out);
  EXPECT_THAT(w.told(), ElementsAre("L1 whole 1000: 400-1030"));
}

TEST(AroundOutages, AReloadKeepsWhatWasSeen) {
  watched w({{.id = "L1"}, {.id = "L2"}, {.id = "L3"}});
  w.run_until(1000);
  w.down("L1", 1000);
  w.down("L3", 1010);
  w.reload({{.id = "L0"}, {.id = "L1"}, {.id = "L2"}});
  w.down("L2", 1020);
  w.up("L1", 1060);
  w.up("L2", 1070);
  w.run_until(3000);
  EXPECT_THAT(w.told(),
              ElementsAre("L3 beginning 1010: 410-1011", "L1 whole 1000: 400-1660", "L2 whole 1020: 420-1670"))
      << "a line that is no more has what it has";
}

TEST(AroundOutages, WithLittleMemoryTheSpanIsShorterAndTheEntrySaysWhich) {
  watched w({{.id = "L1"}, {.id = "L2"}}, {.ring_bytes = 2 * 8 * 100});
  w.run_until(1000);
  w.down("L1", 1000);
  w.up("L1", 1010);
  w.run_until(3000);
  EXPECT_THAT(w.told(), ElementsAre("L1 whole 1000: 902-1610")) << "a hundred samples each";
}

TEST(AroundOutages, OurOwnUplinkIsSaidToBeIt) {
  watched w({{.id = "L1"}});
  w.run_until(100);
  w.around.seen({.check = 0, .what = outcome::not_measured, .why = cause::own_uplink, .at = at(100)});
  w.down("L1", 101);
  w.around.stop(w.mono(), at(w.now), w.out);
  const auto checks = unpack(w.entries()[0].packed).value();
  EXPECT_EQ(std::ranges::count(checks[0].samples, cause::own_uplink, &kept_sample::why), 1);
}

TEST(AroundOutages, AStormOfManyIsEnteredLittleByLittleAndTheRestIsCounted) {
  std::vector<fakes::line_spec> lines;
  for (int n = 0; n < 20; ++n) lines.push_back({.id = fmt::format("L{:02}", n)});
  watched w(lines, {.at_once = 5});
  w.run_until(100);
  for (const auto& l : lines) w.cut.insert(l.id);
  w.run_until(102);
  for (const auto& l : lines) w.say(l.id, line_state::down, 100);
  w.run_until(701);
  EXPECT_EQ(w.out.size(), 1U) << "a second apart";
  EXPECT_EQ(w.entries()[0].left, 15) << "said once";
  w.run_until(800);
  ASSERT_EQ(w.out.size(), 5U);
  EXPECT_EQ(w.entries()[1].left, 0);
}

TEST(AroundOutages, ADayHasSoManyBytes) {
  watched w({{.id = "L1"}}, {.a_day = 8'000, .a_day_each = 0});
  for (int n = 0; n < 20; ++n) {
    w.down("L1", n * 2000 + 1000);
    w.up("L1", n * 2000 + 1010);
    w.run_until((n + 1) * 2000);
  }
  std::size_t bytes = 0;
  for (const samples_record& r : w.entries()) bytes += r.packed.size();
  EXPECT_LE(bytes, 8'000U);
  EXPECT_FALSE(w.out.empty());
  const std::size_t before = w.out.size();
  w.run_until(90'000);
  w.down("L1", 90'000);
  w.up("L1", 90'010);
  w.run_until(92'000);
  ASSERT_EQ(w.out.size(), before + 1) << "a new day has room again";
  EXPECT_EQ(w.entries().back().left, static_cast<std::int64_t>(20 - before));
}

TEST(AroundOutages, APieceThatIsFullEndsThere) {
  watched w({{.id = "L1"}}, {.samples = 400});
  w.run_until(1000);
  w.down("L1", 1000);
  w.up("L1", 1500);
  w.run_until(3000);
  EXPECT_THAT(w.told(), ElementsAre("L1 beginning 1000: 802-1201", "L1 end 1000: 1301-1700"));
}

TEST(SampleRings, ASampleComesBackAsItWas) {
  for (const double s : {0.0, 3'000'000.0, -3'000'000.0}) {
    const sample one{.what = outcome::bad, .why = cause::not_started, .at = at(s)};
    const kept_sample kept = kept_from(ring_sample_of(one), at(1000));
    const bool near = std::abs(s - 1000) < 2'000'000;
    EXPECT_EQ(kept.at == one.at, near);
    EXPECT_EQ(kept.what, outcome::bad);
    EXPECT_EQ(kept.why, cause::not_started) << "the last of the list";
  }
  const sample slow{.what = outcome::good, .rtt = std::chrono::seconds{600}};
  EXPECT_EQ(ring_sample_of(slow).rtt, (1U << 24U) - 1);
}

TEST(SampleRings, TheyTakeNoMoreThanTheirBudgetAndAnchorsTakeNothing) {
  std::vector<fakes::line_spec> lines{{.id = "anchor-1", .kind = target_kind::anchor}};
  EXPECT_EQ(sample_rings(*fakes::district(lines), 1U << 20U).bytes(), 0U);
  for (int n = 0; n < 1000; ++n) lines.push_back({.id = fmt::format("L{}", n)});
  const auto inv = fakes::district(lines);
  EXPECT_EQ(sample_rings(*inv, 1U << 30U).bytes(), 1000U * (600 + 66 + 16) * 8);
  EXPECT_LE(sample_rings(*inv, 1U << 20U).bytes(), 1U << 20U);
  EXPECT_GT(sample_rings(*inv, 1U << 20U).bytes(), (1U << 20U) * 9 / 10);
}

TEST(SampleRings, OfAProvinceNothingIsKeptAndNothingIsWritten) {
  std::vector<fakes::line_spec> lines;
  for (std::size_t n = 0; n <= sample_rings::most_checks; ++n) lines.push_back({.id = fmt::format("L{}", n)});
  const auto inv = fakes::district(lines);
  ASSERT_GT(inv->checks.size(), sample_rings::most_checks);
  sample_rings none(*inv, 1U << 30U);
  EXPECT_EQ(none.bytes(), 0U);
  none.put(7, ring_sample{});
  none.each(7, [](const ring_sample&) { ADD_FAILURE() << "there is none"; });
  none.carry(*inv, sample_rings(*inv, 1U << 30U), *inv);
  lines.resize(2);
  const auto fewer = fakes::district(lines);
  sample_rings some(*fewer, 1U << 20U);
  some.carry(*fewer, none, *inv);
  some.put(1, ring_sample{});
  int seen = 0;
  some.each(1, [&](const ring_sample&) { ++seen; });
  EXPECT_EQ(seen, 1) << "a district again";
}

}  // namespace
}  // namespace changtong
