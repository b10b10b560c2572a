// The key `alerts`: defaults, hours, and what a person should know about what they wrote.
#include "daemon/settings/alerts.h"

#include <gmock/gmock.h>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

const std::string people =
    "api: { people: [ { name: 王工, token: \"${API_TOKEN}\", may: [approve, duty], phone: \"13800000001\" } ] }\n";

std::string warnings(const std::string& yaml) {
  const loaded l = good(with(yaml));
  std::string out;
  for (const problem& p : l.warnings) {
    out += english(p) + "\n";
    EXPECT_EQ(missing_in_chinese(p), "");
  }
  return out;
}

std::string channel(const std::string& rest) {
  return people + "alerts:\n  channels: { group: { kind: wecom, url: \"https://robot.example/\" }, " + rest + " }\n";
}

TEST(Alerts, WithoutABlockNobodyIsToldByUs) {
  const settings s = good(with(people)).value;
  EXPECT_TRUE(s.alerts.channels.empty());
  EXPECT_TRUE(s.alerts.rules.empty());
}

TEST(Alerts, TheRatesOfTheRobotsOperatorsAreTheDefaultsBurstIncluded) {
  const settings s =
      good(
          with("alerts:\n  channels:\n    a: { kind: wecom, url: \"https://a.example/\" }\n    b: { kind: dingtalk, "
               "url: "
               "\"https://b.example/\", key: k }\n    c: { kind: feishu, url: \"https://c.example/\" }\n    d: { kind: "
               "sms, url: \"https://d.example/\", body: \"m=${phone}&c=${title}\" }\n"))
          .value;
  const auto& all = s.alerts.channels;
  ASSERT_EQ(all.size(), 4u);
  EXPECT_LE(all[0].per_minute + all[0].burst, 20);
  EXPECT_LE(all[1].per_minute + all[1].burst, 20);
  EXPECT_LE(all[2].per_minute + all[2].burst, 100);
  EXPECT_LE(all[2].burst + (all[2].per_minute + 59) / 60, 5) << "5 a second";
  EXPECT_EQ(all[3].severity, 1);
  EXPECT_EQ(all[3].a_day, 50);
  EXPECT_EQ(all[3].content_type, "application/x-www-form-urlencoded");
  ASSERT_EQ(s.alerts.rules.size(), 1u) << "the built-in rule";
  EXPECT_EQ(s.alerts.rules[0].steps[0].by, (std::vector<std::string>{"a", "b", "c"})) << "what rings needs a rule";
}

TEST(Alerts, HoursAreReadAsPeopleWriteThem) {
  using reading::hours_text;
  using reading::parse_hours;
  EXPECT_EQ(parse_hours("08:30-18:00"), (civil_hours{.from = 510, .to = 1080, .days = 0x7F}));
  EXPECT_EQ(parse_hours("18:00-08:30"), (civil_hours{.from = 1080, .to = 510, .days = 0x7F}));
  EXPECT_EQ(parse_hours("weekdays 08:30-18:00"), (civil_hours{.from = 510, .to = 1080, .days = 0x1F}));
  EXPECT_EQ(parse_hours("周一至周五 08:30-18:00"), parse_hours("mon-fri 08:30-18:00"));
  EXPECT_EQ(parse_hours("周末"), (civil_hours{.from = 0, .to = 1440, .days = 0x60}));
  EXPECT_EQ(parse_hours("mon,wed 00:00-24:00"), (civil_hours{.from = 0, .to = 1440, .days = 0x05}));
  for (const char* bad : {"", "08:30", "8-18", "08:30-08:30", "25:00-26:00", "fri-mon 08:00-09:00",
                          "monday 08:00-09:00", "08:30-18:00 weekdays", "24:00-08:00", "mon, 08:60-09:00"})
    EXPECT_FALSE(parse_hours(bad)) << bad;
  for (const char* text : {"08:30-18:00", "weekdays 08:30-18:00", "weekend 00:00-24:00", "mon,wed 00:00-24:00"})
    EXPECT_EQ(hours_text(parse_hours(text).value()), text);
}

TEST(Alerts, WhatWouldReachNobodyIsAWarning) {
  EXPECT_NE(warnings(channel("sms: { kind: sms, url: \"https://s.example/\", body: \"m=${phone}&c=${text}\" }"))
                .find("channel sms is used by no step"),
            std::string::npos);
  EXPECT_NE(warnings("alerts: { channels: { post: { kind: mail, url: \"smtp://m.example:25\", from: a@b.cn } } }\n")
                .find("channel post needs a mail address, and none of those whom this step tells has one"),
            std::string::npos);
  const std::string group = channel("g2: { kind: wecom, url: \"https://r.example/\", severity: 1 }");
  EXPECT_NE(warnings(group + "  rules: [ { subjects: [own], steps: [ { by: [group, g2] } ] } ]\n")
                .find("no rule fits every alert"),
            std::string::npos);
  EXPECT_NE(warnings(group + "  rules: [ { steps: [ { by: [group, g2] } ] } ]\n")
                .find("channel g2 carries severity 1 and more urgent ones, this rule has 2"),
            std::string::npos);
  EXPECT_NE(warnings(group + "  rules: [ { steps: [] }, { steps: [ { by: [group] } ] } ]\n")
                .find("a rule above fits every alert"),
            std::string::npos);
  EXPECT_NE(warnings(group + "  rules: [ { grades: [AAA], steps: [ { by: [group] } ] } ]\n")
                .find("no line or site has the grade 'AAA'"),
            std::string::npos);
  EXPECT_NE(warnings("alerts:\n").find("so nobody is told"), std::string::npos) << "all of it commented out";
  EXPECT_NE(warnings(group + "  digest: { at: \"09:00\", by: [group] }\n").find("at the full and the half hour"),
            std::string::npos);
  EXPECT_NE(warnings("alerts: { channels: { g: { kind: wecom, url: \"http://qyapi.example/\", per_minute: 20 } } }\n")
                .find("the robot's key crosses the network in clear text"),
            std::string::npos);
  EXPECT_NE(warnings("alerts: { channels: { g: { kind: dingtalk, url: \"https://d.example/\", per_minute: 20 } } }\n")
                .find("up to 23 messages may go within a minute, the operator takes 20"),
            std::string::npos);
}

TEST(Alerts, WhoTakesTurnsAndCannotBeReachedIsAWarning) {
  const std::string two =
      "api:\n  people:\n    - { name: 王工, token: \"${API_TOKEN}\", may: [acknowledge], phone: \"13800000001\" }\n"
      "    - { name: 李工, token: li-token-0123456789, may: [duty] }\n";
  const auto said = [&](const std::string& rest) {
    return warnings(two +
                    "alerts:\n  channels:\n    sms: { kind: sms, url: \"https://s.example/\", body: "
                    "\"m=${phone}&c=${text}\" }\n    group: { kind: wecom, url: \"https://robot.example/\" }\n" +
                    rest);
  };
  const std::string rule = "  rules: [ { severity: 1, steps: [ { tell: [on_duty], by: [sms";
  const std::string text = said("  staff: [王工, 李工]\n" + rule + "] }, { after: 1h, by: [group] } ] } ]\n");
  EXPECT_NE(text.find("on the roster: 李工 cannot be reached"), std::string::npos) << text;
  EXPECT_EQ(text.find("王工 cannot"), std::string::npos) << text;
  EXPECT_EQ(said("  staff: [王工, 李工]\n" + rule + ", group] } ] } ]\n").find("cannot be reached"), std::string::npos)
      << "who reads the group is reached";
  EXPECT_NE(
      said("  head: 李工\n  rules: [ { severity: 1, steps: [ { by: [group] }, { after: 1h, tell: [head], by: [sms] } "
           "] } ]\n")
          .find("the head: 李工 cannot be reached"),
      std::string::npos);
}

TEST(Alerts, EscalationThatNobodyMayStopIsAWarning) {
  const std::string yaml = channel("hook: { kind: webhook, url: \"https://h.example/\" }") +
                           "  rules: [ { steps: [ { by: [group] }, { after: 15m, by: [hook] } ] } ]\n";
  EXPECT_NE(warnings(yaml).find("nobody among api.people may acknowledge"), std::string::npos);
  std::string may = yaml;
  may.replace(may.find("may: ["), 6, "may: [acknowledge, ");
  EXPECT_EQ(warnings(may), "");
}

TEST(Alerts, WhatIsRightIsNoWarning) {
  EXPECT_EQ(warnings("alerts: { channels: { g: { kind: wecom, url: \"https://robot.example/\" } } }\n"), "");
  EXPECT_EQ(warnings("alerts: { channels: { g: { kind: wecom, url: \"http://127.0.0.1:9/\" } } }\n"), "");
}

TEST(Alerts, NoAddressNoKeyAndNoNumberIsShown) {
  world w = with(channel("hook: { kind: webhook, url: \"https://h.example/s3cret\", key: s3cret-key, headers: { A: "
                         "s3cret-header } }") +
                 "  rules: [ { steps: [ { tell: [王工], by: [group, hook] } ] } ]\n");
  const loaded before = good(w);
  std::string shown = describe(before) + policy_json(before.value);
  w.files["c.yaml"].replace(w.files["c.yaml"].find("s3cret-key"), 10, "s3cret-new");
  w.files["c.yaml"].replace(w.files["c.yaml"].find("13800000001"), 11, "13900000001");
  const auto changes = compare(before.value, good(w).value);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].text.en, "api.people.王工: how they are reached changed");
  EXPECT_EQ(changes[1].text.en, "alerts.channels.hook changed");
  for (const change& c : changes) shown += to_string(c.text);
  for (const char* secret : {"s3cret", "13800000001", "13900000001"})
    EXPECT_EQ(shown.find(secret), std::string::npos) << shown;
  EXPECT_NE(shown.find("alert rule 1 (all, severity 2): 0s 王工 > group,hook"), std::string::npos) << shown;
}

TEST(Alerts, MistakesOfAChannelNeverQuoteIt) {
  for (const char* bad : {"url: \"s3cret.example\"", "url: \"https://s3cret:x@h.example/\"", "url: \"${s3cret\"",
                          "url: \"https://h.example/\", s3cret-key: 1"})
    EXPECT_EQ(told(with("alerts: { channels: { g: { kind: wecom, " + std::string(bad) + " } } }\n")).find("s3cret"),
              std::string::npos)
        << bad;
}

const quality_limit* first(const alert_settings& a, quality q) {
  const auto at = std::ranges::find(a.limits, q, &quality_limit::of);
  return at == a.limits.end() ? nullptr : &*at;
}

TEST(Limits, OnlyNumbersThatSomebodyAnswersForAreBuiltIn) {
  const alert_settings a =
      good(with("alerts: { channels: { hook: { kind: webhook, url: \"http://127.0.0.1:9/\" } } }\n")).value.alerts;
  for (const quality q : {quality::receive_power, quality::use, quality::processor, quality::temperature})
    EXPECT_EQ(first(a, q), nullptr) << row_of(q).key;
  ASSERT_NE(first(a, quality::loss), nullptr);
  EXPECT_DOUBLE_EQ(first(a, quality::loss)->at, 0.05);
  ASSERT_NE(first(a, quality::data), nullptr);
  EXPECT_EQ(first(a, quality::data)->holds, 10min);
  for (const quality_limit& l : a.limits)
    if (row_of(l.of).unit != quality_unit::state) EXPECT_NE(l.source, "") << row_of(l.of).key;
}

TEST(Limits, WhatIsWrittenComesFirst) {
  const alert_settings a =
      good(with("degrade: { rtt: 200ms, loss_ratio: 10% }\nalerts:\n  channels: { hook: { kind: webhook, url: "
                "\"http://127.0.0.1:9/\" } }\n  limits:\n    - { of: delay, at: 50ms, holds: 2m, away: 10m, "
                "categories: [village], source: 合同第 4 条 }\n    - { of: receive_power, at: -27, source: 光模块手册 "
                "}\n    - { of: check, at: off }\n"))
          .value.alerts;
  ASSERT_GE(a.limits.size(), 5U);
  const quality_limit& delay = a.limits[0];
  EXPECT_EQ(delay.at, 50);
  EXPECT_EQ(delay.clear, 40) << "back behind four fifths of it";
  EXPECT_EQ(delay.holds, 2min);
  EXPECT_EQ(delay.away, 10min);
  EXPECT_EQ(delay.categories, (std::vector<std::string>{"village"}));
  EXPECT_EQ(delay.source, "合同第 4 条");
  EXPECT_EQ(a.limits[1].clear, -26) << "of light a decibel";
  EXPECT_TRUE(a.limits[2].off);
  EXPECT_DOUBLE_EQ(first(a, quality::loss)->at, 0.1) << "as degrade says";
  const auto all_delays = std::ranges::count(a.limits, quality::delay, &quality_limit::of);
  EXPECT_EQ(all_delays, 2) << "whom the written one does not fit has that of degrade";
}

TEST(Limits, WithoutASourceIsAWarning) {
  EXPECT_THAT(warnings("alerts:\n  channels: { hook: { kind: webhook, url: \"http://127.0.0.1:9/\" } }\n  limits: [ { "
                       "of: jitter, at: 30ms } ]\n"),
              testing::HasSubstr("the limit of jitter has no source"));
}

}  // namespace
}  // namespace changtong
