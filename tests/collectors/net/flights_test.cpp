#include "collectors/net/flights.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <map>

namespace changtong::net {
namespace {

using phase = flight::phase;

TEST(Flights, AreFoundByPositionAndByTicket) {
  flights f;
  const check c;
  const auto index = f.take_off(0xfffffff0, c, 42);
  EXPECT_EQ(f.with_ticket(0xfffffff0), index);
  EXPECT_EQ(f.at(index)->cookie, 42U);
  EXPECT_EQ(f.with_ticket(1), flights::none);
  EXPECT_EQ(f.at(f.size()), nullptr);
  f.land(index, phase::answered);
  EXPECT_EQ(f.with_ticket(0xfffffff0), flights::none);
  EXPECT_EQ(f.at(index)->cookie, 42U) << "a duplicate must still be recognised";
  EXPECT_EQ(f.at(index)->now, phase::answered);
}

TEST(Flights, PlaceJustLeftIsTheLastToBeUsedAgain) {
  flights f;
  const check c;
  const auto first = f.take_off(1, c, 1);
  f.land(first, phase::answered);
  for (std::uint32_t t = 0; t + 1 < f.size(); ++t) {
    const auto index = f.take_off(100, c, 1);
    ASSERT_NE(index, first);
    f.land(index, phase::answered);
  }
  EXPECT_EQ(f.take_off(100, c, 1), first);
}

TEST(Flights, FullTableSaysSoAndWorksAgainAfterALanding) {
  flights f;
  const check c;
  for (std::uint32_t t = 0; t < flights::most; ++t) ASSERT_NE(f.take_off(t, c, t), flights::none);
  EXPECT_EQ(f.take_off(flights::most, c, 0), flights::none);
  EXPECT_EQ(f.at(f.with_ticket(123'456))->cookie, 123'456U);
  f.land(f.with_ticket(123'456), phase::forgotten);
  EXPECT_NE(f.take_off(flights::most, c, 0), flights::none);
}

RC_GTEST_PROP(Flights, AgreeWithAMap, (const std::vector<std::uint16_t>& steps)) {
  flights f;
  const check c;
  std::map<std::uint32_t, std::uint64_t> model;
  std::uint64_t cookie = 0;
  for (const std::uint32_t step : steps) {
    const std::uint32_t ticket = (step % 37) * 1024;  // tickets that share a chain
    if (model.erase(ticket) == 1) {
      f.land(f.with_ticket(ticket), phase::answered);
    } else {
      model[ticket] = ++cookie;
      RC_ASSERT(f.take_off(ticket, c, cookie) != flights::none);
    }
    RC_ASSERT(f.under_way() == model.size());
    for (const auto& [t, expected] : model) RC_ASSERT(f.at(f.with_ticket(t))->cookie == expected);
  }
}

}  // namespace
}  // namespace changtong::net
