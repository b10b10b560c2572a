// Time is never waited for here: a pause that must pass is zero, one that must not is for ever.
#include "daemon/host/background.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <semaphore>

namespace changtong::host {
namespace {

constexpr background::pause when_asked{};
constexpr background::pause never{.least = std::chrono::hours{24 * 365}};

TEST(Background, RunsOnceAtTheStartAndThenWhenAsked) {
  std::counting_semaphore<> ran{0};
  background b([&](const std::stop_token&) {
    ran.release();
    return when_asked;
  });
  ran.acquire();
  b.ask();
  ran.acquire();
  EXPECT_FALSE(ran.try_acquire()) << "nobody asked a third time";
}

TEST(Background, TheFirstRoundWaitsForAQuestionWhereItShould) {
  std::atomic<bool> asked{false};
  std::counting_semaphore<> ran{0};
  background b(
      [&](const std::stop_token&) {
        EXPECT_TRUE(asked);
        ran.release();
        return when_asked;
      },
      0, background::first::when_asked);
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();  // room for a round that nobody wants
  asked = true;
  b.ask();
  ran.acquire();
  EXPECT_FALSE(ran.try_acquire()) << "one question, one round";
}

TEST(Background, WhatNobodyAskedForEndsWithoutARound) {
  background b([](const std::stop_token&) { return ADD_FAILURE() << "a round", when_asked; }, 0,
               background::first::when_asked);
}

TEST(Background, WhatIsAskedForDuringARoundIsNotForgotten) {
  std::counting_semaphore<> begun{0}, go_on{0};
  background b([&](const std::stop_token&) {
    begun.release();
    go_on.acquire();
    return when_asked;
  });
  begun.acquire();
  b.ask();
  go_on.release();
  begun.acquire();  // hangs without the second round
  go_on.release();
}

TEST(Background, ComesRoundByItselfWhenItsTimeIsUp) {
  std::counting_semaphore<> ran{0};
  background b([&](const std::stop_token&) {
    ran.release();
    return background::pause{.most = background::duration{1}};
  });
  for (int i = 0; i < 3; ++i) ran.acquire();
}

TEST(Background, AskingDoesNotShortenTheLeastPause) {
  std::atomic<int> rounds{0};
  std::promise<void> first;
  {
    background b([&](const std::stop_token&) {
      if (++rounds == 1) first.set_value();
      return never;
    });
    first.get_future().wait();
    b.ask();
  }  // and the end does not wait for it either
  EXPECT_EQ(rounds, 1);
}

TEST(Background, ARoundThatRestsIsWokenByTheEnd) {
  std::promise<void> resting;
  bool went_on = true;
  {
    background* self = nullptr;
    std::promise<void> known;
    background b([&](const std::stop_token& stop) {
      known.get_future().wait();
      resting.set_value();
      went_on = self->rest(stop, std::chrono::hours{24 * 365});
      return when_asked;
    });
    self = &b;
    known.set_value();
    resting.get_future().wait();
  }
  EXPECT_FALSE(went_on);
}

TEST(RoundByCost, WhatCostsNothingIsFreshForTwoSeconds) {
  const auto p = round_by_cost("figures", std::chrono::seconds{30}, [] { return true; });
  EXPECT_EQ(p.least, std::chrono::seconds{2});
  EXPECT_EQ(p.most, background::for_ever) << "the next one when somebody asks";
}

TEST(RoundByCost, WhoeverAskedBeforeThereWasAnythingIsServedYet) {
  const auto p = round_by_cost("figures", std::chrono::seconds{30}, [] { return false; });
  EXPECT_EQ(p.least, p.most);
  EXPECT_LT(p.most, std::chrono::seconds{2});
}

TEST(RoundByCost, AProblemAndAnExceptionWaitForTheNextQuestion) {
  const auto refused = [] { return result<bool>(said("账本不在", "the ledger is away")); };
  const auto broken = []() -> result<bool> { throw std::runtime_error("a damaged page"); };
  for (const std::function<result<bool>()>& compute : {std::function<result<bool>()>(refused), {broken}}) {
    const auto p = round_by_cost("figures", std::chrono::seconds{30}, compute);
    EXPECT_EQ(p.least, std::chrono::seconds{2});
    EXPECT_EQ(p.most, background::for_ever);
  }
}

TEST(RoundByCost, ToldToStopItPausesNotAtAll) {
  const auto p = round_by_cost("figures", std::chrono::seconds{30}, []() -> result<bool> { throw ended_early(); });
  EXPECT_EQ(p.least, background::duration::zero());
}

}  // namespace
}  // namespace changtong::host
