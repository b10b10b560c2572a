#include "collectors/tcp.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "collectors/net/dial.h"
#include "collectors/net/socket_address.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/recording_sink.h"

namespace changtong::test {
namespace {

struct listener {
  explicit listener(const char* where, int backlog = 512) {
    const ip_address address = parse_address(where).value();
    fd = net::owned_fd(::socket(address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    net::socket_address a{};
    socklen_t length = net::write_socket_address(a, address, 0);
    EXPECT_EQ(::bind(fd.get(), &a.any, length), 0);
    EXPECT_EQ(::listen(fd.get(), backlog), 0);
    ::getsockname(fd.get(), &a.any, &length);
    ip_address ignored;
    net::read_socket_address(a, ignored, port);
  }
  net::owned_fd fd;
  std::uint16_t port = 0;
};

struct Tcp : testing::Test {
  Tcp() { failing_calls::reset(); }
  ~Tcp() override { failing_calls::reset(); }
  static std::shared_ptr<const check_settings> settings(std::uint16_t port, bool reset_is_good = true) {
    auto s = std::make_shared<tcp_settings>();
    s->port = port;
    s->reset_is_good = reset_is_good;
    return s;
  }
  kept_answer answer_of(const check& c) {
    ask_one(*tcp, c, ++ticket);
    EXPECT_TRUE(drain_until(*tcp, [&] { return sink.answers.contains(ticket); }));
    return sink.answers[ticket];
  }
  recording_sink sink;
  std::uint32_t ticket = 0;
  std::unique_ptr<collector> tcp = make_tcp(sink, failing_calls::table());
};

TEST_F(Tcp, ListenerIsGood) {
  const listener l("127.0.0.1");
  const auto a = answer_of(make_check("127.0.0.1", settings(l.port)));
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_GT(a.rtt.count(), 0);
}

TEST_F(Tcp, Ipv6ListenerIsGood) {
  const listener l("::1");
  EXPECT_EQ(answer_of(make_check("::1", settings(l.port))).what, outcome::good);
}

TEST_F(Tcp, RefusalProvesReachabilityUnlessToldOtherwise) {
  std::uint16_t nobody = 0;
  {
    nobody = listener("127.0.0.1").port;
  }
  const auto closed = answer_of(make_check("127.0.0.1", settings(nobody)));
  EXPECT_EQ(closed.what, outcome::good);
  EXPECT_NE(closed.detail.find("端口关闭也算可达"), std::string::npos);
  const auto a = answer_of(make_check("127.0.0.1", settings(nobody, false)));
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::refused);
}

TEST_F(Tcp, ResetInsteadOfARefusalProvesReachabilityToo) {
  failing_calls::connect_error = ECONNRESET;
  EXPECT_EQ(answer_of(make_check("127.0.0.1", settings(9))).what, outcome::good);
  const auto a = answer_of(make_check("127.0.0.1", settings(9, false)));
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::reset);
}

TEST_F(Tcp, SilentPeerIsForgottenAsATimeout) {
  const listener l("127.0.0.1", 0);
  // A full backlog drops further SYNs: the connects stay under way.
  std::vector<net::dialled> fill;
  for (int i = 0; i < 4; ++i)
    fill.push_back(net::dial(net::syscalls::kernel(), parse_address("127.0.0.1").value(), l.port));
  const check c = make_check("127.0.0.1", settings(l.port));
  ask_one(*tcp, c, 9);
  tcp->drain();
  EXPECT_FALSE(sink.answers.contains(9));
  EXPECT_EQ(tcp->forget(9), cause::timeout);
  tcp->drain();
  EXPECT_FALSE(sink.answers.contains(9));
}

TEST_F(Tcp, HundredsAtOnceAreAnsweredOnceEach) {
  const listener l("127.0.0.1", 1024);
  const check c = make_check("127.0.0.1", settings(l.port));
  std::vector<question> burst(400);
  for (std::uint32_t i = 0; i < burst.size(); ++i) burst[i] = {i, &c, {}, {}};
  tcp->ask(burst);
  EXPECT_TRUE(drain_until(*tcp, [&] { return sink.answers.size() == burst.size(); }));
  for (const auto& [t, a] : sink.answers) EXPECT_EQ(a.what, outcome::good) << t;
}

TEST_F(Tcp, EveryErrorOfOurOwnIsNotMeasured) {
  const check c = make_check("127.0.0.1", settings(9));
  for (const auto& e : own_errors) {
    failing_calls::reset();
    failing_calls::socket_error = e.error;
    auto a = answer_of(c);
    EXPECT_EQ(a.what, outcome::not_measured);
    EXPECT_EQ(a.why, e.why) << e.error;
    failing_calls::reset();
    failing_calls::connect_error = e.error;
    a = answer_of(c);
    EXPECT_EQ(a.what, outcome::not_measured);
    EXPECT_EQ(a.why, e.why) << e.error;
  }
}

TEST_F(Tcp, UnreachableHostIsTheLinesFault) {
  failing_calls::connect_error = EHOSTUNREACH;
  const auto a = answer_of(make_check("127.0.0.1", settings(9)));
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::host_unreachable);
}

/** A service that answers one caller: what it says once it has heard `until`, and whether it then stays. */
struct service {
  listener door{"127.0.0.1"};
  net::owned_fd caller;
  std::string heard;

  /** Lets the collector and the service take turns until the collector has its answer. */
  kept_answer talk(collector& tcp, recording_sink& sink, const check& c, std::uint32_t ticket, std::string_view says,
                   std::string_view until = {}, bool stays = true) {
    ask_one(tcp, c, ticket);
    bool said = false;
    EXPECT_TRUE(drain_until(tcp, [&] {
      if (!caller) caller = net::owned_fd(::accept4(door.fd.get(), nullptr, nullptr, SOCK_NONBLOCK));
      if (!caller || sink.answers.contains(ticket)) return sink.answers.contains(ticket);
      std::array<char, 256> chunk{};
      const ssize_t got = ::recv(caller.get(), chunk.data(), chunk.size(), 0);
      if (got > 0) heard.append(chunk.data(), static_cast<std::size_t>(got));
      if (!said && heard.find(until) != std::string::npos) {
        said = true;
        EXPECT_EQ(::send(caller.get(), says.data(), says.size(), MSG_NOSIGNAL), static_cast<ssize_t>(says.size()));
        if (!stays) ::shutdown(caller.get(), SHUT_WR);
      }
      return false;
    }));
    return sink.answers[ticket];
  }
  [[nodiscard]] check expecting(std::string_view what, std::string_view sending = {},
                                milliseconds timeout = std::chrono::seconds{3}) const {
    auto s = std::make_shared<tcp_settings>();
    s->port = door.port;
    s->script = {.send = std::string(sending), .expect = std::string(what)};
    check c = make_check("127.0.0.1", std::move(s));
    c.when.timeout = timeout;
    return c;
  }
};

TEST_F(Tcp, AServiceThatSaysWhatIsExpectedIsGoodInTheTimeOfItsHandshake) {
  service smtp;
  const check c = smtp.expecting("220 ");
  const auto a = smtp.talk(*tcp, sink, c, 1, "220 mail.example.gov.cn ESMTP\r\n");
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_GT(a.rtt.count(), 0);
  EXPECT_LT(a.rtt, std::chrono::milliseconds{200});
}

TEST_F(Tcp, WhatIsToBeSentIsSentAndTheAnswerRead) {
  service redis;
  const check c = redis.expecting("+PONG", "PING\r\n");
  EXPECT_EQ(redis.talk(*tcp, sink, c, 1, "+PONG\r\n", "PING\r\n").what, outcome::good);
  EXPECT_EQ(redis.heard, "PING\r\n");
}

TEST_F(Tcp, AnAnswerThatEndsAndIsAnotherOneIsBadAndNamesWhatCame) {
  service smtp;
  const check c = smtp.expecting("220 ");
  const auto a = smtp.talk(*tcp, sink, c, 1, "554 no \x01service\r\n", {}, false);
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::wrong_answer);
  EXPECT_EQ(a.detail,
            "应答中没有“220 ”，收到的是“554 no \\x01service\\r\\n” / the answer has no `220 `, it begins with "
            "`554 no \\x01service\\r\\n`");
}

TEST_F(Tcp, AnotherAnswerOfAServiceThatStaysIsNamedAtTheDeadline) {
  service smtp;
  const check c = smtp.expecting("220 ", {}, std::chrono::milliseconds{50});
  const auto a = smtp.talk(*tcp, sink, c, 1, "421 busy\r\n");
  EXPECT_EQ(a.why, cause::wrong_answer);
  EXPECT_NE(a.detail.find("421 busy"), std::string::npos);
}

TEST_F(Tcp, AFloodWithoutTheAnswerIsEndedByItsLength) {
  service flood;
  const check c = flood.expecting("220 ");
  const auto a = flood.talk(*tcp, sink, c, 1, std::string(6000, 'x'));
  EXPECT_EQ(a.why, cause::wrong_answer);
  EXPECT_LT(a.detail.size(), 500U);
}

TEST_F(Tcp, AServiceThatHangsUpWithoutAWordIsBad) {
  service silent;
  const check c = silent.expecting("220 ");
  const auto a = silent.talk(*tcp, sink, c, 1, "", {}, false);
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::closed_early);
}

TEST_F(Tcp, AServiceThatOpensAndSaysNothingIsForgottenAsATimeout) {
  const listener l("127.0.0.1");
  auto s = std::make_shared<tcp_settings>();
  s->port = l.port;
  s->script.expect = "220";
  const check c = make_check("127.0.0.1", std::move(s));
  ask_one(*tcp, c, 9);
  for (int i = 0; i < 20; ++i) tcp->drain();
  EXPECT_FALSE(sink.answers.contains(9));
  EXPECT_EQ(tcp->forget(9), cause::timeout);
  tcp->drain();
  EXPECT_FALSE(sink.answers.contains(9));
}

TEST_F(Tcp, WhereAnAnswerIsExpectedAClosedPortIsBadUnlessToldOtherwise) {
  const auto reset_of = [](std::vector<kind_arguments::pair> pairs) {
    kind_arguments a;
    a.pairs = std::move(pairs);
    const auto r = tcp_kind().parse(a);
    return r && static_cast<const tcp_settings&>(**r).reset_is_good;
  };
  EXPECT_TRUE(reset_of({{"port", "25"}}));
  EXPECT_FALSE(reset_of({{"port", "25"}, {"expect", "220"}}));
  EXPECT_TRUE(reset_of({{"reset", "good"}, {"port", "25"}, {"expect", "220"}}));
}

TEST_F(Tcp, ArgumentsOfATalkAreBytes) {
  kind_arguments a;
  a.pairs = {{"port", "25"}, {"send", "EHLO x\\r\\n"}, {"expect", "\\x32\\x32\\x30"}};
  const auto r = tcp_kind().parse(a);
  ASSERT_TRUE(r);
  const auto& s = static_cast<const tcp_settings&>(**r);
  EXPECT_EQ(s.script.send, "EHLO x\r\n");
  EXPECT_EQ(s.script.expect, "220");
}

TEST_F(Tcp, BadArgumentsAreNamed) {
  const auto said = [](std::vector<kind_arguments::pair> pairs) {
    kind_arguments a;
    a.pairs = std::move(pairs);
    const auto r = tcp_kind().parse(a);
    return r ? std::string("accepted") : r.error().text_en;
  };
  EXPECT_EQ(said({{"port", "443"}, {"reset", "bad"}}), "accepted");
  EXPECT_NE(said({}).find("port= is missing"), std::string::npos);
  EXPECT_NE(said({{"port", "x"}}).find("port"), std::string::npos);
  EXPECT_NE(said({{"port", "1"}, {"reset", "maybe"}}).find("`maybe`"), std::string::npos);
  EXPECT_NE(said({{"port", "1"}, {"size", "1"}}).find("unknown key `size`"), std::string::npos);
  EXPECT_NE(said({{"port", "1"}, {"send", "x"}}).find("send needs expect="), std::string::npos);
  EXPECT_NE(said({{"port", "1"}, {"expect", "\\q"}}).find("expect: after a backslash"), std::string::npos);
  EXPECT_NE(said({{"port", "1"}, {"expect", std::string(300, 'x')}}).find("1 to 256 bytes"), std::string::npos);
}

}  // namespace
}  // namespace changtong::test
