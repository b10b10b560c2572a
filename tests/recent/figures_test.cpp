#include "daemon/recent/figures.h"

#include <gtest/gtest.h>

#include "tests/named_target.h"

namespace changtong::recent {
namespace {

constexpr std::size_t plenty = 64U << 20U;
constexpr std::int64_t five_minutes = 300'000;
const wall_t noon = wall_from_ms(1'789'272'000'000);  // a whole five minutes

struct device final : check_settings {
  std::vector<fact_place> brings;
  [[nodiscard]] std::vector<fact_place> facts() const override { return brings; }
};

const std::vector<fact_place> measured{{fact_name::interface_in_use, 7},
                                       {fact_name::interface_out_use, 7},
                                       {fact_name::optical_receive_power, 7},
                                       {fact_name::optical_transmit_power, 7}};

/** Lines L1, L2 … that are asked by ICMP every second, and of which a device is asked every thirty; a website; an
 * anchor. */
std::shared_ptr<inventory> district(const std::vector<std::string>& lines) {
  auto inv = std::make_shared<inventory>();
  const auto add = [&](const std::string& id, target_kind kind) {
    target t = named_target(id, id, "", "", "");
    t.kind = kind;
    t.first_check = static_cast<std::uint32_t>(inv->checks.size());
    t.check_count = kind == target_kind::line ? 2 : 1;
    for (std::uint32_t k = 0; k < t.check_count; ++k) {
      check c;
      c.id = id + (k == 0 ? "/icmp" : "/snmp");
      c.kind = static_cast<kind_index>(k);
      c.target = static_cast<target_index>(inv->targets.size());
      c.when.interval = milliseconds{k == 0 ? 1'000 : 30'000};
      if (k == 1) {
        auto settings = std::make_shared<device>();
        settings->brings = measured;
        c.settings = settings;
        c.bandwidth_mbps = 100;
      }
      inv->checks.push_back(c);
    }
    inv->add(t);
  };
  for (const std::string& id : lines) add(id, target_kind::line);
  add("portal", target_kind::site);
  add("anchor-1", target_kind::anchor);
  return inv;
}

struct FiguresTest : testing::Test {
  std::shared_ptr<inventory> inv = district({"L1", "L2"});
  figures all{inv, plenty};
  milliseconds clock_is_ahead{0};  ///< of the labels' first hour

  [[nodiscard]] check_index check_of(const std::string& id, std::uint32_t k = 0) const {
    return inv->find(id)->first_check + k;
  }
  [[nodiscard]] sample at(std::int64_t ms, check_index c, outcome what, milliseconds rtt = milliseconds{0}) const {
    sample s;
    s.check = c;
    s.what = what;
    s.sent = mono_t{milliseconds{ms}};
    s.at = noon + milliseconds{ms} + clock_is_ahead;
    s.rtt = what == outcome::good ? nanoseconds{rtt} : nanoseconds{0};
    s.interval = inv->checks[c].when.interval;
    return s;
  }
  void good(std::int64_t ms, int rtt_ms, const std::string& id = "L1") {
    all.take(at(ms, check_of(id), outcome::good, milliseconds{rtt_ms}));
  }
  void bad(std::int64_t ms, const std::string& id = "L1") { all.take(at(ms, check_of(id), outcome::bad)); }
  void brought(std::int64_t ms, const std::vector<fact>& facts) {
    sample s = at(ms, check_of("L1", 1), outcome::good);
    s.facts = facts;
    all.take_facts(s);
  }
  [[nodiscard]] recent_target of(const std::string& id, std::int64_t ms) const {
    return *all.of(id, noon + milliseconds{ms} + clock_is_ahead);
  }
  /** The bucket that holds this instant. */
  [[nodiscard]] delay_bucket bucket(std::int64_t ms, const std::string& id = "L1") const {
    return of(id, ms).delays.back();
  }
};

TEST_F(FiguresTest, ADayIsKeptOfEachLineAndWebsiteAndOfNoAnchor) {
  const auto day = of("L1", 1);
  EXPECT_EQ(day.delays.size(), 288U);
  EXPECT_EQ(day.from, noon - std::chrono::hours{24} + bucket_length);
  EXPECT_EQ(day.to, noon + milliseconds{1});
  EXPECT_TRUE(all.of("portal", noon));
  EXPECT_FALSE(all.of("anchor-1", noon));
  EXPECT_FALSE(all.of("L9", noon));
}

TEST_F(FiguresTest, NobodyMeasuredIsAHoleAndNoZero) {
  for (const delay_bucket& b : of("L1", 0).delays) {
    EXPECT_EQ(b.measured, 0U);
    EXPECT_FALSE(b.least || b.mean || b.most);
  }
  all.take(at(1'000, check_of("L1"), outcome::not_measured));
  EXPECT_EQ(bucket(1'000).measured, 0U) << "our own fault is no loss of the line's";
}

TEST_F(FiguresTest, DelayIsOfGoodSamplesAndLossOfMeasuredOnes) {
  good(0, 4);
  good(1'000, 10);
  bad(2'000);
  good(3'000, 7);
  const delay_bucket b = bucket(3'000);
  EXPECT_EQ(b.measured, 4U);
  EXPECT_EQ(b.bad, 1U);
  EXPECT_DOUBLE_EQ(*b.least, 0.004);
  EXPECT_NEAR(*b.mean, 0.007, 0.000'002);
  EXPECT_NEAR(*b.most, 0.010, 0.000'003);
  EXPECT_EQ(bucket(3'000, "L2").measured, 0U);
}

TEST_F(FiguresTest, WhereAllIsLostThereIsLossAndNoDelay) {
  bad(0);
  bad(1'000);
  const delay_bucket b = bucket(1'000);
  EXPECT_EQ(b.measured, 2U);
  EXPECT_EQ(b.bad, 2U);
  EXPECT_FALSE(b.least || b.mean || b.most);
}

TEST_F(FiguresTest, ABucketEndsWhereTheNextBegins) {
  good(five_minutes - 1, 1);
  good(five_minutes + 999, 2);
  const auto day = of("L1", five_minutes + 999).delays;
  EXPECT_DOUBLE_EQ(*day[286].mean, 0.001);
  EXPECT_DOUBLE_EQ(*day[287].mean, 0.002);
  EXPECT_EQ(day[287].measured, 1U);
}

TEST_F(FiguresTest, QuestionsAskedFasterDoNotMakeAnOutageLonger) {
  for (int ms = 0; ms < 60'000; ms += 1'000) good(ms, 1);
  for (int ms = 60'000; ms < 120'000; ms += 250) bad(ms);
  for (int ms = 120'000; ms < 180'000; ms += 1'000) good(ms, 1);
  EXPECT_EQ(bucket(180'000).measured, 180U);
  EXPECT_EQ(bucket(180'000).bad, 60U);
}

TEST_F(FiguresTest, OnlyTheLeadingCheckSpeaks) {
  all.take(at(0, check_of("L1", 1), outcome::good, milliseconds{9}));
  EXPECT_EQ(bucket(0).measured, 0U);
}

TEST_F(FiguresTest, TimeWithoutSamplesIsAHoleBetweenTwoBuckets) {
  good(0, 1);
  good(4 * five_minutes, 1);
  const auto day = of("L1", 4 * five_minutes).delays;
  EXPECT_EQ(day[283].measured, 1U);
  for (int k = 284; k < 287; ++k) EXPECT_EQ(day[static_cast<std::size_t>(k)].measured, 0U) << k;
  EXPECT_EQ(day[287].measured, 1U);
  EXPECT_EQ(of("L1", 10 * five_minutes).delays[287].measured, 0U) << "nor is what comes after the last one";
}

TEST_F(FiguresTest, ADayLaterItIsForgotten) {
  good(0, 1);
  EXPECT_EQ(of("L1", 287 * five_minutes).delays[0].measured, 1U);
  EXPECT_EQ(of("L1", 288 * five_minutes).delays[0].measured, 0U);
}

TEST_F(FiguresTest, ANewStartBeginsAnew) {
  good(0, 1);
  const figures started_again(inv, plenty);
  const auto seen = started_again.of("L1", noon);
  for (const delay_bucket& b : seen->delays) EXPECT_EQ(b.measured, 0U);
}

TEST_F(FiguresTest, AClockThatIsSetBackTellsNoInstantTwice) {
  good(five_minutes - 2'000, 4);
  good(five_minutes - 1'000, 6);
  good(five_minutes, 9);
  good(five_minutes + 1'000, 9);
  clock_is_ahead = milliseconds{-3'000};  // the next label lies in the bucket before
  good(five_minutes + 2'000, 8);
  const auto back = of("L1", five_minutes + 2'000).delays;
  EXPECT_EQ(back[287].measured, 3U) << "what was there goes on";
  EXPECT_NEAR(*back[287].mean, 0.006, 0.000'01);
  EXPECT_EQ(all.of("L1", noon + milliseconds{five_minutes})->delays[287].measured, 0U) << "what was later is forgotten";
  good(five_minutes + 4'000, 5);
  EXPECT_EQ(all.of("L1", noon + milliseconds{five_minutes + 1'000})->delays[287].measured, 1U);
}

TEST_F(FiguresTest, AClockThatIsSetBackAYearBeginsAnew) {
  good(0, 4);
  clock_is_ahead = -std::chrono::hours{24 * 365};
  good(1'000, 5);
  EXPECT_EQ(bucket(1'000).measured, 1U);
  clock_is_ahead = {};
  EXPECT_EQ(bucket(0).measured, 0U);
}

TEST_F(FiguresTest, AReloadKeepsWhatIsStillThereByItsId) {
  good(0, 3);
  good(0, 5, "L2");
  brought(0, {{fact_name::interface_in_use, 7, 500'000}, {fact_name::interface_out_use, 7, 10'000}});
  inv = district({"L0", "L2", "L1"});
  all.adopt(inv, plenty);
  EXPECT_DOUBLE_EQ(*bucket(0).mean, 0.003);
  EXPECT_DOUBLE_EQ(*bucket(0, "L2").mean, 0.005);
  EXPECT_EQ(bucket(0, "L0").measured, 0U);
  EXPECT_NEAR(*of("L1", 0).interfaces.at(0).traffic.back().in, 50e6, 50e6 / 4096);
  good(1'000, 5);
  EXPECT_EQ(bucket(1'000).measured, 2U);
  EXPECT_NEAR(*bucket(1'000).mean, 0.004, 0.000'002);
}

TEST_F(FiguresTest, ALineThatComesBackBeginsAnew) {
  good(0, 3);
  inv = district({"L2"});
  all.adopt(inv, plenty);
  EXPECT_FALSE(all.of("L1", noon));
  inv = district({"L1", "L2"});
  all.adopt(inv, plenty);
  EXPECT_EQ(bucket(0).measured, 0U);
}

TEST_F(FiguresTest, ManyLinesAreKeptForAShorterTime) {
  constexpr std::size_t little = 8'000;
  good(-10 * five_minutes, 2);
  good(0, 3);
  all.adopt(inv, little);
  const auto kept = of("L1", 0);
  EXPECT_GT(kept.delays.size(), 10U);
  EXPECT_LT(kept.delays.size(), 288U);
  EXPECT_EQ(kept.from, noon - bucket_length * static_cast<std::int64_t>(kept.delays.size() - 1));
  EXPECT_EQ(kept.delays.back().measured, 1U) << "the newest are kept";
  EXPECT_EQ(kept.delays[kept.delays.size() - 11].measured, 1U);
  good(five_minutes, 3);
  EXPECT_EQ(bucket(five_minutes).measured, 1U);
}

TEST_F(FiguresTest, ABudgetThatIsTooSmallKeepsNothingAndSaysSo) {
  good(0, 3);
  all.adopt(inv, 100);
  good(1'000, 3);
  brought(1'000, {{fact_name::optical_receive_power, 7, -21'500}});
  const auto kept = of("L1", 1'000);
  EXPECT_TRUE(kept.delays.empty());
  EXPECT_TRUE(kept.interfaces.at(0).traffic.empty());
  EXPECT_TRUE(kept.interfaces.at(0).optics.empty());
  all.adopt(inv, plenty);
  EXPECT_EQ(bucket(1'000).measured, 0U);
}

TEST_F(FiguresTest, WhoWantsNothingKeptHasNothingUntilTheyDo) {
  good(0, 3);
  all.adopt(inv, 0);
  good(1'000, 3);
  brought(1'000, {{fact_name::optical_receive_power, 7, -21'500}});
  EXPECT_TRUE(of("L1", 1'000).delays.empty());
  EXPECT_TRUE(of("L1", 1'000).interfaces.empty());
  EXPECT_FALSE(all.of("L9", noon)) << "who is not there is not there";
  all.adopt(inv, plenty);
  good(2'000, 3);
  brought(2'000, {{fact_name::optical_receive_power, 7, -21'500}});
  EXPECT_EQ(bucket(2'000).measured, 1U);
  EXPECT_EQ(of("L1", 2'000).interfaces.at(0).optics.back().receive, -21.5);
}

TEST_F(FiguresTest, TheBudgetHoldsAllOfAProvince) {
  std::vector<std::string> ids;
  for (int k = 0; k < 20'000; ++k) ids.push_back("V" + std::to_string(k));
  const auto province = district(ids);
  const figures many(province, plenty);
  const auto kept = many.of("V19999", noon);
  const std::size_t rows = kept->delays.size();
  EXPECT_GT(rows, 60U);
  EXPECT_LE(rows * 24 * 20'000, plenty) << "24 bytes a line with an interface and its optical power";
}

TEST_F(FiguresTest, TrafficIsTheShareOfTheBandwidthInBitsASecond) {
  brought(0, {{fact_name::interface_in_use, 7, 100'000}, {fact_name::interface_out_use, 7, 0}});
  brought(30'000, {{fact_name::interface_in_use, 7, 300'000}, {fact_name::interface_out_use, 7, 2'000}});
  brought(60'000, {{fact_name::interface_in_use, 7, 200'000}});
  const auto one = of("L1", 60'000).interfaces.at(0);
  EXPECT_EQ(one.index, 7U);
  const traffic_bucket& b = one.traffic.back();
  EXPECT_NEAR(*b.in, 20e6, 20e6 / 4096);
  EXPECT_NEAR(*b.in_most, 30e6, 30e6 / 4096);
  EXPECT_NEAR(*b.out, 100e3, 100e3 / 4096);
  EXPECT_NEAR(*b.out_most, 200e3, 200e3 / 4096);
  EXPECT_FALSE(one.traffic[286].in);
}

TEST_F(FiguresTest, WithoutAStatedBandwidthTheDevicesSpeedCounts) {
  inv = district({"L1"});
  inv->checks[1].bandwidth_mbps = 0;
  all.adopt(inv, plenty);
  brought(0, {{fact_name::interface_in_use, 7, 500'000},
              {fact_name::interface_out_use, 7, 250'000},
              {fact_name::interface_speed_bits, 7, 1'000'000'000}});
  EXPECT_NEAR(*of("L1", 0).interfaces.at(0).traffic.back().in, 500e6, 500e6 / 4096);
}

TEST_F(FiguresTest, OfOpticalPowerTheLowestIsKept) {
  for (const std::int64_t dbm : {-18'200, -24'070, -19'000})
    brought(0, {{fact_name::optical_receive_power, 7, dbm}, {fact_name::optical_transmit_power, 7, 1'500}});
  const optics_bucket b = of("L1", 0).interfaces.at(0).optics.back();
  EXPECT_DOUBLE_EQ(*b.receive, -24.07);
  EXPECT_DOUBLE_EQ(*b.transmit, 1.5);
  brought(five_minutes, {{fact_name::optical_receive_power, 7, -100'000}});
  const optics_bucket dark = of("L1", five_minutes).interfaces.at(0).optics.back();
  EXPECT_DOUBLE_EQ(*dark.receive, -100);
  EXPECT_FALSE(dark.transmit);
}

TEST_F(FiguresTest, WhatTwoChecksBringIsTheFirstOnes) {
  inv = district({"L1"});
  auto settings = std::make_shared<device>();
  settings->brings = {{fact_name::interface_in_use, 7}, {fact_name::optical_receive_power, 9}};
  inv->checks[0].settings = settings;
  all.adopt(inv, plenty);
  const auto interfaces = of("L1", 0).interfaces;
  ASSERT_EQ(interfaces.size(), 2U);
  EXPECT_TRUE(interfaces[0].optics.empty());
  EXPECT_TRUE(interfaces[1].traffic.empty());
  brought(0, {{fact_name::interface_in_use, 7, 1}, {fact_name::interface_out_use, 7, 1}});
  EXPECT_FALSE(of("L1", 0).interfaces[0].traffic.back().in) << "the second one's";
}

TEST_F(FiguresTest, AWebsiteIsHowLongItTookToOpen) {
  all.take(at(0, check_of("portal"), outcome::good, milliseconds{850}));
  EXPECT_NEAR(*bucket(0, "portal").mean, 0.85, 0.0003);
}

}  // namespace
}  // namespace changtong::recent
