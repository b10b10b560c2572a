// Nights as tables, written by hand from what is promised, before there was any code: who is told, when, by what.
#include "daemon/core/cause_words.h"
#include "tests/publish/alerts/night.h"

namespace changtong::alerts {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

constexpr channel_answer later_with(milliseconds pause, const char*) { return {channel_answer::end::later, pause, {}}; }

TEST(Nights, SomebodyAcknowledgesAtMinuteSeven) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1")
      .acknowledged("03-14 02:17:00", "A1", "王工", "已联系电信")
      .resolved("03-14 03:00:00", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:17:00 > wecom acknowledged A1 | 王工 02:17 已确认：已联系电信\n"
            "02:17:00 + told acknowledged A1 wecom\n"
            "03:00:00 > wecom resolved A1 @王工\n"
            "03:00:00 + told resolved A1 wecom 王工\n");
}

TEST(Nights, NobodyAcknowledges) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1").resolved("03-14 03:00:00", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:25:00 + escalated 15m A1 李工\n"
            "02:25:00 > wecom opened A1 @李工 | 15 分钟无人确认\n"
            "02:25:00 > sms opened A1 @李工 | 15 分钟无人确认\n"
            "02:25:00 + told escalated A1 wecom 李工\n"
            "02:25:00 + told escalated A1 sms 李工\n"
            "02:40:00 + escalated 30m A1 陈主任\n"
            "02:40:00 > voice opened A1 @陈主任 | 30 分钟无人确认\n"
            "02:40:00 + told escalated A1 voice 陈主任\n"
            "03:00:00 > wecom resolved A1 @王工、李工\n"
            "03:00:00 > sms resolved A1 @李工\n"
            "03:00:00 > voice resolved A1 @陈主任\n"
            "03:00:00 + told resolved A1 wecom 王工、李工\n"
            "03:00:00 + told resolved A1 sms 李工\n"
            "03:00:00 + told resolved A1 voice 陈主任\n");
}

TEST(Nights, AcknowledgedAfterTheFirstEscalationTheHeadSleeps) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1").acknowledged("03-14 02:30:00", "A1", "李工");
  const std::string log = n.until("03-14 06:00:00");
  EXPECT_EQ(log.find("陈主任"), std::string::npos) << log;
  EXPECT_NE(log.find("02:30:00 > wecom acknowledged A1 | 李工 02:30 已确认\n"), std::string::npos) << log;
  EXPECT_EQ(log.find("sms acknowledged"), std::string::npos) << log;
}

TEST(Nights, WhoWasRungForItHearsThatSomebodyElseTakesCareOfIt) {
  alert_settings settings = usual();
  settings.rules[0].steps = {step(0min, {"on_duty"}, {"mail"}), step(15min, {"next"}, {"sms"}),
                             step(20min, {"head"}, {"voice"})};
  night n{settings};
  n.opened("03-14 02:10:00", "A1", "V1")
      .acknowledged("03-14 02:32:00", "A1", "王工", "已联系电信")
      .resolved("03-14 03:00:00", "A1", "V1");
  const std::string log = n.until("03-14 06:00:00");
  EXPECT_NE(log.find("02:32:00 > sms acknowledged A1 @李工 | 王工 02:32 已确认：已联系电信\n"), std::string::npos)
      << log;
  EXPECT_EQ(log.find("mail acknowledged"), std::string::npos) << "he knows himself: " << log;
  EXPECT_EQ(log.find("voice acknowledged"), std::string::npos) << log;
}

TEST(Nights, WhoWasToldByMailHearsThatSomebodyElseTakesCareOfIt) {
  alert_settings settings = usual();
  settings.rules[0].steps = {step(0min, {"on_duty", "next"}, {"mail"})};
  night n{settings};
  n.opened("03-14 02:10:00", "A1", "V1").acknowledged("03-14 02:32:00", "A1", "李工");
  const std::string log = n.until("03-14 06:00:00");
  EXPECT_NE(log.find("02:32:00 > mail acknowledged A1 @王工 | 李工 02:32 已确认\n"), std::string::npos) << log;
}

TEST(Nights, AnotherCauseIsToldOnceToWhomTheFirstWasTold) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1");
  n.then("03-14 02:12:00", [&n](wall_t now) {
    alert_record r = opening(now, "A1", "V1");
    r.step = alert_step::grown;
    r.of = another_cause;
    n.journal.push_back(r);
    n.now_running->take(r, now);
    r.alert = "A9";
    n.now_running->take(r, now);  // it was over before this could be entered
  });
  n.resolved("03-14 02:40:00", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:12:00 > wecom grown A1 @王工\n"
            "02:12:00 + told grown A1 wecom 王工\n"
            "02:25:00 + escalated 15m A1 李工\n"
            "02:25:00 > wecom opened A1 @李工 | 15 分钟无人确认\n"
            "02:25:00 > sms opened A1 @李工 | 15 分钟无人确认\n"
            "02:25:00 + told escalated A1 wecom 李工\n"
            "02:25:00 + told escalated A1 sms 李工\n"
            "02:40:00 > wecom resolved A1 @王工、李工\n"
            "02:40:00 > sms resolved A1 @李工\n"
            "02:40:00 + told resolved A1 wecom 王工、李工\n"
            "02:40:00 + told resolved A1 sms 李工\n");
}

TEST(Nights, EndsBeforeAnybodyIsEscalatedTo) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1").resolved("03-14 02:14:00", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:14:00 > wecom resolved A1 @王工\n"
            "02:14:00 + told resolved A1 wecom 王工\n");
}

alert_settings in_working_hours() {
  alert_settings s = usual();
  telling_rule day = s.rules[0], silent;
  day.hours = civil_hours{.from = 8 * 60 + 30, .to = 18 * 60, .days = 0x1F};
  day.steps.resize(1);
  silent.severity = 3;
  s.rules = {day, silent};
  return s;
}

TEST(Nights, AnAlertOfWhichNobodyIsLeftEndsWithoutAWord) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1 V2").resolved("03-14 02:14:00", "A1", "");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n");
}

TEST(Nights, AWeekendWaitsForMonday) {  // 14 March 2026 is a Saturday
  night n(in_working_hours());
  n.opened("03-14 10:00:00", "A1", "V1").opened("03-15 10:00:00", "A2", "V2").resolved("03-15 12:00:00", "A2", "V2");
  n.opened("03-16 17:59:00", "A3", "V3").opened("03-16 18:00:00", "A4", "V4").resolved("03-17 09:00:00", "A4", "V4");
  EXPECT_EQ(n.until("03-17 20:00:00"),
            "08:30:00 > wecom opened A1 @赵工\n"
            "08:30:00 + told opened A1 wecom 赵工\n"
            "17:59:00 > wecom opened A3 @赵工\n"
            "17:59:00 + told opened A3 wecom 赵工\n"
            "08:30:00 > wecom opened A4 @王工\n"
            "08:30:00 + told opened A4 wecom 王工\n"
            "09:00:00 > wecom resolved A4 @王工\n"
            "09:00:00 + told resolved A4 wecom 王工\n");
}

TEST(Nights, AThrottledRobotTellsFortyAlertsInOneDigest) {
  alert_settings s = usual();
  s.rules[0].steps.resize(1);
  night n(s);
  n.answers["wecom"] = [](wall_t now) {
    return now < at("03-14 02:20:00") ? later_with(10min, "45009") : channel_answer{channel_answer::end::taken, {}, ""};
  };
  for (int i = 1; i <= 40; ++i)
    n.opened("03-14 02:10:" + std::string(i < 10 ? "0" : "") + std::to_string(i), "A" + std::to_string(i),
             "V" + std::to_string(i));
  std::string expected =
      "02:10:01 > wecom opened A1 @王工\n"
      "02:20:01 > wecom opened A1..A40 (40) @王工\n";
  for (int i = 1; i <= 40; ++i) expected += "02:20:01 + told opened A" + std::to_string(i) + " wecom 王工\n";
  EXPECT_EQ(n.until("03-14 06:00:00"), expected);
}

TEST(Nights, ThrottledForLongItGoesAnotherWayAtOnceAndSaysWhy) {
  alert_settings s = usual();
  s.channels[0].instead = "mail";
  s.rules[0].steps.resize(1);
  night n(s);
  n.answers["wecom"] = [](wall_t) { return channel_answer{channel_answer::end::later, 10min, "45009"}; };
  n.opened("03-14 02:10:00", "A1", "V1").opened("03-14 02:12:00", "A2", "V2").resolved("03-14 02:15:00", "A1", "V1");
  n.opened("03-14 02:30:00", "A3", "V3");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 > mail opened A1 @王工 | 渠道 wecom 自 02:10 起不通：45009\n"
            "02:10:00 + told opened A1 mail 王工\n"
            "02:12:00 > mail opened A2 @王工\n"
            "02:12:00 + told opened A2 mail 王工\n"
            "02:15:00 > mail resolved A1 @王工\n"
            "02:15:00 + told resolved A1 mail 王工\n"
            "02:30:00 > wecom opened A3 @王工\n"
            "02:30:00 > mail opened A3 @王工\n"
            "02:30:00 + told opened A3 mail 王工\n");
}

TEST(Nights, AChannelThatIsDownIsTriedThreeTimesThenItsInstead) {
  alert_settings s = usual();
  s.channels[0].instead = "mail";
  s.rules[0].steps.resize(1);
  night n(s);
  n.answers["wecom"] = [](wall_t) { return channel_answer{channel_answer::end::later, 0ms, "HTTP 500"}; };
  n.takes = 0ms;
  n.opened("03-14 02:10:00", "A1", "V1").resolved("03-14 02:30:00", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:05 > wecom opened A1 @王工\n"
            "02:10:20 > wecom opened A1 @王工\n"
            "02:10:20 > mail opened A1 @王工 | 渠道 wecom 自 02:10 起不通：HTTP 500\n"
            "02:10:20 + told opened A1 mail 王工\n"
            "02:30:00 > mail resolved A1 @王工\n"
            "02:30:00 + told resolved A1 mail 王工\n");
  const auto state = n.now_running->channels();
  EXPECT_EQ(state[0].id, "wecom");
  EXPECT_FALSE(state[0].well);
  EXPECT_EQ(state[0].since, at("03-14 02:10:00"));
  EXPECT_EQ(state[0].failed, 3u);
  EXPECT_EQ(state[1].told, 2u);
}

TEST(Nights, AWrongKeyIsNotTriedAgain) {
  alert_settings s = usual();
  s.rules[0].steps.resize(1);
  night m(s);
  m.answers["wecom"] = [](wall_t) { return channel_answer{channel_answer::end::refused, 0ms, "93000 invalid key"}; };
  m.opened("03-14 02:10:00", "A1", "V1").resolved("03-14 02:30:00", "A1", "V1");
  EXPECT_EQ(m.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + untold opened A1 wecom 王工 93000 invalid key\n");
}

TEST(Nights, WithoutAnotherWayItIsTriedForTwoHoursThenUntold) {
  alert_settings s = usual();
  s.rules[0].steps.resize(1);
  night n(s);
  n.takes = 0ms;
  n.answers["wecom"] = [](wall_t) { return channel_answer{channel_answer::end::later, 0ms, "timeout"}; };
  n.opened("03-14 02:10:00", "A1", "V1");
  EXPECT_FALSE(n.now_running->nobody_reachable());
  const std::string log = n.until("03-14 04:09:00");
  for (const char* when : {"02:10:00", "02:10:05", "02:10:20", "02:11:05", "02:13:20", "02:20:05", "02:30:05"})
    EXPECT_NE(log.find(std::string(when) + " > wecom opened A1 @王工\n"), std::string::npos) << when << "\n" << log;
  EXPECT_EQ(log.find("untold"), std::string::npos);
  EXPECT_TRUE(n.now_running->nobody_reachable());
  EXPECT_NE(n.until("03-14 06:00:00").find("04:10:00 + untold opened A1 wecom 王工 timeout\n"), std::string::npos);
}

TEST(Nights, DutyChangesAtMidnightAndTheAlertIsStillOpen) {
  night n;
  n.opened("03-14 23:50:00", "A1", "V1").resolved("03-15 00:30:00", "A1", "V1");
  EXPECT_EQ(n.until("03-15 06:00:00"),
            "23:50:00 > wecom opened A1 @王工\n"
            "23:50:00 + told opened A1 wecom 王工\n"
            "00:05:00 + escalated 15m A1 李工\n"  // on duty now, and was not told: before 赵工, who is next
            "00:05:00 > wecom opened A1 @李工 | 15 分钟无人确认\n"
            "00:05:00 > sms opened A1 @李工 | 15 分钟无人确认\n"
            "00:05:00 + told escalated A1 wecom 李工\n"
            "00:05:00 + told escalated A1 sms 李工\n"
            "00:20:00 + escalated 30m A1 陈主任\n"
            "00:20:00 > voice opened A1 @陈主任 | 30 分钟无人确认\n"
            "00:20:00 + told escalated A1 voice 陈主任\n"
            "00:30:00 > wecom resolved A1 @王工、李工\n"
            "00:30:00 > sms resolved A1 @李工\n"
            "00:30:00 > voice resolved A1 @陈主任\n"
            "00:30:00 + told resolved A1 wecom 王工、李工\n"
            "00:30:00 + told resolved A1 sms 李工\n"
            "00:30:00 + told resolved A1 voice 陈主任\n");
}

TEST(Nights, WhoHasNoTelephoneGetsMailInstead) {
  alert_settings s = usual();
  s.channels[2].instead = "mail";
  s.rules[0].steps = {step(0min, {"on_duty"}, {"sms"})};
  night n(s);
  n.opened("03-16 02:10:00", "A1", "V1").resolved("03-16 02:20:00", "A1", "V1");
  EXPECT_EQ(n.until("03-16 06:00:00"),
            "02:10:00 > mail opened A1 @赵工\n"
            "02:10:00 + told opened A1 mail 赵工\n"
            "02:20:00 > mail resolved A1 @赵工\n"
            "02:20:00 + told resolved A1 mail 赵工\n");
}

TEST(Nights, WhoHasNoTelephoneAndNothingElseIsUntoldAndThatIsAnAlarm) {
  alert_settings s = usual();
  s.rules[0].steps = {step(0min, {"on_duty"}, {"sms"})};
  night n(s);
  n.opened("03-16 02:10:00", "A1", "V1");
  EXPECT_EQ(n.until("03-16 06:00:00"), "02:10:00 + untold opened A1 sms 赵工 没有登记电话号码\n");
  EXPECT_TRUE(n.now_running->nobody_reachable());
  n.resolved("03-16 07:00:00", "A1", "V1");
  n.until("03-16 08:00:00");
  EXPECT_FALSE(n.now_running->nobody_reachable());
}

TEST(Nights, GrowthGoesWhereTheOpeningWentAndMayCallForMore) {
  alert_settings s = usual();
  telling_rule big = s.rules[0];
  big.at_least = 10;
  big.steps = {step(0min, {"on_duty"}, {"wecom", "sms"}), step(60min, {"head"}, {"voice"})};
  s.rules[0].steps.resize(1);
  s.rules.insert(s.rules.begin(), big);
  night n(s);
  n.opened("03-14 02:10:00", "A1", "V1 V2 V3", alert_subject::town)
      .grown("03-14 02:10:30", "A1", "V1 V2 V3 V4 V5 V6 V7 V8 V9 V10", alert_subject::town)
      .resolved("03-14 04:00:00", "A1", "V1 V2 V3 V4 V5 V6 V7 V8 V9 V10", alert_subject::town);
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:10:30 > wecom grown A1 @王工\n"
            "02:10:30 > sms grown A1 @王工\n"
            "02:10:30 + told grown A1 wecom 王工\n"
            "02:10:30 + told grown A1 sms 王工\n"
            "03:10:00 + escalated 60m A1 陈主任\n"
            "03:10:00 > voice opened A1 @陈主任 | 1 小时无人确认\n"
            "03:10:00 + told escalated A1 voice 陈主任\n"
            "04:00:00 > wecom resolved A1 @王工\n"
            "04:00:00 > sms resolved A1 @王工\n"
            "04:00:00 > voice resolved A1 @陈主任\n"
            "04:00:00 + told resolved A1 wecom 王工\n"
            "04:00:00 + told resolved A1 sms 王工\n"
            "04:00:00 + told resolved A1 voice 陈主任\n");
}

TEST(Nights, WhatGrewBeforeItCouldBeToldIsToldOnceAndWhole) {
  alert_settings s = usual();
  s.rules[0].steps.resize(1);
  night n(s);
  n.takes = 0ms;
  n.answers["wecom"] = [](wall_t now) {
    return channel_answer{now < at("03-14 02:10:05") ? channel_answer::end::later : channel_answer::end::taken, 0ms,
                          ""};
  };
  n.opened("03-14 02:10:00", "A1", "V1", alert_subject::town)
      .grown("03-14 02:10:02", "A1", "V1 V2", alert_subject::town);
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:05 > wecom opened A1 @王工\n"
            "02:10:05 + told opened A1 wecom 王工\n");
}

TEST(Nights, ShortMessagesHaveABudgetAPersonADay) {
  alert_settings s = usual();
  s.channels[2].a_day = 2;
  s.channels[2].instead = "mail";
  s.rules[0].steps = {step(0min, {"on_duty"}, {"sms"})};
  night n(s);
  for (int i = 1; i <= 3; ++i) n.opened("03-14 0" + std::to_string(i) + ":00:00", "A" + std::to_string(i), "V1");
  n.opened("03-17 01:00:01", "A4", "V4");  // 王工's next turn
  EXPECT_EQ(n.until("03-18 00:00:00"),
            "01:00:00 > sms opened A1 @王工\n"
            "01:00:00 + told opened A1 sms 王工\n"
            "02:00:00 > sms opened A2 @王工\n"
            "02:00:00 + told opened A2 sms 王工\n"
            "03:00:00 > mail opened A3 @王工\n"
            "03:00:00 + told opened A3 mail 王工\n"
            "01:00:01 > sms opened A4 @王工\n"
            "01:00:01 + told opened A4 sms 王工\n");
}

TEST(Nights, WhatWouldRingIsLeftOnceItIsOver) {
  alert_settings s = usual();
  s.rules[0].steps = {step(0min, {"on_duty"}, {"voice"})};
  night n(s);
  n.takes = 0ms;
  n.answers["voice"] = [](wall_t) { return channel_answer{channel_answer::end::later, 0ms, "busy"}; };
  n.opened("03-14 02:10:00", "A1", "V1").resolved("03-14 02:10:10", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > voice opened A1 @王工\n"
            "02:10:05 > voice opened A1 @王工\n"
            "02:10:10 + untold opened A1 voice 王工 已恢复，不再告知\n");
}

TEST(Nights, OurOwnFaultHasItsOwnKindAndFollowsTheSameSteps) {
  night n;
  n.opened("03-14 02:10:00", "A1", "", alert_subject::own).resolved("03-14 02:12:00", "A1", "", alert_subject::own);
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom own A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:12:00 > wecom own A1 @王工\n"
            "02:12:00 + told resolved A1 wecom 王工\n");
}

TEST(Nights, TheDigestOfTheDayComesAtItsMinuteAndSaysWhatIsOpenAndWhatWas) {
  alert_settings s = usual();
  s.rules[0].steps.resize(1);
  s.digest = 8 * 60 + 41;
  s.digest_by = {"mail"};
  s.channels[1].to = {"office@example.cn"};
  night n(s);
  n.opened("03-14 02:10:00", "A1", "V1").resolved("03-14 03:00:00", "A1", "V1").opened("03-14 04:00:00", "A2", "V2");
  n.until("03-14 05:00:00");
  n.log.clear();
  EXPECT_EQ(n.until("03-15 09:00:00"),
            "08:41:00 > mail opened daily A1:resolved A2:opened\n"
            "08:41:00 + told digest A20260314-0000 mail\n"
            "08:41:00 > mail opened daily A2\n"
            "08:41:00 + told digest A20260315-0000 mail\n");
}

TEST(Nights, AStormOfOneMomentIsOneMessage) {
  alert_settings s = usual();
  s.rules[0].steps.resize(1);
  night n(s);
  for (int i = 1; i <= 40; ++i) n.opened("03-14 02:10:00", "A" + std::to_string(i), "V" + std::to_string(i));
  for (int i = 1; i <= 40; ++i) n.resolved("03-14 02:20:00", "A" + std::to_string(i), "V" + std::to_string(i));
  std::string log = n.until("03-14 06:00:00"), sent;
  for (std::size_t from = 0, to; (to = log.find('\n', from)) != log.npos; from = to + 1)
    if (log.find(" > ", from) < to) sent += log.substr(from, to + 1 - from);
  EXPECT_EQ(sent,
            "02:10:00 > wecom opened A1..A40 (40) @王工\n"
            "02:20:00 > wecom resolved A1..A40 (40) @王工\n");
  EXPECT_EQ(n.journal.size(), 160u);
}

TEST(Nights, ProgramsGetEachAlertByItselfForTheyMatchThemById) {
  alert_settings s = usual();
  s.channels.push_back(channel("am", channel_kind::alertmanager, 600, 2));
  s.rules[0].steps = {step(0min, {}, {"am"})};
  night n(s);
  n.takes = 0ms;
  for (int i = 1; i <= 4; ++i) n.opened("03-14 02:10:00", "A" + std::to_string(i), "V" + std::to_string(i));
  EXPECT_EQ(n.until("03-14 02:11:00"),
            "02:10:00 > am opened A1\n02:10:00 + told opened A1 am\n"
            "02:10:00 > am opened A2\n02:10:00 + told opened A2 am\n"
            "02:10:00 > am opened A3\n02:10:00 + told opened A3 am\n"
            "02:10:00 > am opened A4\n02:10:00 + told opened A4 am\n");
}

TEST(Nights, TheCarrierIsToldWhereItTakesReports) {
  alert_settings s = usual();
  s.carriers = {{"电信", "10000", ""}, {"移动", "", "bx@example.cn"}};
  s.rules[0].steps = {step(0min, {"on_duty"}, {"wecom"}), step(120min, {"carrier"}, {"sms", "mail"})};
  night n(s);
  n.opened("03-14 02:10:00", "A1", "V2");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "04:10:00 + escalated 120m A1 电信\n"
            "04:10:00 + untold escalated A1 mail 电信 没有登记邮件地址\n"
            "04:10:00 > sms opened A1 @电信 | 2 小时无人确认\n"
            "04:10:00 + told escalated A1 sms 电信\n");
}

}  // namespace
}  // namespace changtong::alerts
