#include "collectors/agent_survey.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "collectors/wire/snmp_envelope.h"
#include "tests/collectors/ber_writer.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/secured_agent.h"
#include "tests/collectors/udp_peer.h"

namespace changtong::test {
namespace {

const wire::object_name if_name{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1};
const credential reader{"-", "2c", secret("public")};

/** Answers each question with these bindings, on a thread of its own; `late` questions are left unanswered first. */
class agent {
 public:
  explicit agent(byte_vector bindings, int late = 0) : bindings_(std::move(bindings)), left_(late) {
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto question = peer_.next(20);
        if (!question) continue;
        ++asked;
        if (left_-- > 0) continue;
        const auto id = static_cast<std::uint32_t>(wire::read_snmp_envelope(*question).request_id);
        peer_.reply(ber::message(0xa2, "public", id ^ 1U, 0, bindings_));  // to another question
        peer_.reply(ber::message(0xa2, "public", id, 0, bindings_));
      }
    });
  }
  [[nodiscard]] agent_place place() const { return {parse_address("127.0.0.1").value(), peer_.port(), &reader}; }
  std::atomic<int> asked{0};

 private:
  udp_peer peer_;
  byte_vector bindings_;
  int left_;
  std::jthread thread_;
};

byte_vector one_row() {
  return ber::joined({ber::binding(ber::oid({6, 1, 2, 1, 31, 1, 1, 1, 1, 7}), ber::text("GE7")),
                      ber::binding(ber::oid({6, 1, 2, 1, 31, 1, 1, 1, 19, 1}), ber::text("behind"))});
}

byte_vector behind() { return ber::binding(ber::oid({6, 1, 2, 1, 31, 1, 1, 1, 19, 1}), ber::text("behind")); }

const auto never = [] { return false; };

struct AgentSurvey : testing::Test {
  AgentSurvey() { failing_calls::reset(); }
  ~AgentSurvey() override { failing_calls::reset(); }
  static std::vector<agent_tables> ask(const std::vector<agent_place>& whom,
                                       const std::function<bool()>& stop = never) {
    const std::vector<wire::object_name> columns{if_name, {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, 6}};
    survey_limits limits;
    limits.timeout = milliseconds{300};
    return survey(whom, columns, limits, stop, failing_calls::table());
  }
};

TEST_F(AgentSurvey, ReadsEveryColumnOfEveryAgent) {
  const agent a(one_row()), b(one_row());
  const auto tables = ask({a.place(), b.place()});
  ASSERT_EQ(tables.size(), 2U);
  for (const agent_tables& t : tables) {
    EXPECT_TRUE(t.answered);
    EXPECT_TRUE(t.trouble.empty()) << t.trouble.en;
    ASSERT_EQ(t.columns.size(), 2U);
    ASSERT_EQ(t.columns[0].rows().size(), 1U);
    EXPECT_EQ(t.columns[0].rows()[0].value, "GE7");
    EXPECT_TRUE(t.columns[1].rows().empty());
  }
}

TEST_F(AgentSurvey, ASilentAgentIsGivenUpAndCostsTheOthersNothing) {
  const udp_peer mute;
  const agent a(one_row());
  const auto tables = ask({{parse_address("127.0.0.1").value(), mute.port(), &reader}, a.place()});
  EXPECT_FALSE(tables[0].answered);
  EXPECT_EQ(tables[0].trouble.en, "no answer in time");
  EXPECT_TRUE(tables[1].answered);
}

TEST_F(AgentSurvey, ALostPacketIsAskedAgain) {
  const agent a(one_row(), 1);
  EXPECT_TRUE(ask({a.place()})[0].trouble.empty());
  EXPECT_GE(a.asked, 3);
}

TEST_F(AgentSurvey, AnAgentWithoutGetBulkIsFoundOutOnce) {
  udp_peer peer;
  std::atomic<int> bulk{0};
  const std::jthread answering([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto question = peer.next(20);
      if (!question) continue;
      const auto e = wire::read_snmp_envelope(*question);
      constexpr std::uint8_t get_bulk = 0xa5;
      if (e.pdu == get_bulk)
        ++bulk;
      else
        peer.reply(ber::message(0xa2, "public", static_cast<std::uint32_t>(e.request_id), 0, behind()));
    }
  });
  const agent_place place{parse_address("127.0.0.1").value(), peer.port(), &reader};
  const std::vector<wire::object_name> columns(4, if_name);
  survey_limits limits;
  limits.timeout = milliseconds{300};
  const auto tables = survey(std::vector{place}, columns, limits, never, failing_calls::table());
  EXPECT_TRUE(tables[0].trouble.empty()) << tables[0].trouble.en;
  EXPECT_EQ(bulk, 2) << "for all columns together";
}

TEST_F(AgentSurvey, AClosedPortAndFailuresOfOurOwnAreSaid) {
  EXPECT_EQ(ask({{parse_address("127.0.0.1").value(), 1, &reader}})[0].trouble.en, "connection refused");
  for (const own_error& e : own_errors) {
    failing_calls::socket_error = e.error;
    EXPECT_EQ(ask({{parse_address("127.0.0.1").value(), 1, &reader}})[0].trouble.en, english(e.why)) << e.error;
    failing_calls::reset();
    failing_calls::send_error = e.error;
    EXPECT_EQ(ask({{parse_address("127.0.0.1").value(), 1, &reader}})[0].trouble.en, english(e.why)) << e.error;
    failing_calls::reset();
  }
}

TEST_F(AgentSurvey, ACredentialThatCannotBeUsedIsSaid) {
  credential other = reader;
  other.version = "4";
  const agent a(one_row());
  agent_place place = a.place();
  place.by = &other;
  EXPECT_NE(ask({place})[0].trouble.en.find("version 4"), std::string::npos);
  EXPECT_EQ(a.asked, 0);
}

/** An agent of v3 that says who it is, and then what `says` makes of its answer. */
std::vector<agent_tables> survey_of_v3(const std::function<byte_vector(byte_vector)>& says) {
  credential user;
  user.name = "reader";
  user.version = "3";
  user.user = "reader";
  user.level = "authPriv";
  user.auth = "SHA";
  user.auth_password = secret("maplesyrup");
  user.priv = "AES";
  user.priv_password = secret("maplesugar");
  udp_peer peer;
  const std::jthread answering([&](const std::stop_token& stop) {
    secured_agent agent;
    while (!stop.stop_requested()) {
      const auto question = peer.next(20);
      if (!question) continue;
      agent.packet = *question;
      agent.last = wire::read_snmp3_message(agent.packet);
      const auto id = static_cast<std::uint64_t>(agent.last.id);
      peer.reply(agent.asked_who() ? agent.report(4)
                                   : says(agent.sealed(agent.keys(), agent.pdu(0xa2, id, one_row()))));
    }
  });
  return AgentSurvey::ask({{parse_address("127.0.0.1").value(), peer.port(), &user}});
}

TEST_F(AgentSurvey, AnAgentOfV3IsAskedWhoItIsAndThenItsColumns) {
  const auto tables = survey_of_v3([](byte_vector whole) { return whole; });
  EXPECT_TRUE(tables[0].answered);
  EXPECT_TRUE(tables[0].trouble.empty()) << tables[0].trouble.en;
  EXPECT_EQ(tables[0].columns[0].rows().size(), 1U);
}

TEST_F(AgentSurvey, AnAgentOfV3WhoseAnswersArriveCutHasAnswered) {
  const auto tables = survey_of_v3([](byte_vector whole) {
    whole.pop_back();
    return whole;
  });
  EXPECT_TRUE(tables[0].answered);
  EXPECT_EQ(tables[0].trouble.en, "illegible answers");
}

TEST_F(AgentSurvey, AStopEndsItWithWhatIsThere) {
  const udp_peer mute;
  const std::vector<agent_place> many(200, {parse_address("127.0.0.1").value(), mute.port(), &reader});
  for (const agent_tables& t : ask(many, [] { return true; })) EXPECT_EQ(t.trouble.en, "interrupted");
}

TEST_F(AgentSurvey, AStopInTheMiddleKeepsWhatWasReadAndAsksNoMore) {
  const agent a(one_row()), b(one_row());
  const std::vector<agent_place> places{a.place(), b.place(), a.place()};
  const auto tables = ask(places, [&] { return a.asked + b.asked >= 2; });
  EXPECT_LE(a.asked + b.asked, 4);
  for (const agent_tables& t : tables) EXPECT_EQ(t.trouble.en, "interrupted");
}

TEST_F(AgentSurvey, AllTogetherAreBoundedButEachMaySayItsOwnShare) {
  const std::vector<wire::object_name> columns{if_name};
  const agent a(one_row());
  survey_limits limits;
  limits.rows = 0;
  EXPECT_TRUE(survey(std::vector{a.place()}, columns, limits, never, failing_calls::table())[0].trouble.empty());
  limits.own_rows = 0;
  const auto cut = survey(std::vector{a.place()}, columns, limits, never, failing_calls::table());
  EXPECT_TRUE(cut[0].answered);
  EXPECT_EQ(cut[0].trouble.en, "too much of all devices together: of this one a part was read");
  EXPECT_EQ(cut[0].columns[0].rows().size(), 1U) << "what was read stays";
  limits.rows = 1;
  limits.bytes = limits.own_bytes = 0;
  EXPECT_FALSE(survey(std::vector{a.place()}, columns, limits, never, failing_calls::table())[0].trouble.empty());
}

}  // namespace
}  // namespace changtong::test
