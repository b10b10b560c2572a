// Engines beyond the limit. How they are found out and believed: snmp3_test.cpp.
#include "collectors/snmp_engines.h"

#include <gtest/gtest.h>

#include "tests/collectors/secured_agent.h"

namespace changtong::test {
namespace {

using std::chrono::seconds;

struct SnmpEngines : testing::Test {
  /** What comes of a question to the n-th agent. */
  snmp_engines::heard ask(std::uint8_t n) {
    const snmp_engines::agent who{parse_address("192.0.2." + std::to_string(n)).value(), 161, access->number};
    snmp_engines::step s;
    snmp_engines::heard h{.ask_again = true};
    agent.engine.back() = n;
    for (sent = 0; h.ask_again && sent < 10; ++sent) {
      byte_vector out(2000);
      out.resize(engines.write(who, *access, s, sent + 1, agent.pdu(0xa0, sent + 1, {}), now, out));
      agent.packet = out;
      agent.last = wire::read_snmp3_message(agent.packet);
      said = agent.asked_who() ? agent.report(4) : agent.response(1);
      h = engines.read(who, *access, s, wire::read_snmp3_message(said), said, now);
    }
    return h;
  }
  credential reader{.name = "reader",
                    .version = "3",
                    .user = "reader",
                    .level = "authPriv",
                    .auth = "SHA",
                    .auth_password = secret("maplesyrup"),
                    .priv = "AES",
                    .priv_password = secret("maplesugar")};
  std::shared_ptr<const snmp_access> access = access_of(reader).value();
  secured_agent agent;
  byte_vector said;
  mono_t now{seconds{100'000}};
  std::uint32_t sent = 0;
  snmp_engines engines{2};
};

TEST_F(SnmpEngines, NewcomersBeyondTheLimitTakeNothingFromTheOthersAndAreTold) {
  for (std::uint8_t n = 1; n < 3; ++n) {
    EXPECT_TRUE(ask(n).believed);
    EXPECT_EQ(sent, 2U) << "who is there, and the question";
  }
  for (std::uint8_t n = 3; n < 9; ++n) {
    const auto heard = ask(n);
    EXPECT_FALSE(heard.believed);
    EXPECT_EQ(heard.note, snmp3_note::too_many_engines);
    EXPECT_EQ(sent, 1U);
  }
  EXPECT_NE(snmp_engines::words(*access, snmp3_note::too_many_engines).en.find("no room"), std::string::npos);
  for (std::uint8_t n = 1; n < 3; ++n) {
    EXPECT_TRUE(ask(n).believed);
    EXPECT_EQ(sent, 1U) << "it is known";
  }
}

TEST_F(SnmpEngines, NewcomersBeyondTheLimitTakeThePlaceOfWhoIsAskedNoMore) {
  EXPECT_TRUE(ask(1).believed);
  EXPECT_TRUE(ask(2).believed);
  now += seconds{2 * 3600};
  EXPECT_TRUE(ask(1).believed);
  EXPECT_FALSE(ask(3).believed);
  now += seconds{2 * 3600};
  EXPECT_TRUE(ask(3).believed);
  EXPECT_TRUE(ask(1).believed);
  EXPECT_EQ(sent, 1U) << "it is known";
  EXPECT_FALSE(ask(2).believed);
}

}  // namespace
}  // namespace changtong::test
