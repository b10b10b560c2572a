// Paths on loopback, where every address is next to us: sockets, words and our own failures. Real routers are in
// tests/e2e/where_cut_test.py.
#include "collectors/net/path_tracer.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <thread>

#include "tests/collectors/failing_calls.h"

namespace changtong::net {
namespace {

using test::failing_calls;

struct PathTracer : testing::Test {
  void SetUp() override { failing_calls::reset(); }
  void TearDown() override { failing_calls::reset(); }

  /** What is told of each path, by tag; empty: it could not be asked. */
  std::map<std::uint32_t, std::optional<seen_path>> followed(std::initializer_list<const char*> addresses) {
    path_tracer t(failing_calls::table());
    std::uint32_t tag = 0;
    for (const char* a : addresses) t.start(++tag, *parse_address(a), 0);
    std::map<std::uint32_t, std::optional<seen_path>> all;
    for (int turn = 0; turn < 500 && all.size() < addresses.size(); ++turn) {
      t.tick(std::chrono::steady_clock::now(), [&](std::uint32_t of, const seen_path* seen) {
        all[of] = seen == nullptr ? std::nullopt : std::optional(*seen);
      });
      std::this_thread::yield();
    }
    return all;
  }
};

const seen_path next_door{.hops = {}, .reached = true};

TEST_F(PathTracer, OwnAddressesAreNextDoor) {
  const auto all = followed({"127.0.0.1", "127.0.0.2"});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at(1), next_door);
  EXPECT_EQ(all.at(2), next_door);
}

TEST_F(PathTracer, WithoutPermissionForARawSocketAPingSocketDoesIfItMay) {
  failing_calls::raw_error = EPERM;
  const auto all = followed({"127.0.0.1"});
  ASSERT_EQ(all.size(), 1U);
  if (all.at(1)) {  // net.ipv4.ping_group_range of this host allows it
    EXPECT_EQ(all.at(1), next_door);
  }
}

TEST_F(PathTracer, WithoutAnySocketNothingIsSaid) {
  failing_calls::socket_error = EPERM;
  const auto all = followed({"127.0.0.1", "::1"});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at(1), std::nullopt);
  EXPECT_EQ(all.at(2), std::nullopt);
}

TEST_F(PathTracer, WhatCannotBeSentSaysNothing) {
  failing_calls::send_error = ENETUNREACH;
  EXPECT_EQ(followed({"127.0.0.1"}).at(1), std::nullopt) << "our own route is no word about the path";
}

TEST_F(PathTracer, ItHasRoomForSoMany) {
  path_tracer t(failing_calls::table());
  for (std::uint32_t n = 0; n < path_tracer::most_paths; ++n) {
    ASSERT_TRUE(t.has_room());
    t.start(n, *parse_address("127.0.0.1"), 0);
  }
  EXPECT_FALSE(t.has_room());
}

}  // namespace
}  // namespace changtong::net
