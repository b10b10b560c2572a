// What an agent is asked: all that is wished for at once, and of an agent that cannot do it what it can; what the
// arguments of a check may say.
#include "collectors/snmp_question.h"

#include <gtest/gtest.h>

#include "daemon/core/fact_table.h"
#include "tests/collectors/snmp_peer.h"

namespace changtong::test {
namespace {

TEST_F(Snmp, AgentWithoutCountersOf64BitsIsAskedForThoseOf32) {
  const auto none = [](std::uint8_t column) { return ber::binding(ber::interface(column, 2), ber::no_such_instance); };
  const byte_vector rest = ber::joined({ber::binding(ber::sys_up_time, ber::number(0x43, 70'000)),
                                        ber::binding(ber::interface(8, 2), ber::number(2, 1))});
  ask_one(*snmp, line, 1);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, ber::joined({rest, none(6), none(10)})));
  ASSERT_TRUE(answered(1));
  ask_one(*snmp, line, 2);
  const auto old = [](std::uint8_t column, std::uint64_t n) {
    return ber::binding(ber::oid({6, 1, 2, 1, 2, 2, 1, column, 2}), ber::number(0x41, n));
  };
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, ber::joined({rest, old(10, 1000), old(16, 0xffffffff)})));
  ASSERT_TRUE(answered(2));
  const auto& a = sink.answers[2];
  ASSERT_EQ(a.facts.size(), 4U);
  EXPECT_EQ(a.facts[2].name, fact_name::interface_in_octets);
  EXPECT_EQ(a.facts[2].value, 1000);
  EXPECT_EQ(a.facts[3].value, 0xffffffff);
  EXPECT_NE(a.detail.find("32"), std::string::npos);

  ask_one(*snmp, line, 3);  // a restarted agent is a new one
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values(1)));
  ASSERT_TRUE(answered(3));
  ask_one(*snmp, line, 4);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values(2)));
  ASSERT_TRUE(answered(4));
  EXPECT_EQ(sink.answers[4].facts.size(), 6U);
  EXPECT_EQ(sink.answers[4].detail, "");
}

TEST_F(Snmp, TheFirstQuestionIsForBothWidthsOfOctets) {
  const auto old = [](std::uint8_t column) {
    return ber::binding(ber::oid({6, 1, 2, 1, 2, 2, 1, column, 2}), ber::number(0x41, 1000));
  };
  ask_one(*snmp, line, 1);
  byte_vector bindings = ber::joined({values(1, ber::no_such_instance), old(10), old(16)});
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, bindings));
  EXPECT_EQ(names, 12U);
  ASSERT_TRUE(answered(1));
  ASSERT_EQ(sink.answers[1].facts.size(), 6U);
  EXPECT_EQ(sink.answers[1].facts[2].value, 1000) << "in place of what it has not";
  EXPECT_EQ(sink.answers[1].facts[3].value, 7) << "and only of that";
  ask_one(*snmp, line, 2);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values()));
  EXPECT_EQ(names, 10U);
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].detail, "");
}

TEST_F(Snmp, WhoseAnswerIsTooBigIsAskedLessFromThenOn) {
  const check wide = make_check("127.0.0.1", settings(agent.port(), "1+2+3"));
  std::vector<std::size_t> sizes;
  for (std::uint32_t ticket = 1; ticket <= 6; ++ticket) {
    ask_one(*snmp, ticket == 6 ? line : wide, ticket);
    agent.reply(ber::message(0xa2, "pub lic", asked_id(), 1, {}));
    ASSERT_TRUE(answered(ticket));
    EXPECT_EQ(sink.answers[ticket].what, outcome::good);
    sizes.push_back(names);
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{34, 28, 14, 7, 3, 12})) << "another question to it is another matter";
}

/** As in v1: an object that it does not know spoils the others. */
TEST_F(Snmp, WhoRefusesWhatNobodyMissesIsAskedForTheRest) {
  const auto refused_at = [](std::uint32_t id, std::uint64_t index) {
    return ber::tlv(0x30, ber::joined({ber::number(0x02, 1), ber::text("pub lic"),
                                       ber::tlv(0xa2, ber::joined({ber::number(0x02, id), ber::number(0x02, 2),
                                                                   ber::number(0x02, index), ber::tlv(0x30, {})}))}));
  };
  ask_one(*snmp, line, 1);
  agent.reply(refused_at(asked_id(), 9));
  ASSERT_TRUE(answered(1));
  ask_one(*snmp, line, 2);
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, values()));
  EXPECT_EQ(names, 6U);
  ASSERT_TRUE(answered(2));
  EXPECT_EQ(sink.answers[2].facts.size(), 6U);
  EXPECT_EQ(sink.answers[2].detail, "");
}

TEST_F(Snmp, AdminStatusDiscardsAndSpeedAreToldWhereTheyAre) {
  ask_one(*snmp, line, 1);
  const byte_vector more =
      ber::joined({ber::binding(ber::oid({6, 1, 2, 1, 2, 2, 1, 7, 2}), ber::number(0x02, 2)),
                   ber::binding(ber::oid({6, 1, 2, 1, 2, 2, 1, 13, 2}), ber::number(0x41, 5)),
                   ber::binding(ber::oid({6, 1, 2, 1, 31, 1, 1, 1, 15, 2}), ber::number(0x42, 1000))});
  agent.reply(ber::message(0xa2, "pub lic", asked_id(), 0, ber::joined({values(), more})));
  ASSERT_TRUE(answered(1));
  std::map<fact_name, std::int64_t> told;
  for (const fact& f : sink.answers[1].facts) told[f.name] = f.value;
  EXPECT_EQ(told[fact_name::interface_admin_status], 2);
  EXPECT_EQ(told[fact_name::interface_in_discards], 5);
  EXPECT_EQ(told[fact_name::interface_speed_bits], 1'000'000'000);
  EXPECT_FALSE(told.contains(fact_name::interface_in_use)) << "one answer is no difference";
}

/** An agent that sees its own request-ids learns nothing of those of others. */
TEST_F(Snmp, RequestIdsAreNoSequence) {
  std::vector<std::uint32_t> ids;
  for (std::uint32_t ticket = 1; ticket <= 64; ++ticket) {
    ask_one(*snmp, line, ticket);
    ids.push_back(asked_id());
    EXPECT_EQ(ids.back() >> 30U, 1U) << "always four bytes";
  }
  std::size_t near = 0;
  for (std::size_t i = 1; i < ids.size(); ++i) near += (ids[i] >> 12U) - (ids[i - 1] >> 12U) < 64 ? 1 : 0;
  EXPECT_LT(near, 5U);
}

TEST_F(Snmp, SixteenInterfacesFitOneRequest) {
  const check c = make_check("127.0.0.1", settings(agent.port(), "1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+2147483647"));
  ask_one(*snmp, c, 1);
  const auto request = agent.next();
  ASSERT_TRUE(request);
  EXPECT_GT(request->size(), 16U * 5 * 14);
}

TEST_F(Snmp, EqualSettingsShareOneRequest) {
  const auto a = std::static_pointer_cast<const snmp_settings>(settings(161, "1+2"));
  const auto b = std::static_pointer_cast<const snmp_settings>(settings(162, "1+2"));
  const auto c = std::static_pointer_cast<const snmp_settings>(settings(161, "2+1"));
  EXPECT_EQ(a->request, b->request);
  EXPECT_NE(a->request, c->request);
}

TEST_F(Snmp, TemplatesGoWithTheirClass) {
  const auto access = access_of(who).value();
  const auto wished = wished_class(access, {});
  snmp_questions questions;
  const snmp_question& lasting = questions.of(wished, {});
  for (std::uint32_t index = 1; index < 2000; ++index) {
    const auto found = found_class(*wished, {{index, index, name_column::if_name}});
    EXPECT_EQ(questions.of(found, {}).objects.size(), 11U);
  }
  EXPECT_LE(questions.size(), 64U);
  EXPECT_EQ(&questions.of(wished, {}), &lasting);
}

TEST_F(Snmp, BadArgumentsAreNamed) {
  const auto said = [this](std::vector<kind_arguments::pair> pairs) {
    kind_arguments a;
    a.pairs = std::move(pairs);
    a.find_credential = [this](std::string_view name) { return name == "public" ? &who : nullptr; };
    const auto r = snmp_kind().parse(a);
    return r ? std::string("accepted") : r.error().text_en;
  };
  EXPECT_EQ(said({{"credential", "public"}}), "accepted");
  EXPECT_NE(said({}).find("credential= is missing"), std::string::npos);
  EXPECT_NE(said({{"credential", "other"}}).find("`other`"), std::string::npos);
  EXPECT_NE(said({{"credential", "public"}, {"port", "0"}}).find("port"), std::string::npos);
  EXPECT_NE(said({{"credential", "public"}, {"port", "65536"}}).find("port"), std::string::npos);
  EXPECT_NE(said({{"credential", "public"}, {"if", "1+"}}).find("if"), std::string::npos);
  EXPECT_NE(said({{"credential", "public"}, {"any_source", "true"}}).find("any_source"), std::string::npos);
  EXPECT_NE(said({{"credential", "public"}, {"if", "3+3"}}).find("twice"), std::string::npos);
  EXPECT_NE(said({{"credential", "public"}, {"oid", "1"}}).find("unknown key `oid`"), std::string::npos);
  EXPECT_NE(said({{"credential", "public"}, {"if", "1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17"}}).find("at most 16"),
            std::string::npos);
}

}  // namespace
}  // namespace changtong::test
