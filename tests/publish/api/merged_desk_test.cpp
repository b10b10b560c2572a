// Answers of both nodes' books: computed once, kept a while, and never waited for longer than said.
#include "daemon/publish/api/merged_desk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "daemon/core/phrase.h"

namespace changtong::api {
namespace {

struct MergedDesk : testing::Test {
  std::atomic<int> opened{0}, computed{0};
  std::atomic<std::int64_t> now_ms{1'000}, cost_ms{100};
  bool readable = true;

  [[nodiscard]] merged_desk::opener opener() {
    return [this](const std::function<void()>& step) -> result<merged_view> {
      ++opened;
      step();
      if (!readable) return said({"副本被锁住", "the copy is locked"});
      return merged_view{.books = {}, .observers = {"甲机", "乙机"}, .shown = {}};
    };
  }
  [[nodiscard]] merged_desk::clock clock() {
    return [this] { return milliseconds{now_ms.load()}; };
  }
  /** It takes `cost_ms`. */
  [[nodiscard]] merged_desk::work saying(std::string body) {
    return [this, body](const merged_view&) -> result<web_response> {
      ++computed;
      now_ms += cost_ms;
      web_response out;
      out.body = body;
      return out;
    };
  }
};

TEST_F(MergedDesk, AnAnswerIsFreshForFiftyTimesWhatItCost) {
  merged_desk desk(opener(), {}, clock());
  EXPECT_EQ(desk.answer("a", saying("1"))->body, "1");
  now_ms += 4'999;
  EXPECT_EQ(desk.answer("a", saying("2"))->body, "1");
  EXPECT_EQ(desk.answer("b", saying("3"))->body, "3") << "another question";
  now_ms += 1;
  EXPECT_EQ(desk.answer("a", saying("4"))->body, "4");
  EXPECT_EQ(computed, 3);
}

TEST_F(MergedDesk, AndForHalfAMinuteAtMost) {
  cost_ms = 10'000;
  merged_desk desk(opener(), {}, clock());
  EXPECT_EQ(desk.answer("a", saying("1"))->body, "1");
  now_ms += 29'999;
  EXPECT_EQ(desk.answer("a", saying("2"))->body, "1");
  now_ms += 1;
  EXPECT_EQ(desk.answer("a", saying("3"))->body, "3");
}

TEST_F(MergedDesk, BooksThatCannotBeReadAreSaidAndNotTriedAtEveryQuestion) {
  readable = false;
  merged_desk desk(opener(), {}, clock());
  EXPECT_EQ(words_of(desk.answer("a", saying("1")).error()).cn, "副本被锁住");
  readable = true;
  EXPECT_FALSE(desk.answer("a", saying("2")));
  EXPECT_EQ(opened, 1);
  now_ms += 2'000;
  EXPECT_EQ(desk.answer("a", saying("3"))->body, "3");
}

TEST_F(MergedDesk, WhatFailsWhileItIsReadIsAProblemAndNoCrash) {
  merged_desk desk(opener(), {}, clock());
  const auto failed = desk.answer("a", [](const merged_view&) -> result<web_response> {
    throw std::runtime_error("database disk image is malformed");
  });
  ASSERT_FALSE(failed);
  EXPECT_NE(to_string(failed.error()).find("malformed"), std::string::npos);
}

TEST_F(MergedDesk, NobodyWaitsLongerThanSaidAndTheAnswerIsThereLater) {
  std::latch go(1), done(1);
  merged_desk desk(opener(), {.patience = milliseconds{20}}, clock());
  const auto slow = [&](const merged_view&) -> result<web_response> {
    go.wait();
    done.count_down();
    web_response out;
    out.body = "late";
    now_ms += 1'000;
    return out;
  };
  EXPECT_FALSE(desk.answer("a", slow));
  now_ms += 21;
  EXPECT_FALSE(desk.answer("b", saying("b"))) << "behind one that hangs nobody waits";
  go.count_down();
  done.wait();
  while (!desk.answer("a", saying("anew"))) {
  }
  EXPECT_EQ(desk.answer("a", saying("anew"))->body, "late");
}

TEST_F(MergedDesk, WhatIsKeptIsBoundedInNumberAndBytes) {
  merged_desk desk(opener(), {.answers = 3, .bytes = 25}, clock());
  for (const std::string key : {"a", "b", "c", "d"}) EXPECT_TRUE(desk.answer(key, saying("1")));
  EXPECT_TRUE(desk.answer("d", saying("2")));
  EXPECT_EQ(computed, 4) << "the newest are kept";
  EXPECT_TRUE(desk.answer("a", saying("2")));
  EXPECT_EQ(computed, 5) << "the oldest is gone";
  EXPECT_EQ(desk.answer("e", saying(std::string(100, 'x')))->body.size(), 100u) << "given, whatever its size";
  EXPECT_TRUE(desk.answer("c", saying("3")));
  EXPECT_EQ(computed, 7) << "in its place the others are gone";
}

TEST_F(MergedDesk, AnEndDoesNotWaitForAReading) {
  std::latch begun(1);
  auto desk = std::make_unique<merged_desk>(
      [&](const std::function<void()>& step) -> result<merged_view> {
        begun.count_down();
        for (;;) step();
      },
      merged_limits{.patience = milliseconds{1}}, clock());
  EXPECT_FALSE(desk->answer("a", saying("1")));
  begun.wait();
  desk.reset();
}

}  // namespace
}  // namespace changtong::api
