// Who comes in, who stays and who goes for whom: without a socket, in a time of our own.
#include "daemon/publish/http/door.h"

#include <gtest/gtest.h>

#include <vector>

namespace changtong::http {
namespace {

struct Door : testing::Test {
  door_limits limits{.seats = 4, .seats_of_peer = 2, .seats_of_loopback = 3, .standing = 3, .kept = 2};
  door guests{limits};
  mono_t now{};

  door::arrival arrives(const std::string& from, bool loopback = false) {
    now += milliseconds{1};
    return guests.arrives({.name = from, .loopback = loopback}, now);
  }
  door::guest in(const std::string& from, bool loopback = false) { return arrives(from, loopback).who.value(); }
  door::permit asks(door::guest who, web_lane lane = web_lane::reading) {
    now += milliseconds{1};
    return guests.asks(who, lane, now);
  }
  bool rests(door::guest who) {
    now += milliseconds{1};
    return guests.rests(who, now);
  }
};

TEST_F(Door, HasSeatsForEverybodyUpToItsNumber) {
  for (const char* peer : {"a", "b", "c", "d"}) EXPECT_TRUE(guests.seated(in(peer)));
  const auto fifth = arrives("e");
  ASSERT_TRUE(fifth.who);
  EXPECT_FALSE(guests.seated(*fifth.who)) << "it stands";
  EXPECT_FALSE(fifth.instead);
}

TEST_F(Door, OneAddressHasNoMoreThanItsSeatsAndLoopbackHasMore) {
  EXPECT_TRUE(guests.seated(in("a")));
  EXPECT_TRUE(guests.seated(in("a")));
  EXPECT_FALSE(guests.seated(in("a")));
  EXPECT_TRUE(guests.seated(in("b"))) << "there is still a seat for others";
}

TEST_F(Door, LoopbackHasMoreSeatsThanAnyOther) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(guests.seated(in("127.0.0.1", true)));
  EXPECT_FALSE(guests.seated(in("127.0.0.1", true)));
}

TEST_F(Door, WhoStandsIsAnsweredWhatIsVitalHoweverFullTheHouse) {
  for (const char* peer : {"a", "b", "c", "d"}) EXPECT_FALSE(asks(in(peer)).refused) << "all seats are busy";
  const auto scrape = in("prometheus");
  EXPECT_FALSE(asks(scrape, web_lane::vital).refused);
  EXPECT_EQ(asks(in("page")).refused, door_reason::full);
  EXPECT_FALSE(rests(scrape)) << "without a seat it has nowhere to wait";
}

TEST_F(Door, AnyOtherRequestTakesTheSeatOfWhoHasRestedLongest) {
  const auto first = in("a");
  for (const char* peer : {"b", "c", "d"}) in(peer);
  const auto permit = asks(in("page"));
  EXPECT_FALSE(permit.refused);
  ASSERT_TRUE(permit.instead);
  EXPECT_EQ(permit.instead->who, first);
  EXPECT_EQ(permit.instead->why, door_reason::full);
}

TEST_F(Door, WhoIsAnsweredNeverGoesForAnother) {
  std::vector<door::guest> busy;
  for (const char* peer : {"a", "b", "c"}) {
    busy.push_back(in(peer));
    asks(busy.back());
  }
  const auto idle = in("d");
  EXPECT_EQ(asks(in("page")).instead->who, idle) << "although it has rested for the shortest time";
}

TEST_F(Door, WhoseBodyIsAwaitedMayHaveToGo) {
  std::vector<door::guest> all;
  for (const char* peer : {"a", "b", "c", "d"}) {
    all.push_back(in(peer));
    asks(all.back(), web_lane::entering);
  }
  guests.awaits_body(all[2], true, now);
  EXPECT_EQ(asks(in("page")).instead->who, all[2]);
  guests.awaits_body(all[3], true, now);
  guests.awaits_body(all[3], false, now);
  EXPECT_EQ(asks(in("page")).refused, door_reason::full);
}

TEST_F(Door, OfAnAddressWithAllItsSeatsTheSeatOfItsOwnIsTaken) {
  const auto other = in("b");
  const auto first = in("a");
  in("a");
  const auto permit = asks(in("a"));
  EXPECT_EQ(permit.instead->who, first);
  EXPECT_EQ(permit.instead->why, door_reason::peer);
  EXPECT_TRUE(guests.seated(other));
}

TEST_F(Door, AnAddressWhoseSeatsAreAllAnsweredIsRefusedAnother) {
  asks(in("a"));
  asks(in("a"));
  EXPECT_EQ(asks(in("a")).refused, door_reason::peer);
}

TEST_F(Door, InACrowdTheAddressWithTheMostGuestsMakesRoom) {
  for (const char* peer : {"a", "b", "c", "d"}) asks(in(peer));
  const auto scrape = in("prometheus");  // stands longest
  const auto crowd = in("crowd");
  in("crowd");
  const auto next = arrives("crowd");
  ASSERT_TRUE(next.instead);
  EXPECT_EQ(next.instead->who, crowd);
  EXPECT_FALSE(asks(scrape, web_lane::vital).refused);
}

TEST_F(Door, AHundredThousandSilentArrivalsTakeNoScrapeAway) {
  const auto scrape = in("prometheus");
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(arrives("crowd").who);
  EXPECT_FALSE(asks(scrape, web_lane::vital).refused);
  const auto late = in("prometheus");
  EXPECT_FALSE(asks(late, web_lane::vital).refused);
  EXPECT_LE(guests.guests(), limits.seats + limits.standing);
}

TEST_F(Door, OfVitalAnswersTheOneThatStallsLongestGoesForANewOne) {
  const auto slow = in("a"), fast = in("b");
  for (const auto one : {slow, fast}) {
    asks(one, web_lane::vital);
    EXPECT_FALSE(guests.begins_to_leave(one, now));
  }
  now += milliseconds{1};
  guests.moved(slow, now);
  now += milliseconds{1};
  guests.moved(fast, now);
  const auto third = in("c");
  EXPECT_FALSE(asks(third, web_lane::vital).refused);
  const auto instead = guests.begins_to_leave(third, now);
  ASSERT_TRUE(instead);
  EXPECT_EQ(instead->who, slow);
  EXPECT_EQ(instead->why, door_reason::slow_reader);
}

TEST_F(Door, WhoWaitsForAVitalAnswerNeverGoesAndTheNextOnesWaitOutside) {
  for (const char* peer : {"a", "b", "c", "d"}) asks(in(peer));
  std::vector<door::guest> waiting;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(guests.crowded());
    waiting.push_back(in("crowd"));
    asks(waiting.back(), web_lane::vital);
  }
  EXPECT_TRUE(guests.crowded());
  EXPECT_FALSE(arrives("prometheus").who);
  (void)guests.begins_to_leave(waiting[1], now);
  EXPECT_FALSE(guests.crowded());
  const auto next = arrives("prometheus");
  ASSERT_TRUE(next.who && next.instead);
  EXPECT_EQ(next.instead->who, waiting[1]) << "its answer leaves, and stalls";
}

TEST_F(Door, WhoLeavesMakesRoom) {
  std::vector<door::guest> all;
  for (const char* peer : {"a", "b", "c", "d"}) all.push_back(in(peer));
  const auto standing = in("e");
  guests.leaves(all.front());
  guests.leaves(all.front());
  EXPECT_TRUE(rests(standing)) << "the seat that became free";
  EXPECT_TRUE(guests.seated(standing));
  for (const auto one : all) guests.leaves(one);
  guests.leaves(standing);
  EXPECT_EQ(guests.guests(), 0U);
}

TEST_F(Door, WhoHadToGoIsRefusedAndMayLeaveOnceMore) {
  for (int i = 0; i < 5; ++i) in("a");  // two sit, three stand
  const auto gone = arrives("a").instead.value();
  EXPECT_TRUE(asks(gone.who, web_lane::vital).refused);
  EXPECT_FALSE(rests(gone.who));
  guests.leaves(gone.who);
  EXPECT_EQ(guests.guests(), 5U);
}

}  // namespace
}  // namespace changtong::http
