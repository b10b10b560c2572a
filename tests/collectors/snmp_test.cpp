#include "collectors/snmp.h"

#include <gtest/gtest.h>

#include <functional>

#include "collectors/wire/snmp_answer.h"
#include "collectors/wire/snmp_envelope.h"
#include "daemon/core/fact_table.h"
#include "tests/collectors/ber_writer.h"
#include "tests/collectors/snmp_peer.h"

namespace changtong::test {
namespace {

TEST_F(Snmp, WholeAnswerIsGoodWithItsFacts) {
  ask_one(*snmp, line, 1);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values()));
  ASSERT_TRUE(answered(1));
  const auto& a = sink.answers[1];
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_GT(a.rtt.count(), 0);
  EXPECT_EQ(a.detail, "");
  ASSERT_EQ(a.facts.size(), 6U);
  EXPECT_EQ(a.facts[0].value, 4242);
  EXPECT_EQ(a.facts[1].name, fact_name::interface_oper_status);
  EXPECT_EQ(a.facts[1].index, 2U);
  EXPECT_EQ(a.facts[2].value, 1LL << 40);
  EXPECT_EQ(a.facts[4].value, 0xffffffffLL);
}

TEST_F(Snmp, Ipv6AgentAnswers) {
  udp_peer six("::1");
  const check c = make_check("::1", settings(six.port(), ""));
  ask_one(*snmp, c, 1);
  const auto request = six.next();
  ASSERT_TRUE(request);
  const auto id = static_cast<std::uint32_t>(wire::read_snmp_envelope(*request).request_id);
  six.reply(ber::message(0xa2, "pub lic", id, 0, ber::binding(ber::sys_up_time, ber::number(0x43, 5))));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::good);
}

TEST_F(Snmp, InterfaceThatIsNotThereIsAMissingFact) {
  ask_one(*snmp, line, 1);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values(1, ber::no_such_instance)));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::good);
  EXPECT_EQ(sink.answers[1].facts.size(), 5U);
  EXPECT_NE(sink.answers[1].detail.find("ifIndex 2"), std::string::npos);
}

TEST_F(Snmp, ErrorStatusWithUpTimeIsStillReachable) {
  ask_one(*snmp, line, 1);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 5, values()));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::good);
  EXPECT_NE(sink.answers[1].detail.find("error-status 5"), std::string::npos);
}

TEST_F(Snmp, ErrorStatusWithoutAnythingElseIsStillReachable) {
  for (const std::uint64_t status : {1U, 2U, 5U, 16U, 18U, 99U, 70000U}) {
    const auto ticket = static_cast<std::uint32_t>(status);
    ask_one(*snmp, line, ticket);
    agent.reply(ber::message(0xa2, "pub lic", asked_id(), status, {}));
    ASSERT_TRUE(answered(ticket));
    EXPECT_EQ(sink.answers[ticket].what, outcome::good);
    EXPECT_TRUE(sink.answers[ticket].facts.empty());
    EXPECT_NE(sink.answers[ticket].detail.find("error-status " + std::to_string(status)), std::string::npos);
    EXPECT_NE(sink.answers[ticket].detail.find("sysUpTime"), std::string::npos);
  }
}

TEST_F(Snmp, AnswerAboutAnotherObjectIsReachableWithoutFacts) {
  ask_one(*snmp, line, 1);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, ber::binding(ber::interface(8, 1), ber::number(0x43, 1))));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::good);
  EXPECT_TRUE(sink.answers[1].facts.empty());
  EXPECT_NE(sink.answers[1].detail.find("not asked for"), std::string::npos);
}

/** Each of them carries our request-id from the address that was asked: the line carries. */
TEST_F(Snmp, OddAnswersToOurQuestionAreReachableAndSaidToBeOdd) {
  const auto right = [](std::uint32_t id) { return ber::message(0xa2, "pub lic", id, 0, values()); };
  using builder = std::function<byte_vector(std::uint32_t)>;
  const std::vector<std::pair<std::string, builder>> odd{
      {"community", [](std::uint32_t id) { return ber::message(0xa2, "private", id, 0, values()); }},
      {"community", [](std::uint32_t id) { return ber::message(0xa2, "", id, 0, values()); }},
      {"behind the message", [&](std::uint32_t id) { return ber::joined({right(id), {0}}); }},
      {"no Response", [](std::uint32_t id) { return ber::message(0xa8, "pub lic", id, 0, values()); }},
      {"no Response", [](std::uint32_t id) { return ber::message(0xa0, "pub lic", id, 0, values()); }},
      {"cannot be read", [](std::uint32_t id) { return ber::message(0xa2, "pub lic", id, 0, {0x30, 3, 6, 0x7f, 0}); }},
      {"version",
       [&](std::uint32_t id) {
         auto m = right(id);
         m[6] = 0;
         return m;
       }},
      {"repeated",
       [](std::uint32_t id) { return ber::message(0xa2, "pub lic", id, 0, ber::joined({values(), values()})); }},
      {"only its beginning", [](std::uint32_t id) {
         return ber::message(
             0xa2, "pub lic", id, 0,
             ber::joined({values(), ber::binding(ber::sys_up_time, ber::tlv(4, byte_vector(20000, 'x')))}));
       }}};
  std::uint32_t ticket = 0;
  for (const auto& [word, build] : odd) {
    ask_one(*snmp, line, ++ticket);
    agent.reply(build(asked_id()));
    ASSERT_TRUE(answered(ticket)) << word;
    EXPECT_EQ(sink.answers[ticket].what, outcome::good) << word;
    EXPECT_NE(sink.answers[ticket].detail.find(word), std::string::npos) << sink.answers[ticket].detail;
  }
}

TEST_F(Snmp, AnAnswerWhoseEndIsMissingIsBadWithItsOwnCause) {
  ask_one(*snmp, line, 1);
  const byte_vector right = ber::message(0xa2, "pub lic", asked_id(), 0, values());
  agent.reply({right.begin(), right.end() - 1});
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::bad);
  EXPECT_EQ(sink.answers[1].why, cause::cut_short);
}

TEST_F(Snmp, CountersKeepTheLastOfTheir64Bits) {
  ask_one(*snmp, line, 1);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values(1, ber::number(0x46, ~0ULL))));
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(counter_of(sink.answers[1].facts[2].value), ~0ULL);
  EXPECT_EQ(sink.answers[1].detail, "");
}

TEST_F(Snmp, AnswersFromElsewhereAreRefusedButNotCalledATimeout) {
  const udp_peer stranger;
  ask_one(*snmp, line, 1);
  const byte_vector right = ber::message(0xa2, "pub lic", asked_id(), 0, values());
  agent.reply_from(stranger.fd(), right);
  EXPECT_TRUE(counted("wrong_source"));
  EXPECT_EQ(snmp->forget(1), cause::other_source);
  EXPECT_TRUE(sink.answers.empty());

  const check lenient = make_check("127.0.0.1", settings(agent.port(), "2", "yes"));
  ask_one(*snmp, lenient, 2);
  const std::uint32_t id = asked_id();
  agent.reply_from(stranger.fd(), ber::message(0xa2, "pub lic", id ^ 0x1000U, 0, values()));
  EXPECT_TRUE(drain_until(*snmp, [&] {
    return ignored_for(*snmp, "wrong_cookie") + ignored_for(*snmp, "unknown_id") == 1;
  })) << "from anywhere, but only with the right request-id";
  agent.reply_from(stranger.fd(), ber::message(0xa2, "pub lic", id, 0, values()));
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].what, outcome::good);
}

TEST_F(Snmp, WhatCameInPlaceOfAnAnswerIsNamedWhenTheQuestionIsGivenUp) {
  const std::vector<std::tuple<byte_vector, std::string_view, cause>> strange{
      {ber::message(0xa2, "pub lic", 77, 0, values()), "unknown_id", cause::other_question},
      {{'H', 'T', 'T', 'P'}, "malformed", cause::protocol},
      {{0x30, 0x50, 0x02, 0x01}, "malformed", cause::cut_short},
      {byte_vector(20000, 0x31), "oversized", cause::protocol}};
  std::uint32_t ticket = 0;
  for (const auto& [packet, reason, why] : strange) {
    ask_one(*snmp, line, ++ticket);
    asked_id();
    const std::uint64_t before = ignored_for(*snmp, reason);
    agent.reply(packet);
    EXPECT_TRUE(counted(reason, before + 1)) << reason;
    EXPECT_EQ(snmp->forget(ticket), why) << reason;
  }
  const check silent = make_check("127.0.0.2", settings(agent.port()));
  ask_one(*snmp, silent, ++ticket);
  EXPECT_EQ(snmp->forget(ticket), cause::timeout) << "what others send is not its answer";
}

TEST_F(Snmp, AgentThatIsGoneIsPortUnreachable) {
  std::uint16_t nobody = 0;
  {
    nobody = udp_peer().port();
  }
  const check c = make_check("127.0.0.1", settings(nobody));
  ask_one(*snmp, c, 1);
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::bad);
  EXPECT_EQ(sink.answers[1].why, cause::port_unreachable);
}

TEST_F(Snmp, OneDeadAgentDoesNotSpoilTheOthersQuestions) {
  std::uint16_t nobody = 0;
  {
    nobody = udp_peer().port();
  }
  const check dead = make_check("127.0.0.1", settings(nobody));
  std::uint32_t ticket = 0;
  std::vector<question> burst;
  for (int i = 0; i < 200; ++i) burst.push_back({++ticket, i % 2 == 0 ? &dead : &line, {}, {}});
  snmp->ask(burst);
  for (int i = 0; i < 100; ++i) agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values()));
  EXPECT_TRUE(drain_until(*snmp, [&] { return sink.answers.size() == 200; }));
  for (const auto& q : burst) {
    const auto& a = sink.answers[q.ticket];
    EXPECT_EQ(a.why, q.what == &dead ? cause::port_unreachable : cause::none) << q.ticket;
  }
}

TEST_F(Snmp, EveryStrangeReplyIsIgnoredAndCounted) {
  ask_one(*snmp, line, 2);
  const std::uint32_t later = asked_id();
  EXPECT_EQ(snmp->forget(2), cause::timeout);
  agent.reply(ber::message(0xa2, "pub lic", later, 0, values()));
  EXPECT_TRUE(counted("late"));
  EXPECT_FALSE(sink.answers.contains(2));

  ask_one(*snmp, line, 1);
  const std::uint32_t id = asked_id();
  const byte_vector right = ber::message(0xa2, "pub lic", id, 0, values());

  agent.reply({0x30, 0x05, 0x02});
  EXPECT_TRUE(counted("malformed", 1));
  agent.reply({right.begin(), right.begin() + 15});  // before its request-id is whole
  EXPECT_TRUE(counted("malformed", 2));
  agent.reply(ber::tlv(0x30, ber::joined({ber::number(2, 3), ber::tlv(0x30, right)})));  // v3
  EXPECT_TRUE(counted("malformed", 3));
  agent.reply(byte_vector(20000, 0x30));
  EXPECT_TRUE(counted("oversized"));
  agent.reply(ber::message(0xa2, "pub lic", 77, 0, values()));
  EXPECT_TRUE(counted("unknown_id"));
  for (const std::uint32_t bit : {0U, 5U, 11U, 12U, 17U, 29U}) {
    const std::uint64_t before = ignored_for(*snmp, "unknown_id") + ignored_for(*snmp, "wrong_cookie");
    agent.reply(ber::message(0xa2, "pub lic", id ^ 1U << bit, 0, values()));
    EXPECT_TRUE(drain_until(*snmp, [&] {
      return ignored_for(*snmp, "unknown_id") + ignored_for(*snmp, "wrong_cookie") == before + 1;
    })) << bit;
  }
  const udp_peer stranger;
  agent.reply_from(stranger.fd(), right);
  EXPECT_TRUE(counted("wrong_source"));
  EXPECT_TRUE(sink.answers.empty());

  agent.reply(right);
  ASSERT_TRUE(answered(1));
  EXPECT_EQ(sink.answers[1].what, outcome::good);
  agent.reply(right);
  EXPECT_TRUE(counted("duplicate"));
}

TEST_F(Snmp, EveryErrorOfOurOwnIsNotMeasured) {
  std::uint32_t ticket = 0;
  for (const auto& e : own_errors) {
    failing_calls::reset();
    failing_calls::socket_error = e.error;
    recording_sink here;
    const auto fresh = make_snmp(here, failing_calls::table());
    ask_one(*fresh, line, ++ticket);
    EXPECT_EQ(here.answers[ticket].what, outcome::not_measured);
    EXPECT_EQ(here.answers[ticket].why, e.why) << e.error;
    failing_calls::socket_error = 0;
    failing_calls::send_error = e.error;
    ask_one(*fresh, line, ++ticket);
    EXPECT_EQ(here.answers[ticket].what, outcome::not_measured);
    EXPECT_EQ(here.answers[ticket].why, e.why) << e.error;
  }
}

}  // namespace
}  // namespace changtong::test
