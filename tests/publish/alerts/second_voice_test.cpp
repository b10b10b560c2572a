// What the second node of a pair tells, and what it leaves to the first.
#include "daemon/publish/alerts/second_voice.h"

#include <gmock/gmock.h>

namespace changtong::alerts {
namespace {

constexpr std::int64_t noon_ms = 1'773'460'800'000;
wall_t at(double s) { return wall_from_ms(noon_ms + static_cast<std::int64_t>(s * 1000)); }

alert_record step(alert_step what, std::string alert, std::string targets, double began) {
  alert_record r;
  r.step = what;
  r.alert = std::move(alert);
  r.targets = std::move(targets);
  r.began = at(began);
  r.at = at(began + 2);
  return r;
}

alert_record told(std::string alert, std::string of, double began, std::string person = "王工",
                  std::string channel = "sms") {
  alert_record r = step(alert_step::told, std::move(alert), {}, began);
  r.of = std::move(of);
  r.person = std::move(person);
  r.channel = std::move(channel);
  return r;
}

sending about(std::string targets, double began, message_kind kind = message_kind::opened) {
  return {.number = 7,
          .channel = "sms",
          .about = {step(kind == message_kind::resolved ? alert_step::resolved : alert_step::opened, "A20260314-0001",
                         std::move(targets), began)},
          .kind = kind,
          .of = std::string(kind == message_kind::resolved ? "resolved"
                            : kind == message_kind::grown  ? "grown"
                                                           : "opened"),
          .people = {"王工"},
          .phones = {},
          .mails = {},
          .ids = {},
          .note = {}};
}

struct SecondVoice : testing::Test {
  second_voice voice;
  /** "wait", "there" or "send", when looked at so long after it was ordered. */
  std::string said(const sending& s, double later, const first_word& first) {
    voice = {};
    voice.hold(s, at(100));
    const auto d = voice.due(at(100 + later), first);
    return !d.send.empty() ? "send" : !d.told_there.empty() ? "there" : voice.waits() ? "wait" : "lost";
  }
};

TEST_F(SecondVoice, WaitsTenSecondsForTheFirstOneToTellIt) {
  const first_word silent_so_far{.heard = true, .there = {}, .acknowledged = {}};
  EXPECT_EQ(said(about("L1", 98), 0, silent_so_far), "wait");
  EXPECT_EQ(said(about("L1", 98), 9.9, silent_so_far), "wait");
  EXPECT_EQ(said(about("L1", 98), 10, silent_so_far), "send") << "it never told: rather we than nobody";
}

TEST_F(SecondVoice, SpeaksAtOnceWhereTheFirstIsNotHeardOf) {
  EXPECT_EQ(said(about("L1", 98), 0, {.heard = false, .there = {}, .acknowledged = {}}), "send");
  EXPECT_EQ(said(about("L1", 98), -5, {.heard = true, .there = {}, .acknowledged = {}}), "send")
      << "a clock that was set back waits for nobody";
}

TEST_F(SecondVoice, WhatTheFirstHasToldIsNotToldAgain) {
  const first_word first{
      .heard = true,
      .there = {step(alert_step::opened, "A20260314-0009", "L1 L2", 99.5), told("A20260314-0009", "opened", 99.5)}};
  EXPECT_EQ(said(about("L1", 98), 1, first), "there") << "whatever the alert is called there";
  EXPECT_EQ(said(about("L2 L3", 98), 1, first), "there") << "some of its lines";
  EXPECT_EQ(said(about("L3", 98), 1, first), "wait") << "another line";
  EXPECT_EQ(said(about("L1", 30), 1, first), "send") << "another outage of the line, and older than its patience";
  EXPECT_EQ(said(about("L1", 98, message_kind::resolved), 1, first), "wait") << "its end was not told yet";
  EXPECT_EQ(said(about("L1", 98), 1, {.heard = false, .there = first.there}), "there") << "also by one that died since";
}

TEST_F(SecondVoice, ToldMeansThatPersonByThatChannel) {
  const auto first = [](alert_record r) {
    return first_word{.heard = true, .there = {step(alert_step::opened, "A20260314-0009", "L1", 98), std::move(r)}};
  };
  EXPECT_EQ(said(about("L1", 98), 1, first(told("A20260314-0009", "opened", 98, "李工"))), "wait");
  EXPECT_EQ(said(about("L1", 98), 1, first(told("A20260314-0009", "opened", 98, "王工", "mail"))), "wait");
  alert_record failed = told("A20260314-0009", "opened", 98);
  failed.step = alert_step::untold;
  EXPECT_EQ(said(about("L1", 98), 1, first(failed)), "wait") << "its channel did not take it";
  EXPECT_EQ(said(about("L1", 98), 1, first(told("A20260314-0009", "escalated", 98))), "there");
  EXPECT_EQ(said(about("L1", 98), 1, first(told("A20260314-0009", "grown", 98))), "there");
}

TEST_F(SecondVoice, WhatWasOpenedThereSaysNothingOfHowItWentOn) {
  const first_word first{
      .heard = false,
      .there = {step(alert_step::opened, "A20260314-0009", "L1", 98), told("A20260314-0009", "opened", 98)},
      .acknowledged = {}};
  EXPECT_EQ(said(about("L1", 98), 1, first), "there");
  EXPECT_EQ(said(about("L1 L2", 98, message_kind::grown), 1, first), "send") << "the first died before it grew";
  sending escalated = about("L1", 98);
  escalated.of = "escalated";
  EXPECT_EQ(said(escalated, 1, first), "send") << "nobody took care of it, and the first cannot say so any more";
  first_word taken = first;
  taken.acknowledged = {"A20260314-0009"};
  EXPECT_EQ(said(escalated, 1, taken), "there") << "somebody takes care of it there";
}

TEST_F(SecondVoice, NumbersThatAreNobodysAreNotGuessedAbout) {
  sending s = about("L1", 98);
  s.people.clear();
  s.phones = {"13800000001"};
  const first_word first{
      .heard = true,
      .there = {step(alert_step::opened, "A20260314-0009", "L1", 98), told("A20260314-0009", "opened", 98, "")},
      .acknowledged = {}};
  EXPECT_EQ(said(s, 1, first), "wait") << "another number was called, perhaps";
  s.phones.clear();
  EXPECT_EQ(said(s, 1, first), "there") << "a group's robot";
}

TEST_F(SecondVoice, TenSecondsAreThoseSinceTheStepWhateverWaitedForTheChannel) {
  const first_word silent{.heard = true, .there = {}, .acknowledged = {}};
  sending late = about("L1", 60);  // its step is of 62
  EXPECT_EQ(said(late, 0, silent), "send");
}

TEST_F(SecondVoice, ADigestIsToldThereWhenAllOfItIs) {
  sending s = about("L1", 98);
  s.about.push_back(step(alert_step::opened, "A20260314-0002", "L5", 97));
  first_word first{
      .heard = true,
      .there = {step(alert_step::opened, "A20260314-0009", "L1", 98), told("A20260314-0009", "opened", 98)}};
  EXPECT_EQ(said(s, 1, first), "wait");
  first.there.push_back(step(alert_step::opened, "A20260314-0010", "L5", 98));
  first.there.push_back(told("A20260314-0010", "opened", 98));
  EXPECT_EQ(said(s, 1, first), "there");
}

TEST_F(SecondVoice, OursIsWhatNobodyElseCanTell) {
  EXPECT_TRUE(second_voice::is_shared(about("L1", 98)));
  EXPECT_TRUE(second_voice::is_shared(about("L1", 98, message_kind::resolved)));
  EXPECT_FALSE(second_voice::is_shared(about("L1", 98, message_kind::acknowledged)));
  EXPECT_FALSE(second_voice::is_shared(about("", 98, message_kind::own)));
  sending own = about("", 98, message_kind::resolved);
  own.about[0].subject = alert_subject::own;
  EXPECT_FALSE(second_voice::is_shared(own));
  sending daily = about("L1", 98);
  daily.daily = true;
  EXPECT_FALSE(second_voice::is_shared(daily));
}

}  // namespace
}  // namespace changtong::alerts
