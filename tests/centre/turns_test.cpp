// Whose turn it is where one asks without end.
#include "daemon/centre/turns.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

namespace changtong::centre {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

broker_message request(std::string body) {
  return {.subject = "ct.ship", .answer_to = "ct.answer", .body = std::move(body)};
}

/** What is worked on, in order, until nobody waits. */
std::vector<std::string> served(turns& by) {
  std::vector<std::string> out;
  while (
      by.serve([&](const std::string& node, const broker_message& r) { out.push_back(node + ' ' + r.body); }, 0ms, {}))
    continue;
  return out;
}

TEST(turns, NodesComeInTurnAndEachInItsOrder) {
  turns t;
  for (const char* body : {"1", "2", "3"}) EXPECT_TRUE(t.take("east", request(body)));
  EXPECT_TRUE(t.take("west", request("1")));
  EXPECT_TRUE(t.take("west", request("2")));
  EXPECT_THAT(served(t), ElementsAre("east 1", "west 1", "east 2", "west 2", "east 3"));
  EXPECT_THAT(served(t), ElementsAre());
}

TEST(turns, WhoFloodsLosesItsOwnAndDelaysNobody) {
  turns t;
  int kept = 0;
  for (int i = 0; i < 10'000; ++i) kept += t.take("flood", request(std::to_string(i))) ? 1 : 0;
  EXPECT_EQ(kept, 4);
  EXPECT_TRUE(t.take("west", request("1")));
  EXPECT_THAT(served(t), ElementsAre("flood 0", "west 1", "flood 1", "flood 2", "flood 3"));
  EXPECT_TRUE(t.take("flood", request("again")));
}

TEST(turns, OfOneNodeOneIsWorkedOnAtATime) {
  turns t;
  EXPECT_TRUE(t.take("flood", request("1")));
  EXPECT_TRUE(t.take("flood", request("2")));
  EXPECT_TRUE(t.take("west", request("1")));
  std::vector<std::string> meanwhile;
  EXPECT_TRUE(t.serve(
      [&](const std::string& node, const broker_message&) {
        EXPECT_EQ(node, "flood");
        meanwhile = served(t);
        EXPECT_TRUE(t.take("flood", request("3")));
        EXPECT_FALSE(t.serve([](const std::string&, const broker_message&) {}, 0ms, {}));
      },
      0ms, {}));
  EXPECT_THAT(meanwhile, ElementsAre("west 1"));
  EXPECT_THAT(served(t), ElementsAre("flood 2", "flood 3"));
}

TEST(turns, OfTooMuchThatWaitsTheLastOfWhoHasMostGoes) {
  turns t(4, 10'000);
  EXPECT_TRUE(t.take("small", request("1")));
  EXPECT_TRUE(t.take("large", request(std::string(4'000, '1'))));
  EXPECT_TRUE(t.take("large", request(std::string(4'000, '2'))));
  EXPECT_FALSE(t.take("large", request(std::string(4'000, '3'))));
  EXPECT_TRUE(t.take("other", request(std::string(4'000, '4')))) << "room is made";
  EXPECT_FALSE(t.take("vast", request(std::string(20'000, '5'))));
  const auto left = served(t);
  ASSERT_EQ(left.size(), 3);
  EXPECT_EQ(left[0], "small 1");
  EXPECT_EQ(left[1], "large " + std::string(4'000, '1'));
  EXPECT_EQ(left[2], "other " + std::string(4'000, '4'));
}

TEST(turns, WhoWaitsIsWokenByWhatComesAndByAStop) {
  turns t;
  std::atomic<int> done{0};
  std::jthread worker([&](const std::stop_token& stop) {
    while (!stop.stop_requested())
      if (t.serve([](const std::string&, const broker_message&) {}, 1h, stop)) ++done;
  });
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(t.take("east", request("1")));
    while (done.load() <= i) std::this_thread::yield();
  }
}

}  // namespace
}  // namespace changtong::centre
