#include "collectors/tcp.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(answer_of(make_check("127.0.0.1", settings(nobody))).what, outcome::good);
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
}

}  // namespace
}  // namespace changtong::test
