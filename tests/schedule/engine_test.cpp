#include "daemon/schedule/engine.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/fakes/world.h"

namespace changtong::schedule {
namespace {

constexpr mono_t at(double seconds) { return mono_t{nanoseconds{static_cast<std::int64_t>((1000 + seconds) * 1e9)}}; }
constexpr nanoseconds wall_offset{500'000'000'000};
wall_t label(mono_t t) { return wall_t{std::chrono::floor<milliseconds>(t.time_since_epoch() + wall_offset)}; }

/** A collector under the test's thumb: keeps questions until told what to answer. */
struct fake_collector final : collector {
  explicit fake_collector(answer_sink& s) : sink(s) {}
  void ask(std::span<question> burst) override {
    for (question& q : burst) {
      q.sent = now;
      if (refuse)
        sink.answered(q.ticket, {.what = outcome::not_measured, .why = cause::own_permission});
      else
        asked.emplace_back(q.what->id, q.ticket);
    }
  }
  void drain() override {
    if (on_drain) std::exchange(on_drain, {})();
    if (!prompt) return;
    for (const auto& [id, ticket] : std::exchange(asked, {}))
      sink.answered(ticket, {.what = outcome::good, .rtt = milliseconds{2}});
  }
  cause forget(std::uint32_t ticket) override {
    std::erase_if(asked, [&](const auto& a) { return a.second == ticket; });
    return given_up;
  }
  std::string describe() const override { return "fake"; }

  answer_sink& sink;
  mono_t now{};
  bool prompt = false, refuse = false;
  cause given_up = cause::timeout;
  std::function<void()> on_drain;
  std::vector<std::pair<std::string, std::uint32_t>> asked;
};

struct bench final : sample_sink {
  explicit bench(std::shared_ptr<const inventory> i, engine_options o = {})
      : inv(std::move(i)),
        e(
            [this](kind_index, answer_sink& s) {
              auto c = std::make_unique<fake_collector>(s);
              fake = c.get();
              fakes.push_back(fake);
              return c;
            },
            label, *this, tallies, at(0), wall_offset, o) {
    e.adopt(inv, at(0));
  }
  void seen(const sample&) override { ++seen_count; }
  void judged(const sample& s) override { samples.push_back(s); }
  void tick_done(mono_t) override {}
  void expect(std::span<const check_index> soon) override { expected.assign(soon.begin(), soon.end()); }
  void run(double from, double to) {
    for (double t = from; t < to; t += 0.01) {
      for (auto* f : fakes) f->now = at(t);
      e.tick(at(t));
    }
  }
  /** Ends with the tick that put the first question. */
  double run_until_asked() {
    double t = 0;
    for (; fake->asked.empty() && t < 3; t += 0.01) run(t, t + 0.005);
    return t;
  }
  std::shared_ptr<const inventory> inv;
  daemon_tallies tallies;
  fake_collector* fake = nullptr;
  std::vector<fake_collector*> fakes;
  std::vector<sample> samples;
  std::size_t seen_count = 0;
  std::vector<check_index> expected;  ///< as told last
  engine e;
};

TEST(Engine, EverySlotBecomesExactlyOneSample) {
  bench b(fakes::district({{.id = "L1"}, {.id = "L2"}}));
  b.fake->prompt = true;
  b.run(0, 60);
  std::map<check_index, std::size_t> per;
  for (const sample& s : b.samples) {
    EXPECT_EQ(s.what, outcome::good);
    EXPECT_EQ(s.at, label(s.sent)) << "a sample's time is when its question was sent";
    per[s.check] += s.slots;
  }
  EXPECT_NEAR(static_cast<double>(per[0]), 60, 1);
  EXPECT_NEAR(static_cast<double>(per[1]), 60, 1);
  EXPECT_EQ(b.seen_count, b.samples.size());
}

TEST(Engine, ChecksWhoseAnswersMayComeAreToldBeforeTheyAreRead) {
  bench b(fakes::district({{.id = "L1"}, {.id = "L2"}}));
  const double asked = b.run_until_asked();
  EXPECT_TRUE(b.expected.empty()) << "nothing was under way when the tick began";
  b.run(asked, asked + 0.005);
  ASSERT_EQ(b.expected.size(), 1U);
  EXPECT_EQ(b.inv->checks[b.expected[0]].id, b.fake->asked[0].first);
  b.fake->prompt = true;
  b.run(asked + 0.01, asked + 0.015);
  EXPECT_EQ(b.samples.size(), 1U);
  b.expected.assign(1, no_index);
  b.run(asked + 0.02, asked + 0.025);
  EXPECT_TRUE(b.expected.empty()) << "it is answered";
}

TEST(Engine, CheckOfALineThatAnswersAtOnceIsToldWithItsQuestion) {
  bench b(fakes::district({{.id = "L1"}}));
  b.fake->prompt = true;
  b.run(0, 3);
  ASSERT_GE(b.samples.size(), 2U);
  b.expected.clear();
  const std::size_t before = b.samples.size();
  for (double t = 3; b.samples.size() == before && t < 6; t += 0.01) b.run(t, t + 0.005);
  EXPECT_EQ(b.expected, std::vector<check_index>{0});
}

TEST(Engine, NoAnswerInTimeIsBadWithTheCollectorsCause) {
  bench b(fakes::district({{.id = "L1"}}));
  b.run(0, 5);
  ASSERT_GE(b.samples.size(), 3U);
  for (const sample& s : b.samples) {
    EXPECT_EQ(s.what, outcome::bad);
    EXPECT_EQ(s.why, cause::timeout);
  }
}

TEST(Engine, AnAnswerAfterItsDeadlineIsCountedAndIgnored) {
  bench b(fakes::district({{.id = "L1"}}));
  b.run(0, 1.2);
  ASSERT_EQ(b.fake->asked.size(), 1U);
  const std::uint32_t ticket = b.fake->asked[0].second;
  b.run(1.2, 2.4);
  const std::size_t before = b.samples.size();
  b.e.answered(ticket, {.what = outcome::good, .rtt = milliseconds{1}});
  EXPECT_EQ(b.tallies.ignored_answers.load(), 1U);
  EXPECT_EQ(b.samples.size(), before);
}

TEST(Engine, AnAnswerThatArrivedTooLateByTheKernelsClockIsATimeout) {
  bench b(fakes::district({{.id = "L1"}}));
  b.run(0, 1.2);
  b.e.answered(b.fake->asked.at(0).second, {.what = outcome::good, .rtt = milliseconds{1001}});
  ASSERT_EQ(b.samples.size(), 1U);
  EXPECT_EQ(b.samples[0].why, cause::timeout);
}

TEST(Engine, OurOwnRefusalIsNotMeasured) {
  bench b(fakes::district({{.id = "L1"}}));
  b.fake->refuse = true;
  b.run(0, 3);
  ASSERT_FALSE(b.samples.empty());
  for (const sample& s : b.samples) EXPECT_EQ(s.what, outcome::not_measured);
}

TEST(Engine, SamplesOfATargetAreJudgedInOrderOfSending) {
  timing t;
  t.interval = milliseconds{250};
  bench b(fakes::district({{.id = "L1", .checks = {"icmp", "snmp"}, .when = t}}));
  b.run(0, 0.9);
  std::vector<std::pair<std::string, std::uint32_t>> open;
  for (auto* f : b.fakes) open.insert(open.end(), f->asked.begin(), f->asked.end());
  ASSERT_GE(open.size(), 3U);
  for (auto it = open.rbegin(); it != open.rend(); ++it)
    b.e.answered(it->second, {.what = outcome::good, .rtt = milliseconds{1}});
  ASSERT_EQ(b.samples.size(), open.size());
  for (std::size_t i = 1; i < b.samples.size(); ++i) EXPECT_LE(b.samples[i - 1].sent, b.samples[i].sent);
}

TEST(Engine, AStallIsLateSlotsInOneSampleAndTheNewestIsAsked) {
  bench b(fakes::district({{.id = "L1"}}));
  b.fake->prompt = true;
  b.run(0, 5);
  const std::size_t before = b.samples.size();
  b.run(12, 13.5);
  ASSERT_GT(b.samples.size(), before);
  const sample& late = b.samples[before];
  EXPECT_EQ(late.what, outcome::not_measured);
  EXPECT_EQ(late.why, cause::late);
  EXPECT_NEAR(late.slots, 6, 2);
  EXPECT_LT(late.at, label(at(7)));
  EXPECT_EQ(b.samples[before + 1].what, outcome::good);
  std::size_t slots = 0;
  for (const sample& s : b.samples) slots += s.slots;
  EXPECT_NEAR(static_cast<double>(slots), 13.5, 1.6);
}

TEST(Engine, AQuestionWhoseTimePassedWhileWeStoodStillIsNotBad) {
  for (const cause given_up : {cause::timeout, cause::other_question}) {
    bench b(fakes::district({{.id = "L1"}}));
    b.fake->given_up = given_up;
    b.run_until_asked();
    b.run(9, 9.02);
    ASSERT_FALSE(b.samples.empty());
    EXPECT_EQ(b.samples[0].what, outcome::not_measured) << "nobody listened while its answer could have come";
    EXPECT_EQ(b.samples[0].why, cause::late);
  }
}

TEST(Engine, AnAnswerThatWeOnlyFoundAfterStandingStillIsNotLate) {
  bench b(fakes::district({{.id = "L1"}}));
  b.run_until_asked();
  const std::uint32_t ticket = b.fake->asked.at(0).second;
  b.fake->on_drain = [&] { b.e.answered(ticket, {.what = outcome::good, .rtt = milliseconds{8000}}); };
  b.run(9, 9.01);
  ASSERT_FALSE(b.samples.empty());
  EXPECT_EQ(b.samples[0].why, cause::late) << "where no kernel stamped it, its round trip holds our own sleep";
}

TEST(Engine, AShortStallExcusesNothing) {
  bench b(fakes::district({{.id = "L1"}}));
  const double asked = b.run_until_asked();
  b.run(asked + 0.4, 4);
  ASSERT_FALSE(b.samples.empty());
  EXPECT_EQ(b.samples[0].why, cause::timeout);
}

TEST(Engine, AfterAStallLateSlotsOfAllChecksComeBeforeNewQuestions) {
  bench b(fakes::district({{.id = "L1", .checks = {"icmp", "snmp"}}}));
  for (auto* f : b.fakes) f->prompt = true;
  b.run(0, 7);
  const std::size_t before = b.samples.size();
  b.run(60, 62);
  std::size_t late = 0;
  for (std::size_t i = before; i < b.samples.size(); ++i) {
    EXPECT_GE(b.samples[i].at, b.samples[i - 1].at);
    if (b.samples[i].why == cause::late) ++late;
  }
  EXPECT_EQ(late, 2U) << "one for each check";
}

TEST(Engine, TheHeartbeatWaitsForTheOldestQuestionUnderWay) {
  bench b(fakes::district({{.id = "L1"}, {.id = "L2"}}));
  b.run(0, 1.2);
  const mono_t oldest = at(1.3);
  EXPECT_LT(b.e.judged_until(at(1.2)), label(oldest));
  for (const auto& [id, ticket] : std::exchange(b.fake->asked, {}))
    b.e.answered(ticket, {.what = outcome::good, .rtt = milliseconds{1}});
  EXPECT_EQ(b.e.judged_until(at(1.2)), label(at(1.2)));
}

TEST(Engine, TooManyUnderWayIsOurOwnOverload) {
  bench b(fakes::district({{.id = "L1"}, {.id = "L2"}, {.id = "L3"}}), {.most_under_way = 1});
  b.run(0, 1.2);
  EXPECT_TRUE(
      std::any_of(b.samples.begin(), b.samples.end(), [](const sample& s) { return s.why == cause::own_overload; }));
}

TEST(Engine, ALineOutOfScopeIsNotAsked) {
  auto inv = std::make_shared<inventory>(*fakes::district({{.id = "L1"}, {.id = "L2"}, {.id = "L3"}}));
  inv->targets[0].accepted = label(at(1000));
  inv->targets[1].closed = label(at(0));
  bench b(inv);
  b.fake->prompt = true;
  b.run(0, 10);
  for (const sample& s : b.samples) EXPECT_EQ(s.check, 2U);
  EXPECT_GE(b.samples.size(), 9U);
}

TEST(Engine, AReloadDropsWhatIsUnderWayAndGoesOn) {
  bench b(fakes::district({{.id = "L1"}}));
  b.run(0, 1.2);
  EXPECT_EQ(b.fake->asked.size(), 1U);
  b.e.adopt(fakes::district({{.id = "L0"}, {.id = "L1"}}), at(1.2));
  EXPECT_TRUE(b.fake->asked.empty());
  b.fake->prompt = true;
  b.run(1.2, 4);
  EXPECT_TRUE(std::any_of(b.samples.begin(), b.samples.end(), [](const sample& s) { return s.check == 0; }));
  EXPECT_TRUE(std::any_of(b.samples.begin(), b.samples.end(), [](const sample& s) { return s.check == 1; }));
}

}  // namespace
}  // namespace changtong::schedule
