// The story of troubles: seeded, endless, every kind, and never two on one line.
#include "daemon/simulate/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace changtong::simulate {
namespace {

std::vector<trouble> told(const district& d, std::uint64_t seed, story_pace pace, std::size_t count) {
  story s(d, seed, pace);
  std::vector<trouble> all;
  while (all.size() < count) all.push_back(s.next());
  return all;
}

bool same(const trouble& a, const trouble& b) {
  return a.kind == b.kind && a.begins == b.begins && a.lasts == b.lasts && a.lines == b.lines && a.site == b.site &&
         a.loss == b.loss && a.delay == b.delay;
}

class a_story : public testing::Test {
 protected:
  district d_ = make_district(default_lines, 1);
};

TEST_F(a_story, SameSeedTellsTheSame) {
  const auto a = told(d_, 4, pace_for(d_, 1), 200), b = told(d_, 4, pace_for(d_, 1), 200),
             c = told(d_, 5, pace_for(d_, 1), 200);
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), same));
  EXPECT_FALSE(std::equal(a.begin(), a.end(), c.begin(), same));
}

TEST_F(a_story, BeginsSoonAndGoesOnAboutTwiceAMinute) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto all = told(d_, seed, pace_for(d_, 1), 60);
    EXPECT_LE(all[0].begins, milliseconds{15'000});
    EXPECT_GE(all[0].begins, milliseconds{5'000});
    EXPECT_TRUE(is_outage(all[0].kind));
    const double mean_gap = static_cast<double>((all.back().begins - all[0].begins).count()) / 59'000.0;
    EXPECT_GT(mean_gap, 18) << seed;
    EXPECT_LT(mean_gap, 32) << seed;
  }
}

TEST_F(a_story, EveryKindComesRoundWithinAQuarterOfAnHour) {
  for (const double speed : {1.0, 10.0}) {
    std::set<trouble_kind> kinds;
    for (const trouble& t : told(d_, 2, pace_for(d_, speed), 40)) kinds.insert(t.kind);
    EXPECT_EQ(kinds.size() + 1, trouble_kinds) << speed << ": all but the one that stands beside the story";
    EXPECT_FALSE(kinds.contains(trouble_kind::silent_domain));
  }
}

TEST_F(a_story, WithinTenMinutesOneLineComesAndGoesAndAnotherIsUpAndNotWell) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::map<std::uint32_t, int> cuts;
    bool lossy = false;
    for (const trouble& t : told(d_, seed, pace_for(d_, 1), 60)) {
      if (t.ends() > milliseconds{480'000}) continue;
      if (t.kind == trouble_kind::village_cut) ++cuts[t.lines[0]];
      lossy = lossy || (t.kind == trouble_kind::lossy_line && t.lasts >= milliseconds{120'000});
    }
    EXPECT_TRUE(std::ranges::any_of(cuts, [](const auto& one) { return one.second >= 4; })) << seed;
    EXPECT_TRUE(lossy) << seed;
  }
}

TEST_F(a_story, NumbersAndBeginsOnlyGrow) {
  const auto all = told(d_, 3, pace_for(d_, 20), 500);
  for (std::size_t n = 1; n < all.size(); ++n) {
    EXPECT_EQ(all[n].number, all[n - 1].number + 1);
    EXPECT_GE(all[n].begins, all[n - 1].begins);
  }
}

TEST_F(a_story, OutagesLastFromTheShortestToTwoMinutes) {
  for (const trouble& t : told(d_, 6, pace_for(d_, 1), 500)) {
    EXPECT_LE(t.lasts, milliseconds{120'000});
    EXPECT_GE(t.lasts, t.kind == trouble_kind::probing_pause ? milliseconds{3'000} : milliseconds{5'000});
  }
  milliseconds shortest{1'000'000};
  for (const trouble& t : told(d_, 6, pace_for(d_, 100), 500))
    if (is_outage(t.kind)) shortest = std::min(shortest, t.lasts);
  EXPECT_EQ(shortest, milliseconds{2'000});
}

TEST_F(a_story, NoLineIsEverInTwoTroublesNorHiddenByItsTownship) {
  const story_pace pace = pace_for(d_, 30);
  std::vector<milliseconds> busy(d_.lines.size());
  for (const trouble& t : told(d_, 8, pace, 3000)) {
    for (const std::uint32_t line : t.lines) {
      ASSERT_LE(busy[line], t.begins) << t.number;
      const std::uint32_t parent = d_.lines[line].parent;
      if (parent != no_line && t.kind != trouble_kind::township_cut) ASSERT_LE(busy[parent], t.begins) << t.number;
    }
    for (const std::uint32_t line : t.lines) busy[line] = t.ends() + pace.peace;
  }
}

TEST_F(a_story, TownshipCutTakesAllItsVillagesAlong) {
  int cuts = 0;
  for (const trouble& t : told(d_, 1, pace_for(d_, 1), 100)) {
    if (t.kind != trouble_kind::township_cut) continue;
    ++cuts;
    EXPECT_EQ(t.lines.size(), d_.children[t.lines[0]].size() + 1);
    EXPECT_GT(t.lines.size(), 10U);
    for (std::size_t n = 1; n < t.lines.size(); ++n) EXPECT_EQ(d_.lines[t.lines[n]].parent, t.lines[0]);
  }
  EXPECT_GT(cuts, 3);
}

TEST_F(a_story, CarrierCutHitsOneCarrierOnly) {
  for (const trouble& t : told(d_, 1, pace_for(d_, 1), 100)) {
    if (t.kind != trouble_kind::carrier_cut) continue;
    EXPECT_GE(t.lines.size(), 2U);
    for (const std::uint32_t line : t.lines) EXPECT_EQ(d_.lines[line].carrier, d_.lines[t.lines[0]].carrier);
  }
}

TEST_F(a_story, NothingBeginsOrEndsWhileTheMonitorStandsStill) {
  for (const double speed : {1.0, 8.0, 60.0}) {
    const auto all = told(d_, 2, pace_for(d_, speed), 600);
    for (const trouble& pause : all) {
      if (pause.kind != trouble_kind::probing_pause) continue;
      for (const trouble& other : all) {
        if (other.number == pause.number) continue;
        for (const milliseconds edge : {other.begins, other.ends()})
          EXPECT_FALSE(edge > pause.begins - milliseconds{4'000} && edge < pause.ends() + milliseconds{4'000})
              << pause.number << ' ' << other.number << " at speed " << speed;
      }
    }
  }
}

TEST_F(a_story, WithoutAWayToPauseThereAreNoPauses) {
  story_pace pace = pace_for(d_, 1);
  pace.pauses = false;
  for (const trouble& t : told(d_, 1, pace, 200)) EXPECT_NE(t.kind, trouble_kind::probing_pause);
}

TEST(AStoryOfOneLine, GoesOnForEver) {
  const district d = make_district(1, 1);
  EXPECT_EQ(told(d, 1, pace_for(d, 100), 300).size(), 300U);
}

TEST(AStoryOfTheLargestDistrict, KeepsToWhatItsSlowerMonitorCanSee) {
  const district d = make_district(most_lines, 1);
  for (const trouble& t : told(d, 1, pace_for(d, 100), 200)) {
    if (is_outage(t.kind) && t.site == no_line) EXPECT_GT(t.lasts, d.interval);
    EXPECT_LE(t.lines.size(), 200U);
  }
}

TEST(AStoryAtAMadSpeed, IsHeldWithinBounds) {
  const district d = make_district(50, 1);
  for (const double speed : {-1.0, 0.0, 1e9}) EXPECT_EQ(told(d, 1, pace_for(d, speed), 20).size(), 20U);
}

}  // namespace
}  // namespace changtong::simulate
