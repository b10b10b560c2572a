#include "daemon/accounts/sessions.h"

#include <gtest/gtest.h>

#include "daemon/accounts/throttle.h"

namespace changtong::accounts {
namespace {

constexpr mono_t start{std::chrono::hours{1}};

TEST(Sessions, EndWhenIdleAndAfterADayOfWork) {
  session_table t({.idle = milliseconds{100}, .whole = milliseconds{250}});
  t.open("d", {.user = "a"}, start);
  EXPECT_NE(t.use("d", start + milliseconds{99}), nullptr);
  EXPECT_NE(t.use("d", start + milliseconds{198}), nullptr) << "used meanwhile";
  EXPECT_EQ(t.use("d", start + milliseconds{250}), nullptr) << "however busy";
  t.open("e", {.user = "a"}, start);
  EXPECT_EQ(t.use("e", start + milliseconds{100}), nullptr);
  EXPECT_EQ(t.use("none", start), nullptr);
}

TEST(Sessions, AreIdleWhilePagesAskByThemselves) {
  session_table t({.idle = milliseconds{100}, .whole = milliseconds{250}});
  t.open("d", {.user = "a"}, start);
  EXPECT_NE(t.use("d", start + milliseconds{99}, false), nullptr);
  EXPECT_EQ(t.use("d", start + milliseconds{100}, false), nullptr);
}

TEST(Sessions, AreBounded) {
  session_table t({.most = 5, .most_of_user = 2});
  for (int i = 0; i < 4; ++i) t.open("a" + std::to_string(i), {.user = "a"}, start + milliseconds{i});
  EXPECT_EQ(t.size(), 2U);
  EXPECT_NE(t.use("a3", start + milliseconds{9}), nullptr) << "the idlest went";
  EXPECT_EQ(t.use("a0", start + milliseconds{9}), nullptr);
  for (int i = 0; i < 9; ++i)
    t.open("b" + std::to_string(i), {.user = "b" + std::to_string(i)}, start + milliseconds{10 + i});
  EXPECT_EQ(t.size(), 5U);
}

TEST(Sessions, EndOneOrAllOfAUser) {
  session_table t;
  for (const char* d : {"1", "2"}) t.open(d, {.user = "a"}, start);
  t.open("3", {.user = "b"}, start);
  t.end("1");
  EXPECT_EQ(t.use("1", start), nullptr);
  EXPECT_NE(t.use("2", start), nullptr);
  t.end_all_of("a");
  EXPECT_EQ(t.use("2", start), nullptr);
  EXPECT_NE(t.use("3", start), nullptr);
}

TEST(Throttle, CostsNothingAtFirstThenEachMistakeDoublesTheWait) {
  throttle t({.free_of_both = 2, .free_of_peer = 100, .first = milliseconds{10}, .longest = milliseconds{35}});
  for (int i = 0; i < 2; ++i) t.failed("a", "p", start);
  EXPECT_EQ(t.wait("a", "p", start).count(), 0);
  for (const int expected : {10, 20, 35, 35}) {
    t.failed("a", "p", start);
    EXPECT_EQ(t.wait("a", "p", start).count(), expected);
  }
  EXPECT_EQ(t.wait("b", "p", start).count(), 0);
  EXPECT_EQ(t.wait("a", "p", start + milliseconds{35}).count(), 0);
}

TEST(Throttle, AStrangerAtANameKeepsItsOwnerElsewhereFromNothing) {
  throttle t({.free_of_both = 2, .free_of_account = 40, .free_of_peer = 100, .first = milliseconds{10}});
  for (int i = 0; i < 30; ++i) t.failed("owner", "stranger", start);
  EXPECT_GT(t.wait("owner", "stranger", start).count(), 0);
  EXPECT_EQ(t.wait("owner", "home", start).count(), 0);
  t.failed("owner", "home", start);
  t.succeeded("owner", "home");
  EXPECT_GT(t.wait("owner", "stranger", start).count(), 0) << "the owner's success forgives no stranger";
}

TEST(Throttle, AnAccountThatManyPeersTryWaitsEverywhere) {
  throttle t({.free_of_both = 2, .free_of_account = 40, .free_of_peer = 100, .first = milliseconds{10}});
  for (int i = 0; i < 41; ++i) t.failed("owner", "p" + std::to_string(i), start);
  EXPECT_GT(t.wait("owner", "home", start).count(), 0);
  EXPECT_EQ(t.wait("owner", "home", start + milliseconds{10}).count(), 0);
}

TEST(Throttle, APeerThatTriesManyAccountsWaitsEverywhere) {
  throttle t({.free_of_both = 5, .free_of_peer = 3, .first = milliseconds{10}});
  for (int i = 0; i < 4; ++i) t.failed("a" + std::to_string(i), "p", start);
  EXPECT_GT(t.wait("fresh", "p", start).count(), 0);
  EXPECT_EQ(t.wait("fresh", "q", start).count(), 0);
}

TEST(Throttle, WhoIsRightIsForgivenAndWhoStopsIsForgotten) {
  throttle t({.free_of_both = 1, .free_of_peer = 2, .first = milliseconds{10}, .forgotten = milliseconds{100}});
  for (int i = 0; i < 2; ++i) t.failed("a", "p", start);
  t.failed("a", "p", start + milliseconds{10});
  t.succeeded("a", "p");
  EXPECT_EQ(t.wait("a", "q", start + milliseconds{10}).count(), 0);
  EXPECT_EQ(t.wait("a", "p", start + milliseconds{10}).count(), 0);
  t.failed("b", "p", start + milliseconds{11});
  EXPECT_GT(t.wait("c", "p", start + milliseconds{11}).count(), 0) << "one right does not hide the wrong ones";
  t.failed("b", "p", start + milliseconds{211});
  EXPECT_EQ(t.wait("c", "p", start + milliseconds{211}).count(), 0);
}

TEST(Throttle, APeerWaitsWhereNoAccountIsNamedAndManyBehindOneDoNot) {
  throttle t({.free_of_account = 1, .free_of_peer = 1, .first = milliseconds{10}});
  for (int i = 0; i < 2; ++i) t.failed("", "p", start);
  EXPECT_EQ(t.wait_of_peer("q", start).count(), 0) << "whatever was wrong about the account without a name";
  EXPECT_GT(t.wait_of_peer("p", start).count(), 0);
  for (int i = 0; i < 9; ++i) t.failed_peer("", start);
  EXPECT_EQ(t.wait_of_peer("", start).count(), 0);
}

TEST(Throttle, IsBoundedAndKeepsTheWorst) {
  throttle t({.free_of_account = 1, .free_of_peer = 1, .first = milliseconds{1000}, .kept = 8});
  for (int i = 0; i < 3; ++i) t.failed("victim", "attacker", start);
  for (int i = 0; i < 1000; ++i)
    t.failed("n" + std::to_string(i), "p" + std::to_string(i), start + milliseconds{i / 10});
  EXPECT_LE(t.size(), 24U);
  EXPECT_GT(t.wait("victim", "x", start + milliseconds{100}).count(), 0);
  EXPECT_GT(t.wait("x", "attacker", start + milliseconds{100}).count(), 0);
}

}  // namespace
}  // namespace changtong::accounts
