// Samples as one text: what is packed comes back, and what is no such text is refused.
#include "daemon/core/packed_samples.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace changtong {
namespace {

constexpr std::int64_t begin_ms = 1'773'417'600'000;

kept_sample good(std::int64_t ms, std::uint32_t rtt) {
  return {.at = wall_from_ms(begin_ms + ms), .what = outcome::good, .why = cause::none, .rtt = rtt};
}
kept_sample bad(std::int64_t ms, cause why = cause::timeout) {
  return {.at = wall_from_ms(begin_ms + ms), .what = outcome::bad, .why = why};
}
kept_sample not_measured(std::int64_t ms, cause why) {
  return {.at = wall_from_ms(begin_ms + ms), .what = outcome::not_measured, .why = why};
}
bool refused(std::string_view text) { return !unpack(text); }

TEST(PackedSamples, TheTextIsTheOneThatIsDescribed) {
  const std::vector<kept_stretch> all{
      {"L1/icmp", {good(0, 412), good(1000, 7), bad(2000), bad(2250), not_measured(2500, cause::late)}},
      {"L1/snmp#2", {bad(7, cause::snmp_error)}}};
  const std::string text =
      "L1/icmp 1773417600000 bad:timeout,not_measured:late A4ZofOofB6HB6HD;L1/snmp#2 1773417600007 bad:snmp_error AB";
  EXPECT_EQ(pack(all), text);
  EXPECT_EQ(unpack(text).value(), all);
}

TEST(PackedSamples, NothingIsAnEmptyText) {
  EXPECT_EQ(pack({}), "");
  EXPECT_EQ(pack(std::vector<kept_stretch>{{"L1/icmp", {}}}), "");
  EXPECT_TRUE(unpack("").value().empty());
}

TEST(PackedSamples, WhereLabelsGoBackAnotherStretchBegins) {
  const std::vector<kept_stretch> all{{"L1/icmp", {good(5000, 1), bad(6000), bad(1000), good(1000, 2)}}};
  const std::vector<kept_stretch> parted{{"L1/icmp", {good(5000, 1), bad(6000)}},
                                         {"L1/icmp", {bad(1000), good(1000, 2)}}};
  EXPECT_EQ(unpack(pack(all)).value(), parted);
}

TEST(PackedSamples, TwentyMinutesOfAnOutageAreAFewThousandBytes) {
  kept_stretch all{"V0123/icmp", {}};
  for (std::int64_t ms = 0; ms < 600'000; ms += 1003) all.samples.push_back(good(ms, 1234));
  for (std::int64_t ms = 600'000; ms < 1'200'000; ms += 251) all.samples.push_back(bad(ms));
  EXPECT_LT(pack({&all, 1}).size(), 11'000U);
}

TEST(PackedSamples, WhatIsNoSuchTextIsRefused) {
  EXPECT_FALSE(refused("L1/icmp 5 bad:timeout AB"));
  EXPECT_FALSE(refused("L1/icmp 5  AA")) << "only good ones";
  for (const char* text :
       {"L1/icmp", "L1/icmp 5 ", "L1/icmp 5 bad:timeout ", " 5 bad:timeout AB", "L1/icmp x bad:timeout AB",
        "L1/icmp -5 bad:timeout AB", "L1/icmp 5 bad:timeout A", "L1/icmp 5 bad:timeout AD", "L1/icmp 5 bad:nonsense AB",
        "L1/icmp 5 good:none AB", "L1/icmp 5 timeout AB", "L1/icmp 5 bad:timeout A?", "L1/icmp 5 bad:timeout AB ",
        "L1/icmp 5 bad:timeout Ah", "L1/icmp 5 bad:timeout AhA", "L1/icmp 5 bad:timeout AB;;",
        "L1/icmp 99999999999999999999 bad:timeout AB", "L1/icmp 100000000000000 bad:timeout BB",
        "L1/icmp 5 bad:timeout ///////////////B"})
    EXPECT_TRUE(refused(text)) << text;
  for (const char* late :
       {"L1/icmp 9223372036854775807  BA", "L1/icmp 100000000000000  BA", "L1/icmp 99999999999999  CA"})
    EXPECT_TRUE(refused(late)) << late;
  EXPECT_TRUE(refused("L1/icmp 5  " + std::string(300'000, 'A'))) << "longer than any of ours";
}

TEST(PackedSamples, WhateverIsPackedComesBack) {
  rc::check([] {
    kept_stretch all{"L1/icmp", {}};
    std::int64_t ms = 0;
    const int count = *rc::gen::inRange(1, 60);
    for (int k = 0; k < count; ++k) {
      ms += *rc::gen::inRange<std::int64_t>(0, 4'000'000);
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          all.samples.push_back(good(ms, *rc::gen::inRange<std::uint32_t>(0, 1U << 24U)));
          break;
        case 1:
          all.samples.push_back(bad(ms, *rc::gen::element(cause::timeout, cause::refused, cause::none)));
          break;
        default:
          all.samples.push_back(not_measured(ms, *rc::gen::element(cause::late, cause::own_uplink)));
      }
    }
    RC_ASSERT(unpack(pack({&all, 1})).value() == std::vector{all});
  });
}

}  // namespace
}  // namespace changtong
