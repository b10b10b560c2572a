#include "daemon/core/civil.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace changtong {
namespace {

using unit = civil_zone::unit;
using namespace std::chrono_literals;

civil_zone zone(std::string_view name) { return civil_zone::named(name).value(); }

wall_t instant(std::string_view iso) { return zone("UTC").parse(iso).value().from; }

TEST(Civil, AShanghaiDayBeginsAtFourInTheAfternoonOfUtcTheDayBefore) {
  const period day = zone("Asia/Shanghai").around(instant("2026-03-14T09:26:53+08:00"), unit::day);
  EXPECT_EQ(day.from, instant("2026-03-13T16:00:00Z"));
  EXPECT_EQ(day.to, instant("2026-03-14T16:00:00Z"));
}

TEST(Civil, MidnightBelongsToTheDayThatItBegins) {
  const civil_zone shanghai = zone("Asia/Shanghai");
  const wall_t midnight = instant("2026-03-14T00:00:00+08:00");
  EXPECT_EQ(shanghai.around(midnight, unit::day).from, midnight);
  EXPECT_EQ(shanghai.around(midnight - 1ms, unit::day).to, midnight);
  EXPECT_EQ(shanghai.key(midnight, unit::day), "2026-03-14");
  EXPECT_EQ(shanghai.key(midnight - 1ms, unit::day), "2026-03-13");
}

TEST(Civil, ALeapYearHasItsDay) {
  const civil_zone shanghai = zone("Asia/Shanghai");
  EXPECT_EQ(shanghai.parse("2024-02").value().length(), 29 * 24h);
  EXPECT_EQ(shanghai.parse("2026-02").value().length(), 28 * 24h);
  EXPECT_EQ(shanghai.parse("2024").value().length(), 366 * 24h);
  EXPECT_EQ(shanghai.parse("2026").value().length(), 365 * 24h);
  EXPECT_EQ(shanghai.parse("2100").value().length(), 365 * 24h);
  EXPECT_FALSE(shanghai.parse("2026-02-29"));
  EXPECT_TRUE(shanghai.parse("2024-02-29"));
}

TEST(Civil, BerlinHasADayOf23AndADayOf25Hours) {
  const civil_zone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.parse("2026-03-29").value().length(), 23h);
  EXPECT_EQ(berlin.parse("2026-10-25").value().length(), 25h);
  EXPECT_EQ(berlin.parse("2026-10-26").value().length(), 24h);
  EXPECT_EQ(berlin.parse("2026-03").value().length(), 31 * 24h - 1h);
}

TEST(Civil, ChineseSummerTimeOf1986To1991IsKnown) {
  const civil_zone shanghai = zone("Asia/Shanghai");
  EXPECT_EQ(shanghai.parse("1986-05-04").value().length(), 23h);
  EXPECT_EQ(shanghai.parse("1986-09-14").value().length(), 25h);
  EXPECT_EQ(shanghai.parse("1991-09-15").value().length(), 25h);
  EXPECT_EQ(shanghai.format(instant("1988-07-01T00:00:00Z")), "1988-07-01T09:00:00.000+09:00");
  EXPECT_EQ(shanghai.parse("1992-04-12").value().length(), 24h);
}

TEST(Civil, ADayWithoutMidnightBeginsAtItsFirstInstant) {
  const period day = zone("America/Sao_Paulo").parse("2017-10-15").value();
  EXPECT_EQ(day.from, instant("2017-10-15T03:00:00Z"));
  EXPECT_EQ(day.length(), 23h);
}

TEST(Civil, SplitCutsAtCivilEdgesAndLosesNothing) {
  const civil_zone shanghai = zone("Asia/Shanghai");
  const period p{instant("2026-02-27T22:30:00+08:00"), instant("2026-03-02T01:00:00+08:00")};
  const std::vector<period> days = shanghai.split(p, unit::day);
  ASSERT_EQ(days.size(), 4U);
  EXPECT_EQ(days[0].length(), 90min);
  EXPECT_EQ(days[1].length(), 24h);
  EXPECT_EQ(days[3].length(), 1h);
  const std::vector<period> months = shanghai.split(p, unit::month);
  ASSERT_EQ(months.size(), 2U);
  EXPECT_EQ(shanghai.key(months[1].from, unit::month), "2026-03");
  EXPECT_TRUE(shanghai.split({p.from, p.from}, unit::day).empty());
  EXPECT_TRUE(shanghai.split({p.to, p.from}, unit::day).empty());
}

RC_GTEST_PROP(Civil, PiecesOfASplitTouchAndAddUp, ()) {
  const civil_zone z = zone(*rc::gen::element<std::string>("Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo"));
  const wall_t from = wall_from_ms(*rc::gen::inRange<std::int64_t>(0, 4102444800000));
  const period p{from, from + milliseconds{*rc::gen::inRange<std::int64_t>(0, 90LL * 86400000)}};
  const unit u = *rc::gen::element(unit::day, unit::month, unit::year);
  wall_t at = p.from;
  for (const period& piece : z.split(p, u)) {
    RC_ASSERT(piece.from == at);
    RC_ASSERT(piece.from < piece.to);
    RC_ASSERT(z.around(piece.from, u).holds(piece.to - 1ms));
    at = piece.to;
  }
  RC_ASSERT(at == (p.empty() ? p.from : p.to));
}

RC_GTEST_PROP(Civil, WhatIsFormattedReadsBackAsTheSameInstant, ()) {
  const civil_zone z = zone(*rc::gen::element<std::string>("Asia/Shanghai", "Europe/Berlin", "UTC"));
  const wall_t at = wall_from_ms(*rc::gen::inRange<std::int64_t>(0, 4102444800000));
  const period back = z.parse(z.format(at)).value();
  RC_ASSERT(back.from == at);
  RC_ASSERT(back.empty());
}

TEST(Civil, AnInstantMayLeaveOutSecondsAndHaveAnyOffset) {
  const civil_zone shanghai = zone("Asia/Shanghai");
  const wall_t at = instant("2026-03-14T01:26:00Z");
  for (const char* text : {"2026-03-14T09:26+08:00", "2026-03-14T09:26:00+0800", "2026-03-14 09:26:00.000+08:00",
                           "2026-03-14T01:26z", "2026-03-13T20:26:00-05:00", "2026-03-14T09:26:00,0009+08:00"}) {
    const auto p = shanghai.parse(text);
    ASSERT_TRUE(p) << text;
    EXPECT_EQ(p->from, at) << text;
    EXPECT_EQ(p->to, at) << text;
  }
  EXPECT_EQ(shanghai.parse("2026-03-14T09:26:53.5+08:00")->from, instant("2026-03-14T01:26:53.500Z"));
}

TEST(Civil, WhatIsNoInstantIsRefusedWithASentence) {
  const civil_zone shanghai = zone("Asia/Shanghai");
  for (const char* text :
       {"", "26", "2026-3", "2026-13", "2026-00", "2026-04-31", "2026-03-14T09:26:53", "2026-03-14T24:00:00Z",
        "2026-03-14T09:60:00Z", "2026-03-14T09:26:60Z", "2026-03-14T09:26:00+24:00", "2026-03-14T09:26:00+08:60",
        "yesterday", "2026-03-14 ", " 2026", "2026-03-14T09:26:00 +08:00", "1969", "20260314", "2026-03-14T09Z"}) {
    const auto p = shanghai.parse(text);
    ASSERT_FALSE(p) << text;
    EXPECT_NE(p.error().text_en.find("is no instant: write 2026"), std::string::npos);
  }
}

TEST(Civil, PeopleEnterInstantsInTheZone) {
  const civil_zone shanghai = zone("Asia/Shanghai");
  for (const char* text : {"2026-03-14 22:30", "2026-03-14T22:30", "2026-03-14 22:30:00", "2026-03-14T22:30:00+08:00",
                           "2026-03-14T14:30:00Z"})
    EXPECT_EQ(shanghai.parse_instant(text).value(), instant("2026-03-14T22:30:00+08:00")) << text;
  for (const char* text : {"", "2026-03-14", "2026", "2026-03", "2026-03-14 24:00", "2026-03-14 22", "2026-02-29 10:00",
                           "22:30", "2026-03-14 22:30 ", "2026-03-14 22:60"})
    EXPECT_FALSE(shanghai.parse_instant(text)) << text;
}

TEST(Civil, ATimeThatTheClocksSkipOrRepeatIsNotGuessed) {
  const civil_zone berlin = zone("Europe/Berlin");
  for (const char* text : {"2026-03-29 02:30", "2026-10-25 02:30"}) {
    const auto t = berlin.parse_instant(text);
    ASSERT_FALSE(t) << text;
    EXPECT_NE(t.error().text_en.find("add the offset"), std::string::npos);
  }
  EXPECT_TRUE(berlin.parse_instant("2026-03-29 03:30"));
}

TEST(Civil, AVeryLongTextIsRefusedWithoutRepeatingIt) {
  const auto p = zone("Asia/Shanghai").parse(std::string(10'000, '9'));
  ASSERT_FALSE(p);
  EXPECT_LT(p.error().text_en.size(), 200U);
}

TEST(Civil, AnUnknownZoneIsRefusedByName) {
  for (const char* name : {"", "Asia/Changtong", "asia shanghai", "../../etc/passwd"}) {
    const auto z = civil_zone::named(name);
    ASSERT_FALSE(z) << name;
    EXPECT_NE(z.error().text_en.find("IANA"), std::string::npos);
  }
  EXPECT_EQ(zone("Asia/Shanghai").name(), "Asia/Shanghai");
}

TEST(Civil, ShortTimesDropTheMillisecondsNeverRound) {
  EXPECT_EQ(zone("Asia/Shanghai").format_short(instant("2026-03-14T09:26:53.999+08:00")), "2026-03-14 09:26:53");
}

TEST(Period, IsHalfOpen) {
  const period p{wall_from_ms(10), wall_from_ms(20)};
  EXPECT_TRUE(p.holds(wall_from_ms(10)));
  EXPECT_FALSE(p.holds(wall_from_ms(20)));
  EXPECT_EQ(p.length(), 10ms);
  EXPECT_TRUE(intersect(p, {wall_from_ms(20), wall_from_ms(30)}).empty());
  EXPECT_EQ(intersect(p, {wall_from_ms(30), wall_from_ms(40)}).length(), 0ms);
}

}  // namespace
}  // namespace changtong
