// The simulated lines answer real packets, and fall silent when they are cut.
#include "daemon/simulate/agents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "collectors/wire/page_text.h"
#include "daemon/simulate/web_sites.h"
#include "tests/simulate/wire_question.h"

namespace changtong::simulate {
namespace {

using asking::ask_snmp;
using asking::knock;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

port_numbers ports_of_this_run() {
  // own range per process, so that test programs can run side by side
  const auto base = static_cast<std::uint16_t>(20'000 + getpid() % 2'000 * 8);
  return {.snmp = base,
          .tcp = static_cast<std::uint16_t>(base + 1),
          .http = static_cast<std::uint16_t>(base + 2),
          .dns = static_cast<std::uint16_t>(base + 6)};
}

class simulated : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    auto world = make_world(where_, "s3cret", std::chrono::steady_clock::now());
    auto opened = GetParam() ? open_shared_sockets(io_, std::move(world)) : open_own_sockets(io_, std::move(world));
    ASSERT_TRUE(opened) << to_string(opened.error());
    agents_ = std::move(*opened);
    thread_ = std::thread([this] { io_.run(); });
  }
  void TearDown() override {
    guard_.reset();
    io_.stop();
    if (thread_.joinable()) thread_.join();
    agents_.reset();
  }

  void set(std::uint32_t line, line_condition to) {
    std::promise<bool> done;
    boost::asio::post(io_, [&] { done.set_value(agents_->set(line, to).has_value()); });
    ASSERT_TRUE(done.get_future().get());
  }
  asking::bytes ask(std::uint32_t line, int wait_ms, std::string_view community = "s3cret") {
    return ask_snmp(where_.lines[line].address, where_.ports.snmp,
                    asking::snmp_question(community, {asking::sys_up_time, asking::sys_name}), wait_ms);
  }
  /** sysName by v3, as a manager asks it: who is there, and then the question, at that level. */
  asking::bytes ask_secured(std::uint32_t line, net::auth_protocol signs = net::auth_protocol::sha256,
                            net::privacy_protocol hides = net::privacy_protocol::aes128) {
    const auto question = asking::snmp_question("", {asking::sys_name});
    wire::snmp3_draft d;
    d.id = 0x40000001;
    d.max_size = 8192;
    d.flags = wire::snmp3_reportable;
    d.pdu = wire::pdu_of_community_message(question);
    net::usm u;
    asking::bytes packet(1472);
    packet.resize(u.seal({}, d, packet));
    const auto report = ask_snmp(where_.lines[line].address, where_.ports.snmp, packet, 2000);
    const auto who = wire::read_snmp3_message(report);
    if (!who.known) return {};
    const auto keys = net::localized(net::usm_keys_of(signs, secret("s3cret"), hides, secret("s3cret")), who.engine);
    d.engine = who.engine;
    d.boots = static_cast<std::uint32_t>(who.boots);
    d.time = static_cast<std::uint32_t>(who.time);
    d.user = secured_user;
    packet.resize(1472);
    packet.resize(u.seal(keys, d, packet));
    const auto answer = ask_snmp(where_.lines[line].address, where_.ports.snmp, packet, 2000);
    const auto opened = u.open(keys, wire::read_snmp3_message(answer), answer);
    const auto expected =
        signs == net::auth_protocol::none ? net::usm_opened::state::plain : net::usm_opened::state::authentic;
    return opened.what == expected ? asking::bytes(opened.scoped.begin(), opened.scoped.end()) : asking::bytes();
  }
  int knock_at(std::uint32_t line) { return knock(where_.lines[line].address, where_.ports.tcp, 300); }
  static std::string text(const asking::bytes& b) { return {b.begin(), b.end()}; }

  district where_ = make_district(12, 7, ports_of_this_run());
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_ = boost::asio::make_work_guard(io_);
  std::unique_ptr<agents> agents_;
  std::thread thread_;
};

INSTANTIATE_TEST_SUITE_P(OwnAndShared, simulated, testing::Bool(),
                         [](const auto& shared) { return shared.param ? "Shared" : "Own"; });

TEST_P(simulated, EveryLineAnswersWithItsOwnNameFromItsOwnAddress) {
  for (std::uint32_t n = 0; n < where_.lines.size(); ++n) {
    EXPECT_THAT(text(is_secured(where_.lines[n], n) ? ask_secured(n) : ask(n, 2000)), HasSubstr(where_.lines[n].id));
    EXPECT_EQ(knock_at(n), 0);
  }
}

TEST_P(simulated, AThirdOfTheLinesAnswersV3Alone) {
  std::size_t secured = 0;
  for (std::uint32_t n = 0; n < where_.lines.size(); ++n) secured += is_secured(where_.lines[n], n) ? 1U : 0U;
  EXPECT_GE(secured, where_.lines.size() / 3 - 1);
  EXPECT_THAT(ask(2, 100), IsEmpty());
  EXPECT_THAT(ask_secured(2), testing::Not(IsEmpty()));
}

TEST_P(simulated, AQuestionBelowItsLevelIsDeniedAsARealAgentDoes) {
  for (const auto signs : {net::auth_protocol::none, net::auth_protocol::sha256}) {
    const auto answer = ask_secured(2, signs, net::privacy_protocol::none);
    const auto scoped = wire::read_snmp3_scoped(answer);
    ASSERT_TRUE(scoped.known);
    EXPECT_EQ(scoped.report, wire::snmp3_report::none);
    ASSERT_GE(scoped.rest.size(), 3U);
    EXPECT_EQ(scoped.rest[2], 16) << "authorizationError";
    EXPECT_THAT(text({scoped.rest.begin(), scoped.rest.end()}), testing::Not(HasSubstr(where_.lines[2].id)));
  }
}

TEST_P(simulated, WrongCommunityIsNotAnswered) { EXPECT_THAT(ask(0, 100, "public"), IsEmpty()); }

TEST_P(simulated, CutLineIsSilentAndItsNeighbourIsNot) {
  set(3, {.snmp = false, .tcp = false});
  EXPECT_THAT(ask(3, 100), IsEmpty());
  EXPECT_EQ(knock_at(3), GetParam() ? ETIMEDOUT : ECONNREFUSED);
  EXPECT_THAT(text(ask(4, 2000)), HasSubstr(where_.lines[4].id));
  EXPECT_EQ(knock_at(4), 0);
}

TEST_P(simulated, CutLineComesBackEachTime) {
  for (int round = 0; round < 5; ++round) {
    set(3, {.snmp = false, .tcp = false});
    set(3, {});
    EXPECT_THAT(text(ask(3, 2000)), HasSubstr(where_.lines[3].id));
    EXPECT_EQ(knock_at(3), 0);
  }
}

TEST_P(simulated, SilentAgentStillAcceptsTcp) {
  set(2, {.snmp = false});
  EXPECT_THAT(ask(2, 100), IsEmpty());
  EXPECT_EQ(knock_at(2), 0);
}

TEST_P(simulated, LossyLineLosesAShareOfQuestions) {
  set(1, {.loss = 0.5});
  int lost = 0;
  for (int n = 0; n < 40; ++n) lost += ask(1, 20).empty() ? 1 : 0;
  EXPECT_GT(lost, 4);
  EXPECT_LT(lost, 36);
  set(1, {});
  for (int n = 0; n < 10; ++n) EXPECT_FALSE(ask(1, 2000).empty());
}

TEST_P(simulated, SlowLineAnswersLate) {
  set(1, {.delay = milliseconds{120}});
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(ask(1, 2000).empty());
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds{115});
}

TEST_P(simulated, AddressOfNoLineIsNotAnswered) {
  EXPECT_THAT(ask_snmp(0x7f000001, where_.ports.snmp, asking::snmp_question("s3cret", {asking::sys_name}), 50),
              IsEmpty());
}

class websites : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = web_sites::open(io_, where_);
    ASSERT_TRUE(opened) << to_string(opened.error());
    sites_ = std::move(*opened);
    thread_ = std::thread([this] { io_.run(); });
  }
  void TearDown() override {
    io_.stop();
    thread_.join();
  }
  void set(std::uint32_t site, site_condition to) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      sites_->set(site, to);
      done.set_value();
    });
    done.get_future().get();
  }
  std::string answer(std::uint32_t n, const std::string& headers = {}) {
    return asking::fetch(where_.sites[n].address, where_.sites[n].port, headers);
  }
  /** As a browser shows it that has kept the cookie of the answer before. */
  std::string page(std::uint32_t n) {
    std::string bytes = answer(n);
    const auto given = bytes.find("Set-Cookie: ");
    if (given != std::string::npos)
      bytes = answer(n, "Cookie: " + bytes.substr(given + 12, bytes.find(';', given) - given - 12) + "\r\n");
    return wire::page_text(bytes, "text/html");
  }

  district where_ = make_district(1, 7, {.http = static_cast<std::uint16_t>(ports_of_this_run().http + 3)});
  boost::asio::io_context io_{1};
  std::unique_ptr<web_sites> sites_;
  std::thread thread_;
};

TEST_F(websites, EachSiteServesAChinesePageWithItsName) {
  for (std::uint32_t n = 0; n < where_.sites.size(); ++n) {
    EXPECT_THAT(page(n), ContainsRegex("^HTTP/1\\.[01] 200"));
    EXPECT_THAT(page(n), HasSubstr("政务公开"));
    EXPECT_THAT(page(n), HasSubstr("<title>" + where_.sites[n].name + "</title>"));
  }
}

TEST_F(websites, BrokenSiteAnswers500AndRecovers) {
  set(0, {.failing = true});
  EXPECT_THAT(page(0), HasSubstr("HTTP/1.1 500"));
  EXPECT_THAT(page(1), HasSubstr("HTTP/1.1 200"));
  set(0, {});
  EXPECT_THAT(page(0), HasSubstr("HTTP/1.1 200"));
}

TEST_F(websites, SlowSiteAnswersLateButWhole) {
  for (std::uint32_t n = 0; n < where_.sites.size(); ++n) {
    set(n, {.delay = milliseconds{150}});
    const auto before = std::chrono::steady_clock::now();
    EXPECT_THAT(page(n), HasSubstr("政务公开"));
    EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds{145});
  }
}

TEST_F(websites, OldSiteFailsAtItsDoorAndNotBehindIt) {
  set(2, {.failing = true, .delay = milliseconds{100}});
  EXPECT_THAT(answer(2), StartsWith("HTTP/1.0 500\n"));
  EXPECT_THAT(answer(2, "Cookie: JSESSIONID=5F3A9C0E71D24B68\r\n"), StartsWith("HTTP/1.0 200\n"));
}

}  // namespace
}  // namespace changtong::simulate
