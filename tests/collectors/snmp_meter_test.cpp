#include "collectors/snmp_meter.h"

#include <gtest/gtest.h>

namespace changtong::test {
namespace {

using std::chrono::seconds;
using reading = snmp_meter::counted;

reading at(std::int64_t s, std::uint64_t in, std::uint64_t out = 0) {
  return {.sent = mono_t{seconds{1000 + s}},
          .in = in,
          .out = out,
          .up_time = static_cast<std::uint64_t>(s + 1000) * 100,
          .discontinuity = 0,
          .speed_mbps = 1000};
}

struct SnmpMeter : testing::Test {
  double in(const reading& r) {
    const auto rates = meter.take(1, r);
    return rates ? rates->in : -1;
  }
  snmp_meter meter;
};

TEST_F(SnmpMeter, NineSecondsAreARateAndLessIsNone) {
  EXPECT_EQ(in(at(0, 1000)), -1);
  EXPECT_EQ(in(at(8, 2000)), -1);
  EXPECT_EQ(in(at(9, 10'000)), 8000) << "9,000 octets in nine seconds";
  EXPECT_EQ(in(at(17, 900'000)), 8000) << "told again until nine more are counted";
}

TEST_F(SnmpMeter, CountersThatAreRenewedNowAndThenMakeNoPeaks) {
  in(at(0, 0));
  EXPECT_EQ(in(at(10, 0)), -1) << "it may be renewed only every thirty seconds";
  EXPECT_EQ(in(at(20, 0)), -1);
  EXPECT_EQ(in(at(30, 30'000)), 8000);
  EXPECT_EQ(in(at(40, 30'000)), 8000);
  EXPECT_EQ(in(at(90, 30'000)), 0) << "a minute without anything is nothing";
}

TEST_F(SnmpMeter, TurnOf32BitsIsCountedOver) {
  reading before = at(0, 0xfffffff0), after = at(10, 9984);
  before.narrow = after.narrow = true;
  in(before);
  EXPECT_EQ(in(after), 8000);
}

TEST_F(SnmpMeter, TurnThatMayHaveBeenTwoIsNoRate) {
  reading before = at(0, 1000), after = at(60, 2000);
  before.narrow = after.narrow = true;
  in(before);
  EXPECT_EQ(in(after), -1) << "at 1 Gbit/s 32 bits turn in 34 s";
}

TEST_F(SnmpMeter, TurnAtAnUnknownSpeedIsNoRate) {
  reading before = at(0, 0xfffffff0), after = at(10, 9984);
  before.narrow = after.narrow = true;
  before.speed_mbps = after.speed_mbps = 0;
  in(before);
  EXPECT_EQ(in(after), -1);
}

TEST_F(SnmpMeter, RestartDiscontinuityAndAnotherWidthBeginAnew) {
  in(at(0, 1000));
  reading restarted = at(10, 500'000);
  restarted.up_time = 100;
  EXPECT_EQ(in(restarted), -1);
  reading after = at(20, 510'000);
  after.up_time = 1100;
  EXPECT_EQ(in(after), 8000);
  reading cleared = at(30, 520'000);
  cleared.up_time = 2100;
  cleared.discontinuity = 2000;
  EXPECT_EQ(in(cleared), -1);
  reading narrow = at(40, 530'000);
  narrow.up_time = 3100;
  narrow.discontinuity = 2000;
  narrow.narrow = true;
  EXPECT_EQ(in(narrow), -1);
}

TEST_F(SnmpMeter, TurnOfSysUpTimeIsNoRestart) {
  reading before = at(0, 0), after = at(10, 10'000);
  before.up_time = 0xffffff00;
  after.up_time = 744;
  in(before);
  EXPECT_EQ(in(after), 8000);
}

TEST_F(SnmpMeter, CountThatWentBackIsNoRate) {
  in(at(0, 1'000'000));
  EXPECT_EQ(in(at(10, 500)), -1);
  EXPECT_EQ(in(at(20, 10'500)), 8000);
}

TEST_F(SnmpMeter, MoreThanTheInterfaceCanIsNoRate) {
  in(at(0, 0));
  in(at(10, 10'000));
  EXPECT_EQ(in(at(20, 100'000'000'000)), 8000) << "the last one";
  EXPECT_EQ(in(at(80, 100'000'000'000)), -1) << "then a new beginning";
}

TEST_F(SnmpMeter, InterfacesAreApart) {
  in(at(0, 0));
  EXPECT_FALSE(meter.take(2, at(10, 1'000'000)));
  EXPECT_EQ(in(at(10, 10'000)), 8000);
}

TEST_F(SnmpMeter, NewcomersBeyondTheLimitTakeNothingFromTheOthers) {
  meter = snmp_meter(2);
  in(at(0, 0));
  EXPECT_FALSE(meter.take(2, at(0, 0)));
  for (std::uint64_t who = 3; who < 9; ++who) EXPECT_FALSE(meter.take(who, at(0, 0)));
  EXPECT_EQ(in(at(10, 10'000)), 8000);
  EXPECT_TRUE(meter.take(2, at(10, 10'000)));
  EXPECT_FALSE(meter.take(3, at(10, 10'000)));
}

TEST_F(SnmpMeter, NewcomersBeyondTheLimitTakeThePlaceOfWhoIsNotReadAnyMore) {
  meter = snmp_meter(2);
  in(at(0, 0));
  EXPECT_FALSE(meter.take(2, at(0, 0)));
  in(at(11'000, 0));
  EXPECT_FALSE(meter.take(3, at(11'000, 0)));
  EXPECT_TRUE(meter.take(3, at(11'010, 10'000)));
  EXPECT_EQ(in(at(11'060, 60'000)), 8000);
}

}  // namespace
}  // namespace changtong::test
