#include "daemon/publish/http/lane.h"

#include <gtest/gtest.h>

namespace changtong::http {
namespace {

TEST(Lane, OneAddressTakesAQuarterOfItsPlacesAndLoopbackThree) {
  lane places(1, 0, 8);
  const peer_group far{.name = "192.0.2.1"}, farther{.name = "192.0.2.2"}, near{.name = "127.0.0.1", .loopback = true};
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(places.enter(far));
  EXPECT_FALSE(places.enter(far));
  EXPECT_TRUE(places.enter(farther));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(places.enter(near));
  EXPECT_FALSE(places.enter(farther)) << "all eight are taken";
  places.leave(far);
  places.leave(far);
  EXPECT_TRUE(places.enter(near));
  EXPECT_FALSE(places.enter(near)) << "six of eight";
  EXPECT_TRUE(places.enter(far));
}

}  // namespace
}  // namespace changtong::http
