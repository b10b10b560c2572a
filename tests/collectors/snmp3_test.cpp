// SNMP v3 as the collector speaks it: who is there, in which second, and who is believed.
#include <gtest/gtest.h>

#include "collectors/snmp.h"
#include "collectors/wire/snmp_envelope.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/recording_sink.h"
#include "tests/collectors/secured_agent.h"

namespace changtong::test {
namespace {

struct Snmp3 : testing::Test {
  Snmp3() { failing_calls::reset(); }
  ~Snmp3() override { failing_calls::reset(); }

  static credential reader(std::string level = "authPriv", std::string password = "maplesyrup") {
    credential c;
    c.name = "reader";
    c.version = "3";
    c.user = "reader";
    c.level = std::move(level);
    if (c.level != "noAuthNoPriv") c.auth = "SHA", c.auth_password = secret(std::move(password));
    if (c.level == "authPriv") c.priv = "AES", c.priv_password = secret("maplesugar");
    return c;
  }
  static result<std::shared_ptr<const check_settings>> parsed(std::uint16_t port, const credential& who) {
    kind_arguments a;
    a.pairs = {{"credential", "reader"}, {"port", std::to_string(port)}, {"any_source", "no"}};
    a.find_credential = [&who](std::string_view) { return &who; };
    return snmp_kind().parse(a);
  }
  static check line_to(const udp_peer& peer, const credential& who = reader()) {
    return make_check("127.0.0.1", parsed(peer.port(), who).value());
  }
  bool next() {
    for (int i = 0; i < 200; ++i) {
      snmp->drain();
      pollfd p{peer.fd(), POLLIN, 0};
      if (::poll(&p, 1, 5) == 1) return agent.next(peer);
    }
    return false;
  }
  bool answered(std::uint32_t ticket) {
    return drain_until(*snmp, [&] { return sink.answers.contains(ticket); });
  }
  /** From nothing to an answer that is believed. */
  void get_acquainted(const check& c, std::uint32_t ticket) {
    ask_one(*snmp, c, ticket);
    ASSERT_TRUE(next());
    ASSERT_TRUE(agent.asked_who());
    peer.reply(agent.report(4));
    ASSERT_TRUE(next());
    ASSERT_TRUE(agent.asked_in_time());
    peer.reply(agent.response(1));
    ASSERT_TRUE(answered(ticket));
    ASSERT_EQ(sink.answers[ticket].facts.size(), 1U);
  }
  [[nodiscard]] bool says(std::uint32_t ticket, std::string_view words) {
    return sink.answers[ticket].detail.find(words) != std::string::npos;
  }

  udp_peer peer;
  secured_agent agent;
  recording_sink sink;
  std::unique_ptr<collector> snmp = make_snmp(sink, failing_calls::table());
  check line = line_to(peer);
};

TEST_F(Snmp3, WhoIsThereIsAskedOnceThenTheQuestionItself) {
  get_acquainted(line, 1);
  const auto& a = sink.answers[1];
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_EQ(a.facts[0].value, 1);
  EXPECT_EQ(a.detail, "");
  EXPECT_GT(a.rtt.count(), 0);
  for (std::uint32_t ticket = 2; ticket < 5; ++ticket) {
    ask_one(*snmp, line, ticket);
    ASSERT_TRUE(next());
    EXPECT_FALSE(agent.asked_who());
    EXPECT_EQ(agent.last.flags, 7);
    EXPECT_EQ(agent.scoped.request_id, agent.last.id);
    peer.reply(agent.response(ticket));
    ASSERT_TRUE(answered(ticket));
    EXPECT_EQ(sink.answers[ticket].facts[0].value, ticket);
  }
}

TEST_F(Snmp3, EveryLevelIsAsked) {
  for (const std::string level : {"noAuthNoPriv", "authNoPriv"}) {
    secured_agent& a = agent;
    a.user.privacy = net::privacy_protocol::none;
    if (level == "noAuthNoPriv") a.user.auth = net::auth_protocol::none;
    const credential who = reader(level);
    const check c = line_to(peer, who);
    const std::uint32_t ticket = level == "noAuthNoPriv" ? 1 : 2;
    ask_one(*snmp, c, ticket);
    ASSERT_TRUE(next());
    peer.reply(a.report(4));
    ASSERT_TRUE(next());
    EXPECT_EQ(a.last.flags, level == "noAuthNoPriv" ? 4 : 5);
    peer.reply(a.response(9));
    ASSERT_TRUE(answered(ticket));
    EXPECT_EQ(sink.answers[ticket].facts.size(), 1U);
    a.user.auth = net::auth_protocol::sha1;
  }
}

TEST_F(Snmp3, AnAuthorizationErrorBelowTheHighestLevelNamesTheLevel) {
  constexpr std::uint64_t authorization_error = 16;
  get_acquainted(line, 1);
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  peer.reply(agent.response(9, authorization_error));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].detail.find("级别太低"), std::string::npos) << sink.answers[2].detail;
  agent.user.privacy = net::privacy_protocol::none;
  const credential who = reader("authNoPriv");
  const check c = line_to(peer, who);
  ask_one(*snmp, c, 3);
  ASSERT_TRUE(next());
  peer.reply(agent.report(4));
  ASSERT_TRUE(next());
  peer.reply(agent.response(9, authorization_error));
  ASSERT_TRUE(answered(3));
  EXPECT_NE(sink.answers[3].detail.find("级别太低，设备可能要求更高的安全级别"), std::string::npos);
  EXPECT_NE(sink.answers[3].detail.find("the level is too low"), std::string::npos);
}

TEST_F(Snmp3, AReportOfTheTimeIsTakenWithinTheSameQuestion) {
  get_acquainted(line, 1);
  agent.boots = 6;  // the device was started again
  agent.time = 12;
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  EXPECT_FALSE(agent.asked_in_time());
  peer.reply(agent.signed_report(2));
  ASSERT_TRUE(next());
  EXPECT_TRUE(agent.asked_in_time());
  peer.reply(agent.response(77));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].facts.size(), 1U);
  EXPECT_EQ(sink.answers[2].detail, "");
}

TEST_F(Snmp3, AnAgentThatSaysItsTimeOnlyToWhoSignsIsLearnt) {
  ask_one(*snmp, line, 1);
  ASSERT_TRUE(next());
  const std::uint32_t time = std::exchange(agent.time, 0), boots = std::exchange(agent.boots, 0);
  peer.reply(agent.report(4));
  agent.time = time, agent.boots = boots;
  ASSERT_TRUE(next());
  EXPECT_FALSE(agent.asked_in_time());
  peer.reply(agent.signed_report(2));
  ASSERT_TRUE(next());
  EXPECT_TRUE(agent.asked_in_time());
  peer.reply(agent.response(3));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].facts.size(), 1U);
}

TEST_F(Snmp3, AnUnsignedReportOfTheTimeChangesNothing) {
  get_acquainted(line, 1);
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  const std::uint32_t boots = std::exchange(agent.boots, 0x7ffffff0);
  peer.reply(agent.report(2));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].what, outcome::good);
  EXPECT_TRUE(sink.answers[2].facts.empty());
  EXPECT_TRUE(says(2, "usmStatsNotInTimeWindows"));
  agent.boots = boots;
  ask_one(*snmp, line, 3);
  ASSERT_TRUE(next());
  EXPECT_TRUE(agent.asked_in_time());
}

TEST_F(Snmp3, AReplacedDeviceIsFoundAgainAndSaid) {
  get_acquainted(line, 1);
  agent.engine.back() = 'z';
  agent.boots = 1, agent.time = 44;
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  peer.reply(agent.report(4));
  ASSERT_TRUE(next());
  EXPECT_TRUE(agent.asked_in_time());
  peer.reply(agent.response(5));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].facts.size(), 1U);
  EXPECT_TRUE(says(2, "80001f8804616263")) << sink.answers[2].detail;
  EXPECT_TRUE(says(2, "80001f880461627a")) << sink.answers[2].detail;
}

TEST_F(Snmp3, OfSeveralQuestionsToAReplacedDeviceEachFindsIt) {
  get_acquainted(line, 1);
  const check second = line_to(peer);
  ask_one(*snmp, line, 2);
  ask_one(*snmp, second, 3);
  const auto first_asked = peer.next(), second_asked = peer.next();
  ASSERT_TRUE(first_asked && second_asked);
  agent.engine.back() = 'z';
  for (const auto& asked : {*first_asked, *second_asked}) {
    agent.last = wire::read_snmp3_message(asked);
    peer.reply(agent.report(4));
  }
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(next());
    peer.reply(agent.response(5));
  }
  ASSERT_TRUE(answered(2) && answered(3));
  EXPECT_EQ(sink.answers[2].facts.size(), 1U);
  EXPECT_EQ(sink.answers[3].facts.size(), 1U);
}

TEST_F(Snmp3, AForgedEngineIsLeftWithinOneQuestion) {
  get_acquainted(line, 1);
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  const byte_vector right = std::exchange(agent.engine, {0x80, 0, 0, 0, 1, 2});
  peer.reply(agent.report(4));
  agent.engine = right;
  ASSERT_TRUE(next());  // asks the forged one, at the true one
  peer.reply(agent.report(4));
  ASSERT_TRUE(next());
  peer.reply(agent.response(5));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].facts.size(), 1U);
  EXPECT_EQ(sink.answers[2].detail, "");
}

TEST_F(Snmp3, AQuestionEndsHoweverManyEnginesAnAgentNames) {
  ask_one(*snmp, line, 1);
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(next()) << i;
    agent.engine.back() = static_cast<std::uint8_t>('0' + i);
    peer.reply(agent.report(4));
  }
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::good);
  EXPECT_TRUE(sink.answers[1].facts.empty());
  EXPECT_FALSE(sink.answers[1].detail.empty());
}

TEST_F(Snmp3, WhatAnAgentRefusesIsSaidAndTheLineCarries) {
  const std::vector<std::pair<std::uint8_t, std::string>> refusals{
      {1, "安全级别"}, {3, "用户 reader"}, {5, "认证口令"}, {6, "加密口令"}};
  std::uint32_t ticket = 0;
  for (const auto& [counter, words] : refusals) {
    ask_one(*snmp, line, ++ticket);
    ASSERT_TRUE(next());
    peer.reply(agent.report(4));
    ASSERT_TRUE(next());
    peer.reply(agent.report(counter));
    ASSERT_TRUE(answered(ticket));
    EXPECT_EQ(sink.answers[ticket].what, outcome::good);
    EXPECT_EQ(sink.answers[ticket].why, cause::none);
    EXPECT_TRUE(sink.answers[ticket].facts.empty());
    EXPECT_TRUE(says(ticket, words)) << sink.answers[ticket].detail;
    EXPECT_FALSE(says(ticket, "maple"));
  }
}

TEST_F(Snmp3, UnsignedAndWronglySignedAnswersGiveNoFacts) {
  get_acquainted(line, 1);
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  peer.reply(agent.sealed({}, agent.pdu(0xa2, 1, ber::binding(ber::sys_up_time, ber::number(0x43, 9)))));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].what, outcome::good);
  EXPECT_TRUE(sink.answers[2].facts.empty());
  EXPECT_TRUE(says(2, "not signed"));
  ask_one(*snmp, line, 3);
  ASSERT_TRUE(next());
  auto changed = agent.response(9);
  changed.back() ^= 1;
  peer.reply(changed);
  ASSERT_TRUE(answered(3));
  EXPECT_EQ(sink.answers[3].what, outcome::good);
  EXPECT_TRUE(sink.answers[3].facts.empty());
  EXPECT_TRUE(says(3, "another key"));
}

TEST_F(Snmp3, AnAnswerOfV2cToAQuestionOfV3GivesNoFacts) {
  get_acquainted(line, 1);
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  peer.reply(ber::message(0xa2, "v3", static_cast<std::uint32_t>(agent.last.id), 0,
                          ber::binding(ber::sys_up_time, ber::number(0x43, 9))));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].what, outcome::good);
  EXPECT_TRUE(sink.answers[2].facts.empty());
  EXPECT_TRUE(says(2, "another SNMP version"));
}

TEST_F(Snmp3, WhoSaysWhoItIsAndNothingMoreIsReachedAtTheDeadline) {
  ask_one(*snmp, line, 1);
  ASSERT_TRUE(next());
  peer.reply(agent.report(4));
  ASSERT_TRUE(next());
  EXPECT_FALSE(sink.answers.contains(1));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::good);
  EXPECT_GT(sink.answers[1].rtt.count(), 0);
  EXPECT_TRUE(says(1, "加密口令")) << sink.answers[1].detail;
  ask_one(*snmp, line, 2);  // and is asked who it is again
  ASSERT_TRUE(next());
  EXPECT_TRUE(agent.asked_who());
}

TEST_F(Snmp3, AfterSilenceWhoIsThereIsAskedAgain) {
  get_acquainted(line, 1);
  ask_one(*snmp, line, 2);
  ASSERT_TRUE(next());
  EXPECT_EQ(snmp->forget(2), cause::timeout);
  ask_one(*snmp, line, 3);
  ASSERT_TRUE(next());
  EXPECT_TRUE(agent.asked_who());
  peer.reply(agent.report(4));
  ASSERT_TRUE(next());
  EXPECT_TRUE(agent.asked_in_time());
  peer.reply(agent.response(8));
  ASSERT_TRUE(answered(3));
  EXPECT_EQ(sink.answers[3].facts.size(), 1U);
}

TEST_F(Snmp3, ARepeatedReportIsADuplicateAndNoStray) {
  ask_one(*snmp, line, 1);
  ASSERT_TRUE(next());
  const auto who = agent.report(4);
  peer.reply(who);
  ASSERT_TRUE(next());
  peer.reply(who);
  ASSERT_TRUE(drain_until(*snmp, [&] { return ignored_for(*snmp, "duplicate") == 1; }));
  peer.reply(agent.response(8));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(ignored_for(*snmp, "wrong_cookie"), 0U);
}

TEST_F(Snmp3, TwoDevicesWithOneEngineIdAreNamed) {
  udp_peer second;
  secured_agent twin;
  twin.boots = 9, twin.time = 70000;
  get_acquainted(line, 1);
  const check other = line_to(second);
  std::swap(peer, second);
  std::swap(agent.boots, twin.boots), std::swap(agent.time, twin.time);
  ask_one(*snmp, other, 2);
  ASSERT_TRUE(next());
  peer.reply(agent.report(4));
  ASSERT_TRUE(next());
  peer.reply(agent.response(8));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].facts.size(), 1U);
  EXPECT_TRUE(says(2, "127.0.0.1:" + std::to_string(second.port()))) << sink.answers[2].detail;
}

TEST_F(Snmp3, V1AsksForCountersOf32Bits) {
  credential who;
  who.name = "reader";
  who.version = "1";
  who.community = secret("public");
  const check c = line_to(peer, who);
  ask_one(*snmp, c, 1);
  const auto request = peer.next();
  ASSERT_TRUE(request);
  const auto e = wire::read_snmp_envelope(*request);
  EXPECT_EQ(e.version, 0);
  auto reply = ber::message(0xa2, "public", static_cast<std::uint32_t>(e.request_id), 0,
                            ber::binding(ber::sys_up_time, ber::number(0x43, 5)));
  reply[4] = 0;
  peer.reply(reply);
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].facts.size(), 1U);
  EXPECT_FALSE(says(1, "version")) << sink.answers[1].detail;
}

TEST_F(Snmp3, CredentialsThatCannotBeUsedAreRefused) {
  const auto refused = [](const credential& c) { return !parsed(161, c); };
  credential c = reader();
  EXPECT_FALSE(refused(c));
  c.auth = "SHA-2";
  EXPECT_TRUE(refused(c));
  EXPECT_TRUE(refused(reader("authPriv", "seven77")));
  EXPECT_TRUE(refused(reader("private")));
  c = reader();
  c.user.clear();
  EXPECT_TRUE(refused(c));
  c = reader();
  c.version = "4";
  EXPECT_TRUE(refused(c));
}

}  // namespace
}  // namespace changtong::test
