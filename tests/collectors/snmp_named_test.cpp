// Interfaces by name through the whole collector, on loopback.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "collectors/snmp.h"
#include "daemon/core/fact_table.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/played_agent.h"
#include "tests/collectors/recording_sink.h"
#include "tests/collectors/udp_peer.h"

namespace changtong::test {
namespace {

struct SnmpNamed : testing::Test {
  SnmpNamed() {
    failing_calls::reset();
    agent.objects[{1, 3, 6, 1, 2, 1, 1, 3, 0}] = ber::number(0x43, 5000);
    agent.name(7, "GE0/0/1");
    agent.interface(8, 7, ber::number(0x02, 1));
    agent.interface(8, 9, ber::number(0x02, 2));
  }
  std::shared_ptr<const check_settings> settings(const std::string& interfaces) {
    kind_arguments a;
    a.pairs = {{"credential", "public"}, {"port", std::to_string(peer.port())}, {"if", interfaces}};
    a.find_credential = [this](std::string_view) { return &who; };
    return snmp_kind().parse(a).value();
  }
  /** The agent answers whatever comes while `done` is not yet. */
  template <class F>
  bool play(F done) {
    for (int turn = 0; turn < 500 && !done(); ++turn) {
      snmp->drain();
      if (const auto request = peer.next(5)) peer.reply(agent.reply(*request));
    }
    return done();
  }
  const kept_answer& ask(std::uint32_t ticket) {
    ask_one(*snmp, line, ticket);
    EXPECT_TRUE(play([&] { return sink.answers.contains(ticket); }));
    return sink.answers[ticket];
  }
  std::optional<std::int64_t> told(const kept_answer& a, fact_name name) {
    for (const fact& f : a.facts)
      if (f.name == name) return f.value;
    return std::nullopt;
  }

  credential who{"public", "2c", secret("public")};
  udp_peer peer;
  played_agent agent;
  recording_sink sink;
  std::unique_ptr<collector> snmp = make_snmp(sink, failing_calls::table());
  check line = make_check("127.0.0.1", settings("name:GE0/0/1"));
};

TEST_F(SnmpNamed, SamplesGoOnWhileTheNameIsLookedUpAndThenTellOfIt) {
  const auto& first = ask(1);
  EXPECT_EQ(first.what, outcome::good);
  EXPECT_EQ(first.facts.size(), 1U) << "sysUpTime";
  EXPECT_NE(first.detail.find("looking for interface name:GE0/0/1"), std::string::npos);
  EXPECT_TRUE(play([&] { return snmp->settled(); }));
  const auto& second = ask(2);
  EXPECT_EQ(told(second, fact_name::interface_oper_status), 1);
  EXPECT_EQ(told(second, fact_name::interface_index), 7);
  EXPECT_EQ(second.facts.back().index, line.settings->facts().back().index) << "where the board keeps it";
}

TEST_F(SnmpNamed, InterfaceThatAnswersByAnotherNameTellsNothing) {
  ask(1);
  EXPECT_TRUE(play([&] { return snmp->settled(); }));
  agent.name(7, "GE0/0/2");
  agent.name(9, "GE0/0/1");
  const auto& a = ask(2);
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_FALSE(told(a, fact_name::interface_oper_status)) << "it would be another interface's";
  EXPECT_NE(a.detail.find("another name now"), std::string::npos);
}

TEST_F(SnmpNamed, WhatIsNotThereIsSaid) {
  line.settings = settings("name:GE0/0/9+9");
  ask(1);
  EXPECT_TRUE(play([&] { return snmp->settled(); }));
  const auto& a = ask(2);
  EXPECT_EQ(told(a, fact_name::interface_oper_status), 2) << "the one by index";
  EXPECT_NE(a.detail.find("no interface name:GE0/0/9"), std::string::npos);
}

TEST_F(SnmpNamed, WalkThatWaitsHoldsUpNoSample) {
  ask_one(*snmp, line, 1);
  const auto request = peer.next();
  ASSERT_TRUE(request);
  peer.reply(agent.reply(*request));
  ASSERT_TRUE(drain_until(*snmp, [&] { return sink.answers.contains(1); }));
  EXPECT_TRUE(peer.next()) << "the walk's first question is lost";
  ask_one(*snmp, line, 2);
  EXPECT_TRUE(play([&] { return sink.answers.contains(2); }));
  EXPECT_EQ(sink.answers.size(), 2U) << "nothing of the scout's own reaches the schedule";
}

TEST_F(SnmpNamed, QuestionUnderWayKeepsWhatItIsAbout) {
  ask(1);
  EXPECT_TRUE(play([&] { return snmp->settled(); }));
  ask_one(*snmp, line, 2);
  const auto slow = peer.next();
  ASSERT_TRUE(slow);
  const byte_vector late = agent.reply(*slow);
  agent.objects.erase({1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, 7});
  agent.name(9, "GE0/0/1");
  agent.name(9, "20260001", 18);
  const check other = make_check("127.0.0.1", settings("alias:20260001"));  // so that names are read anew
  ask_one(*snmp, other, 3);
  EXPECT_TRUE(play([&] { return sink.answers.contains(3) && snmp->settled(); }));
  EXPECT_EQ(told(ask(4), fact_name::interface_index), 9);
  peer.reply(late);
  ASSERT_TRUE(drain_until(*snmp, [&] { return sink.answers.contains(2); }));
  EXPECT_EQ(told(sink.answers[2], fact_name::interface_index), 7);
  EXPECT_EQ(told(sink.answers[2], fact_name::interface_oper_status), 1);
}

TEST_F(SnmpNamed, ColumnsAreReadAtOnceForWhoWaits) {
  const std::vector<wire::object_name> columns{name_object(name_column::if_name)};
  snmp_columns_read read;
  std::atomic<bool> done{false};
  std::thread asking([&] {
    read = read_columns(line, columns, std::chrono::seconds{20}, failing_calls::table());
    done = true;
  });
  while (!done)
    if (const auto request = peer.next(50)) peer.reply(agent.reply(*request));
  asking.join();
  ASSERT_EQ(read[columns[0]].size(), 1U);
  EXPECT_EQ(read[columns[0]][0].value, "GE0/0/1");
}

}  // namespace
}  // namespace changtong::test
