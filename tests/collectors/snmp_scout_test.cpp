#include "collectors/snmp_scout.h"

#include <gtest/gtest.h>

#include "tests/collectors/played_agent.h"
#include "tests/collectors/recording_sink.h"

namespace changtong::test {
namespace {

using namespace std::chrono_literals;
using because = snmp_scout::unfound::because;

struct SnmpScout : testing::Test {
  std::shared_ptr<snmp_settings> settings(std::string_view interfaces) {
    auto s = std::make_shared<snmp_settings>();
    s->request =
        wished_class(access_of({.name = "public", .version = "2c", .community = secret("public")}).value(),
                     interfaces.empty() ? std::vector<interface_wish>{} : parse_interface_wishes(interfaces).value());
    s->needs_scouting = true;
    return s;
  }
  check line_with(std::shared_ptr<snmp_settings> s, const char* address = "127.0.0.1") {
    return make_check(address, std::move(s));
  }
  const snmp_scout::errand& errand(const check& c) {
    return scout.errand_for(c, static_cast<const snmp_settings&>(*c.settings), now);
  }
  /** Ten milliseconds at a time; the agent answers whatever is asked, at once. */
  void run(nanoseconds how_long) {
    for (const mono_t end = now + how_long; now < end; now += 10ms) {
      for (const std::uint32_t ticket : scout.expired(now)) scout.take_silence(ticket, now);
      const auto burst = scout.due(now);
      for (const question& q : std::vector<question>(burst.begin(), burst.end())) {
        ++asked;
        if (!silent) scout.take(q.ticket, agent.answer(scout.walk_of(q.ticket)->next()), now);
      }
    }
  }
  played_agent agent;
  snmp_scout scout;
  mono_t now{1000s};
  int asked = 0;
  bool silent = false;
};

TEST_F(SnmpScout, NamedInterfacesAreFoundAndAskedByTheirIndex) {
  agent.name(7, "GE0/0/1");
  agent.name(9, "20260001", 18);
  const check c = line_with(settings("3+name:GE0/0/1+alias:20260001"));
  ASSERT_EQ(errand(c).request->interfaces.size(), 1U) << "what is known meanwhile";
  EXPECT_EQ(errand(c).missing.at(0).why, because::looking);
  run(1s);
  const auto& e = errand(c);
  EXPECT_TRUE(e.missing.empty());
  ASSERT_EQ(e.request->interfaces.size(), 3U);
  EXPECT_EQ(e.request->interfaces[1].index, 7U);
  EXPECT_EQ(e.request->interfaces[1].by, name_column::if_name);
  EXPECT_EQ(e.request->interfaces[2].index, 9U);
  EXPECT_EQ(e.names.size(), 2U);
}

TEST_F(SnmpScout, LinesOfOneAgentShareAWalk) {
  agent.name(1, "a");
  agent.name(2, "b");
  const check one = line_with(settings("name:a")), other = line_with(settings("name:b"));
  static_cast<void>(errand(one));
  static_cast<void>(errand(other));
  run(1s);
  EXPECT_EQ(errand(one).request->interfaces.at(0).index, 1U);
  EXPECT_EQ(errand(other).request->interfaces.at(0).index, 2U);
  EXPECT_EQ(asked, 2) << "ifName and ifDescr";
}

TEST_F(SnmpScout, WhatIsAskedForWhileAWalkIsUnderWayIsReadNext) {
  agent.name(1, "a");
  agent.name(2, "20260002", 18);
  const check one = line_with(settings("name:a")), other = line_with(settings("alias:20260002"));
  static_cast<void>(errand(one));
  run(10ms);
  static_cast<void>(errand(other));
  run(1s);
  EXPECT_TRUE(errand(one).missing.empty());
  EXPECT_EQ(errand(other).request->interfaces.at(0).index, 2U);
}

TEST_F(SnmpScout, MissingAndTwiceAreSaidAndLookedForAgainAfterFiveMinutes) {
  agent.name(1, "a");
  agent.name(2, "a");
  const check c = line_with(settings("name:a+name:b"));
  static_cast<void>(errand(c));
  run(1s);
  ASSERT_EQ(errand(c).missing.size(), 2U);
  EXPECT_EQ(errand(c).missing[0].why, because::twice);
  EXPECT_EQ(errand(c).missing[1].why, because::missing);
  agent.name(2, "b");
  run(240s);
  EXPECT_EQ(errand(c).missing.size(), 2U);
  run(62s);
  EXPECT_TRUE(errand(c).missing.empty());
}

TEST_F(SnmpScout, SilentAgentIsLeftAloneForAMinute) {
  silent = true;
  const check c = line_with(settings("name:a"));
  static_cast<void>(errand(c));
  run(30s);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(errand(c).missing.at(0).why, because::silent);
  silent = false;
  agent.name(1, "a");
  run(60s);
  EXPECT_TRUE(errand(c).missing.empty());
}

TEST_F(SnmpScout, WhoIsSilentForLongIsAskedEveryFiveMinutesUntilHeAnswers) {
  silent = true;
  const check c = line_with(settings("name:a"));
  const auto stay = [&](int minutes) {
    for (; minutes > 0; --minutes) static_cast<void>(errand(c)), run(60s);
  };
  stay(20);
  asked = 0;
  stay(60);
  EXPECT_GE(asked, 3 * 11);
  EXPECT_LE(asked, 3 * 12) << "three questions in five minutes";
  silent = false;
  agent.name(1, "a");
  stay(6);
  EXPECT_TRUE(errand(c).missing.empty());
}

TEST_F(SnmpScout, NameThatWasCorrectedIsLookedForNoLonger) {
  agent.name(1, "a");
  const check wrong = line_with(settings("name:b")), right = line_with(settings("name:a"));
  static_cast<void>(errand(wrong));
  run(20s);
  static_cast<void>(errand(right));
  run(15min);
  asked = 0;
  for (int n = 0; n < 30; ++n) static_cast<void>(errand(right)), run(60s);
  EXPECT_EQ(asked, 0);
}

TEST_F(SnmpScout, NameThatCameLaterAndIsMissingIsLookedForToo) {
  agent.name(1, "a");
  const check old = line_with(settings("name:a")), late = line_with(settings("name:b"));
  static_cast<void>(errand(old));
  run(10min);
  agent.name(2, "b");
  static_cast<void>(errand(late));
  run(5s);
  EXPECT_TRUE(errand(late).missing.empty());
}

TEST_F(SnmpScout, SlowAgentHoldsUpNoOther) {
  agent.name(1, "a");
  const check slow = line_with(settings("name:a"), "127.0.0.2"), quick = line_with(settings("name:a"));
  static_cast<void>(errand(slow));
  static_cast<void>(errand(quick));
  for (const question& q : scout.due(now))
    if (q.what->address == quick.address) scout.take(q.ticket, agent.answer(scout.walk_of(q.ticket)->next()), now);
  now += 50ms;
  for (const question& q : scout.due(now)) scout.take(q.ticket, agent.answer(scout.walk_of(q.ticket)->next()), now);
  EXPECT_TRUE(errand(quick).missing.empty());
  EXPECT_EQ(errand(slow).missing.size(), 1U);
}

TEST_F(SnmpScout, AgentIsAskedOneQuestionAtATimeWithPauses) {
  for (std::uint32_t i = 1; i <= 100; ++i) agent.name(i, "if" + std::to_string(i));
  const check c = line_with(settings("name:if100"));
  static_cast<void>(errand(c));
  const auto first = scout.due(now);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(scout.due(now + 1s).empty()) << "one is under way";
  scout.take(snmp_scout::mark, agent.answer(scout.walk_of(snmp_scout::mark)->next()), now);
  EXPECT_TRUE(scout.due(now + 10ms).empty());
  EXPECT_EQ(scout.due(now + 20ms).size(), 1U);
}

TEST_F(SnmpScout, RenumberedDeviceIsLookedAtAgainButNotMoreThanEveryTenSeconds) {
  agent.name(1, "a");
  const check c = line_with(settings("name:a"));
  const auto& s = static_cast<const snmp_settings&>(*c.settings);
  static_cast<void>(errand(c));
  run(1s);
  agent.objects.clear();
  agent.name(5, "a");
  scout.look_again(c, s, now);
  run(5s);
  EXPECT_EQ(errand(c).request->interfaces.at(0).index, 1U);
  run(6s);
  EXPECT_EQ(errand(c).request->interfaces.at(0).index, 5U);
}

TEST_F(SnmpScout, InterfaceThatMovesAtEveryWalkLeavesNoClassBehind) {
  agent.name(1, "a");
  const check c = line_with(settings("name:a"));
  const auto& s = static_cast<const snmp_settings&>(*c.settings);
  static_cast<void>(errand(c));
  run(1s);
  const auto flight = errand(c).request;
  std::vector<std::weak_ptr<const snmp_request_class>> seen;
  for (std::uint32_t index = 2; index < 20; ++index) {
    agent.objects.clear();
    agent.name(index, "a");
    scout.look_again(c, s, now);
    run(11s);
    ASSERT_EQ(errand(c).request->interfaces.at(0).index, index);
    seen.push_back(errand(c).request);
  }
  EXPECT_FALSE(seen.back().expired());
  seen.pop_back();
  for (const auto& request : seen) EXPECT_TRUE(request.expired());
  EXPECT_EQ(flight->interfaces.at(0).index, 1U) << "a question under way holds its own";
}

TEST_F(SnmpScout, RestartOfTheAgentIsSeenByItsUpTimeAndItsTurnIsNone) {
  agent.name(1, "a");
  const check c = line_with(settings("name:a"));
  const auto& s = static_cast<const snmp_settings&>(*c.settings);
  static_cast<void>(errand(c));
  run(20s);
  const int before = asked;
  scout.note_up_time(c, s, 0xffffff00, now);
  run(10s);
  scout.note_up_time(c, s, 744, now);
  run(10s);
  EXPECT_EQ(asked, before);
  scout.note_up_time(c, s, 100, now);
  run(10s);
  EXPECT_GT(asked, before);
}

TEST_F(SnmpScout, ProfileIsChosenBySysObjectIdAndReadEveryMinute) {
  const wire::object_name processor{1, 3, 6, 1, 4, 1, 9, 1};
  auto all = std::make_shared<device_profiles>(2);
  all->at(0).name = "generic";
  all->at(1) = {"maker", "", {{1, 3, 6, 1, 4, 1, 9}}, {{.name = fact_name::processor_use, .object = processor}}};
  auto s = settings("");
  s->profile = {all, "auto", {}};
  const check c = line_with(s);
  agent.objects[{1, 3, 6, 1, 2, 1, 1, 2, 0}] = object({1, 3, 6, 1, 4, 1, 9, 77});
  agent.objects[{1, 3, 6, 1, 4, 1, 9, 1, 1}] = ber::number(0x02, 37);
  const auto told = [&] {
    std::vector<fact> facts;
    scout.add_facts(c, *s, *errand(c).request, now, facts);
    return facts;
  };
  EXPECT_TRUE(told().empty());
  run(1s);
  ASSERT_EQ(told().size(), 1U);
  EXPECT_EQ(told()[0].value, 37);
  agent.objects[{1, 3, 6, 1, 4, 1, 9, 1, 1}] = ber::number(0x02, 38);
  run(30s);
  EXPECT_EQ(told()[0].value, 37);
  run(31s);
  EXPECT_EQ(told()[0].value, 38);
}

/** A chassis with two thousand parts, of which one has a processor. */
TEST_F(SnmpScout, WhoNeedsManyQuestionsForAProfileIsAskedSeldomer) {
  constexpr std::uint32_t parts = 2000;
  auto all = std::make_shared<device_profiles>(1);
  const wire::object_name processor{1, 3, 6, 1, 4, 1, 9, 1};
  all->at(0) = {"maker", "", {}, {{.name = fact_name::processor_use, .object = processor}}};
  auto s = settings("");
  s->profile = {all, "maker", {}};
  const check c = line_with(s);
  for (std::uint32_t n = 1; n <= parts; ++n) {
    wire::object_name row = processor;
    row.push_back(n);
    agent.objects[row] = ber::number(0x02, n == 7 ? 37 : 0);
  }
  static_cast<void>(errand(c));
  run(60s);
  const int tour = asked;
  EXPECT_GT(tour, 90);
  for (int minute = 0; minute < 20; ++minute) static_cast<void>(errand(c)), run(60s);
  EXPECT_LE(asked, tour + 21 * 60) << "one a second";
  EXPECT_GE(asked, tour * 8);
  std::vector<fact> facts;
  scout.add_facts(c, *s, *errand(c).request, now, facts);
  ASSERT_EQ(facts.size(), 1U) << "and told all the while";
  EXPECT_EQ(facts[0].value, 37);
}

TEST_F(SnmpScout, ProfileOutlivesAReloadThatTakesItAwayWhileItIsRead) {
  const auto profiles = [] {
    auto all = std::make_shared<device_profiles>(1);
    all->at(0) = {
        "maker", "", {}, {{.name = fact_name::processor_use, .object = wire::object_name{1, 3, 6, 1, 4, 1, 9, 1}}}};
    return all;
  };
  auto before = settings(""), after = settings("");
  after->request = before->request;
  before->profile = {profiles(), "maker", {}};
  agent.objects[{1, 3, 6, 1, 4, 1, 9, 1, 1}] = ber::number(0x02, 37);
  check c = line_with(before);
  static_cast<void>(errand(c));
  ASSERT_EQ(scout.due(now).size(), 1U);
  const std::weak_ptr<const device_profiles> old = before->profile.all;
  after->profile = {profiles(), "maker", {}};
  c = line_with(after);
  before.reset();
  static_cast<void>(errand(c));
  EXPECT_FALSE(old.expired()) << "what is read is told by it";
  scout.take(snmp_scout::mark, agent.answer(scout.walk_of(snmp_scout::mark)->next()), now);
  run(1s);
  std::vector<fact> facts;
  scout.add_facts(c, *after, *errand(c).request, now, facts);
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].value, 37);
  run(61s);
  EXPECT_TRUE(old.expired());
}

TEST_F(SnmpScout, WhatNobodyAsksForIsForgotten) {
  const check c = line_with(settings("name:a"));
  static_cast<void>(errand(c));
  run(1s);
  now += 4h;
  asked = 0;
  run(10s);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(errand(c).missing.at(0).why, because::looking) << "as if it were new";
}

}  // namespace
}  // namespace changtong::test
