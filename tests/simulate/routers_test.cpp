// What a trace sees in the demo: by the district's shape and by what is cut.
#include "daemon/simulate/routers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

namespace changtong::simulate {
namespace {

struct small_district {
  district d = make_district(100, 7);
  std::uint32_t township = no_line, village = no_line;
  small_district() {
    for (std::uint32_t i = 0; i < d.lines.size(); ++i)
      if (d.lines[i].parent != no_line && village == no_line) village = i, township = d.lines[i].parent;
  }
};

TEST(Routers, AVillageIsBehindItsTownship) {
  const small_district s;
  ASSERT_NE(s.village, no_line);
  const seen_path up = traced(s.d, {}, s.township), below = traced(s.d, {}, s.village);
  EXPECT_TRUE(up.reached);
  ASSERT_EQ(up.hops.size(), 2U);
  ASSERT_EQ(below.hops.size(), 3U);
  EXPECT_TRUE(std::ranges::equal(up.hops, std::span(below.hops).first(2)));
  EXPECT_EQ(line_at(s.d, *below.hops.back()), s.township);
}

TEST(Routers, ACutEndsThePathWhereItIs) {
  const small_district s;
  const auto hops = [&](trouble_kind k) {
    const seen_path seen = traced(s.d, {{s.village, k}}, s.village);
    EXPECT_FALSE(seen.reached);
    return seen.hops.size();
  };
  EXPECT_EQ(hops(trouble_kind::village_cut), 3U);
  EXPECT_EQ(hops(trouble_kind::township_cut), 2U);
  EXPECT_EQ(hops(trouble_kind::carrier_cut), 1U);
  EXPECT_TRUE(traced(s.d, {{s.village, trouble_kind::village_cut}}, s.township).reached);
}

TEST(Routers, NobodysAddressIsNoLine) {
  EXPECT_EQ(line_at(make_district(10, 1), *parse_address("192.0.2.1")), no_line);
}

}  // namespace
}  // namespace changtong::simulate
