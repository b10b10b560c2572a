// Which rule an alert follows, and at which hours.
#include "daemon/publish/alerts/delivery_rules.h"

#include "tests/publish/alerts/night.h"

namespace changtong::alerts {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

alert_record about(std::string targets, alert_subject subject = alert_subject::many) {
  alert_record r;
  r.subject = subject;
  r.targets = std::move(targets);
  return r;
}

/** By their place. */
std::size_t chosen(const std::vector<telling_rule>& rules, const alert_record& what, wall_t when) {
  alert_settings s;
  s.rules = rules;
  const telling_rule* r = rule_for(s, *district(), shanghai, what, when);
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (r == &s.rules[i]) return i;
  return rules.size();
}

TEST(DeliveryRules, TheFirstThatFitsDecidesBySubjectGradeCarrierCategoryAndCount) {
  telling_rule own, top, big, health, mobile, rest;
  own.subjects = {alert_subject::own};
  top.grades = {"AAA"};
  top.at_least = 3;
  big.at_least = 10;
  health.categories = {"health"};
  mobile.carriers = {"移动"};
  mobile.categories = {"village"};
  const std::vector<telling_rule> rules{own, top, big, health, mobile, rest};
  const wall_t when = at("03-14 02:10:00");
  EXPECT_EQ(chosen(rules, about("", alert_subject::own), when), 0u);
  EXPECT_EQ(chosen(rules, about("V0 V1 V2"), when), 1u) << "three of the top grade";
  EXPECT_EQ(chosen(rules, about("V0 V2 V8"), when), 5u) << "three, but of the top grade only two, none of 移动";
  EXPECT_EQ(chosen(rules, about("V10 V11 V12 V13 V14 V15 V16 V17 V18 V19"), when), 2u);
  EXPECT_EQ(chosen(rules, about("V8 V55"), when), 3u);
  EXPECT_EQ(chosen(rules, about("V11"), when), 4u);
  EXPECT_EQ(chosen(rules, about("gone"), when), 5u) << "a line that is no more fits no list";
}

TEST(DeliveryRules, HoursAreOfTheCivilDayAndANightBelongsToTheDayOnWhichItBegins) {
  const civil_hours day{.from = 510, .to = 1080, .days = 0x1F}, night_of_friday{.from = 1320, .to = 360, .days = 0x10};
  EXPECT_FALSE(within(day, shanghai, at("03-13 08:29:59")));  // a Friday
  EXPECT_TRUE(within(day, shanghai, at("03-13 08:30:00")));
  EXPECT_TRUE(within(day, shanghai, at("03-13 17:59:59")));
  EXPECT_FALSE(within(day, shanghai, at("03-13 18:00:00")));
  EXPECT_FALSE(within(day, shanghai, at("03-14 10:00:00")));
  EXPECT_FALSE(within(night_of_friday, shanghai, at("03-13 05:00:00")));
  EXPECT_TRUE(within(night_of_friday, shanghai, at("03-13 22:00:00")));
  EXPECT_TRUE(within(night_of_friday, shanghai, at("03-14 05:59:59")));
  EXPECT_FALSE(within(night_of_friday, shanghai, at("03-14 06:00:00")));
  EXPECT_FALSE(within(night_of_friday, shanghai, at("03-14 22:00:00")));
}

TEST(DeliveryRules, TheNextEdgeIsTheFirstBeginOrEndOfAnyHours) {
  telling_rule day, always;
  day.hours = civil_hours{.from = 510, .to = 1080, .days = 0x7F};
  EXPECT_EQ(next_edge({day, always}, shanghai, at("03-14 02:10:00")), at("03-14 08:30:00"));
  EXPECT_EQ(next_edge({day, always}, shanghai, at("03-14 08:30:00")), at("03-14 18:00:00"));
  EXPECT_EQ(next_edge({day, always}, shanghai, at("03-14 18:00:00")), at("03-15 08:30:00"));
  EXPECT_EQ(next_edge({always}, shanghai, at("03-14 18:00:00")), wall_max);
  EXPECT_EQ(next_minute(521, shanghai, at("03-14 08:41:00")), at("03-15 08:41:00"));
}

TEST(DeliveryRules, ADayOfTwentyThreeHoursHasItsHoursWhereTheClockShowsThem) {
  const civil_zone berlin = civil_zone::named("Europe/Berlin").value();
  const auto there = [&](const char* text) { return berlin.parse_instant(text).value(); };
  const civil_hours day{.from = 510, .to = 1080, .days = 0x7F};
  EXPECT_FALSE(within(day, berlin, there("2026-03-29 08:29")));
  EXPECT_TRUE(within(day, berlin, there("2026-03-29 08:30")));
  EXPECT_EQ(next_minute(510, berlin, there("2026-03-29 01:00")), there("2026-03-29 08:30"));
  EXPECT_GT(next_minute(150, berlin, there("2026-03-29 01:00")), there("2026-03-29 01:00")) << "02:30 is skipped";
}

TEST(DeliveryRules, AStepIsNamedByItsTimeAndReadBack) {
  for (const milliseconds after : {milliseconds{0}, milliseconds{90s}, milliseconds{15min}, milliseconds{72h}})
    EXPECT_EQ(step_named(step_name(after)), after);
  EXPECT_EQ(step_name(72h), "4320m");
  for (const char* bad : {"", "m", "15", "15h", "-1m", "15m ", "999999999999m"}) EXPECT_FALSE(step_named(bad)) << bad;
  EXPECT_EQ(chinese_duration(90s), "90 秒");
  EXPECT_EQ(chinese_duration(72h), "72 小时");
}

TEST(DeliveryRules, PeopleAndCarriersAreReachedTheirWays) {
  const directory all(staff(), {{"电信", "10000", "bx@example.cn"}});
  EXPECT_EQ(all.way("王工", channel_kind::sms), "13800000001");
  EXPECT_EQ(all.way("王工", channel_kind::wecom), "wang");
  EXPECT_EQ(all.way("赵工", channel_kind::voice), "");
  EXPECT_EQ(all.way("电信", channel_kind::mail), "bx@example.cn");
  EXPECT_EQ(all.way("电信", channel_kind::feishu), "");
  EXPECT_EQ(all.way("没有此人", channel_kind::sms), "");
}

}  // namespace
}  // namespace changtong::alerts
