#include "collectors/echo_bursts.h"

#include <gtest/gtest.h>

#include "tests/collectors/recording_sink.h"

namespace changtong::test {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t quarter = 250'000;  // millionths
constexpr mono_t zero{std::chrono::seconds{1000}};
mono_t at(int ms) { return zero + milliseconds{ms}; }

std::vector<nanoseconds> in_ms(std::initializer_list<int> all) {
  std::vector<nanoseconds> out;
  for (const int one : all) out.emplace_back(milliseconds{one});
  return out;
}

TEST(BurstFigures, TheMedianIsTheMiddleOne) {
  EXPECT_EQ(figures_of(in_ms({7})).median, milliseconds{7});
  EXPECT_EQ(figures_of(in_ms({9, 1, 5})).median, milliseconds{5});
  EXPECT_EQ(figures_of(in_ms({9, 1, 5, 7})).median, milliseconds{6});
}

TEST(BurstFigures, JitterIsThatOfTheStandardInOrderOfSending) {
  EXPECT_EQ(figures_of(in_ms({7})).jitter.count(), 0);
  EXPECT_EQ(figures_of(in_ms({7, 7, 7})).jitter.count(), 0);
  // J += (|D| - J) / 16: 16 ms, 0 -> 1 ms; then |D| 16 -> 1 + 15/16
  EXPECT_EQ(figures_of(in_ms({0, 16})).jitter, milliseconds{1});
  EXPECT_EQ(figures_of(in_ms({0, 16, 0})).jitter.count(), 1'937'500);
  EXPECT_NE(figures_of(in_ms({0, 0, 16, 16})).jitter, figures_of(in_ms({0, 16, 0, 16})).jitter);
}

struct Bursts : testing::Test {
  recording_sink sink;
  echo_bursts bursts{sink};
  std::shared_ptr<icmp_settings> settings = std::make_shared<icmp_settings>();
  check what;
  std::vector<question> echoes;

  Bursts() {
    settings->count = 4;
    settings->gap = milliseconds{50};
    what = make_check("192.0.2.1", settings);
    what.when.timeout = milliseconds{1000};
  }
  void start(std::uint32_t ticket = 7) {
    auto first = bursts.begin({.ticket = ticket, .what = &what});
    ASSERT_TRUE(first);
    first->sent = zero;
    echoes = {*first};
    bursts.sent(*first);
  }
  void pass(int until_ms) {
    for (int t = 0; t <= until_ms; t += 10)
      for (const question& q : bursts.move_on(at(t))) echoes.push_back(q);
  }
  void back(std::size_t nth, int ms) {
    bursts.answered(echoes[nth].ticket, {outcome::good, cause::none, milliseconds{ms}});
  }
  void lost(std::size_t nth, cause why) { bursts.answered(echoes[nth].ticket, {outcome::bad, why}); }
  void not_put(std::size_t nth) { bursts.answered(echoes[nth].ticket, {outcome::not_measured, cause::own_buffers}); }
  const kept_answer& said() { return sink.answers.at(7); }
  std::int64_t value(fact_name n) {
    for (const fact& f : said().facts)
      if (f.name == n) return f.value;
    return -1;
  }
};

TEST_F(Bursts, EchoesLeaveAGapApart) {
  start();
  pass(40);
  EXPECT_EQ(echoes.size(), 1U);
  pass(50);
  EXPECT_EQ(echoes.size(), 2U);
  pass(149);
  EXPECT_EQ(echoes.size(), 3U);
  pass(500);
  EXPECT_EQ(echoes.size(), 4U);
  std::set<std::uint32_t> tickets;
  for (const question& q : echoes) tickets.insert(q.ticket);
  EXPECT_EQ(tickets.size(), 4U);
  EXPECT_TRUE(sink.answers.empty());
}

TEST_F(Bursts, AllBackEndItAtOnceWithTheMedian) {
  start();
  pass(150);
  back(0, 10);
  back(3, 40);
  back(1, 20);
  EXPECT_TRUE(sink.answers.empty());
  back(2, 30);
  EXPECT_EQ(said().what, outcome::good);
  EXPECT_EQ(said().rtt, milliseconds{25});
  EXPECT_EQ(value(fact_name::burst_loss), 0);
  EXPECT_EQ(value(fact_name::burst_median_nanoseconds), 25'000'000);
  EXPECT_EQ(value(fact_name::burst_jitter_nanoseconds), figures_of(in_ms({10, 20, 30, 40})).jitter.count());
  EXPECT_TRUE(said().detail.empty());
  EXPECT_TRUE(bursts.given_up().empty());
  EXPECT_EQ(bursts.under_way(), 0U);
}

TEST_F(Bursts, OneBackIsGoodAtTheTimeoutAndTheRestIsGivenUp) {
  start();
  pass(150);
  back(2, 30);
  pass(990);
  EXPECT_TRUE(sink.answers.empty());
  pass(1000);
  EXPECT_EQ(said().what, outcome::good);
  EXPECT_EQ(value(fact_name::burst_loss), quarter * 3);
  EXPECT_NE(said().detail.find("1 of 4"), std::string::npos) << said().detail;
  EXPECT_EQ(bursts.given_up().size(), 3U);
}

TEST_F(Bursts, FewerThanLeastIsBadWithTheirCause) {
  settings->least = 2;
  start();
  pass(150);
  lost(0, cause::host_unreachable);
  back(1, 5);
  pass(1000);
  EXPECT_EQ(said().what, outcome::bad);
  EXPECT_EQ(said().why, cause::host_unreachable);
  EXPECT_EQ(value(fact_name::burst_loss), quarter * 3);
}

TEST_F(Bursts, NoneBackIsATimeout) {
  start();
  pass(1000);
  EXPECT_EQ(said().what, outcome::bad);
  EXPECT_EQ(said().why, cause::timeout);
}

TEST_F(Bursts, WhatWeCouldNotPutIsNobodysLoss) {
  start();
  not_put(0);
  EXPECT_EQ(said().what, outcome::not_measured) << "nothing of it has left";
  EXPECT_EQ(said().why, cause::own_buffers);
  sink.answers.clear();
  start();
  pass(150);
  not_put(2);
  back(0, 1);
  back(1, 1);
  back(3, 1);
  EXPECT_EQ(said().what, outcome::good);
  EXPECT_EQ(value(fact_name::burst_loss), 0);
  sink.answers.clear();
  settings->least = 2;
  start();
  pass(150);
  not_put(2);
  back(0, 1);
  pass(1000);
  EXPECT_EQ(said().what, outcome::not_measured) << "the one that was not put might have come back";
}

TEST_F(Bursts, NoneBackOfThoseThatLeftIsBadThoughOneCouldNotLeave) {
  start();
  pass(150);
  not_put(2);
  pass(1000);
  EXPECT_EQ(said().what, outcome::bad);
}

TEST_F(Bursts, AForgottenOneIsSilentAndItsPlaceIsUsedAgain) {
  start();
  pass(60);
  EXPECT_EQ(bursts.forget(7), cause::timeout);
  EXPECT_EQ(bursts.forget(7), std::nullopt);
  EXPECT_EQ(bursts.given_up().size(), 2U);
  bursts.given_up().clear();
  const auto old = echoes;
  start(8);
  bursts.answered(old[1].ticket, {outcome::good});  // of the one before
  pass(2000);
  EXPECT_EQ(sink.answers.size(), 1U);
  EXPECT_EQ(sink.answers.begin()->first, 8U);
}

TEST_F(Bursts, SingleEchoesGoStraightThrough) {
  bursts.answered(3, {outcome::good, cause::none, milliseconds{1}});
  EXPECT_EQ(sink.answers.at(3).what, outcome::good);
}

}  // namespace
}  // namespace changtong::test
