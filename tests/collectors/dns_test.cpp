#include "collectors/dns.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include "collectors/dns_question.h"
#include "collectors/net/dial.h"
#include "tests/collectors/domain_writer.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/recording_sink.h"
#include "tests/collectors/udp_peer.h"

namespace changtong::test {
namespace {

constexpr unsigned type_a = 1, type_txt = 16;
const std::string right_address("\xc0\x00\x02\x50", 4), other_address("\xc6\x33\x64\x09", 4);

std::shared_ptr<const check_settings> settings(std::vector<kind_arguments::pair> pairs) {
  kind_arguments a;
  a.pairs = std::move(pairs);
  const auto made = parse_dns(a);
  EXPECT_TRUE(made) << (made ? "" : made.error().text_en);
  return made ? *made : nullptr;
}

std::string refusal(std::vector<kind_arguments::pair> pairs) {
  kind_arguments a;
  a.pairs = std::move(pairs);
  const auto made = parse_dns(a);
  return made ? "taken" : made.error().text_en;
}

std::uint16_t id_of(const byte_vector& question) { return static_cast<std::uint16_t>(question[0] << 8U | question[1]); }

/** A TCP listener beside the UDP socket, at the same port. */
struct tcp_side {
  explicit tcp_side(std::uint16_t port) {
    fd = net::owned_fd(::socket(AF_INET, SOCK_STREAM, 0));
    net::socket_address a{};
    const socklen_t length = net::write_socket_address(a, *parse_address("127.0.0.1"), port);
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    EXPECT_EQ(::bind(fd.get(), &a.any, length), 0);
    EXPECT_EQ(::listen(fd.get(), 8), 0);
  }
  /** Takes the connection; the question without its length. */
  byte_vector next() {
    pollfd p{fd.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&p, 1, 2000), 1);
    talk = net::owned_fd(::accept(fd.get(), nullptr, nullptr));
    byte_vector question(600);
    const auto n = ::recv(talk.get(), question.data(), question.size(), 0);
    if (n < 2) return {};
    return {question.begin() + 2, question.begin() + n};
  }
  void send(const byte_vector& message, std::size_t missing = 0) const {
    byte_vector out{static_cast<std::uint8_t>(message.size() >> 8U), static_cast<std::uint8_t>(message.size())};
    out.insert(out.end(), message.begin(), message.end());
    EXPECT_GT(::send(talk.get(), out.data(), out.size() - missing, MSG_NOSIGNAL), 0);
  }
  net::owned_fd fd, talk;
};

struct Dns : testing::Test {
  Dns() { failing_calls::reset(); }
  ~Dns() override { failing_calls::reset(); }
  recording_sink sink;
  udp_peer server;
  std::unique_ptr<collector> dns = make_dns(sink, failing_calls::table());
  std::uint32_t ticket = 0;

  check asking(std::vector<kind_arguments::pair> more = {}) {
    std::vector<kind_arguments::pair> pairs{{"name", "www.x.cn"}, {"port", std::to_string(server.port())}};
    pairs.insert(pairs.end(), more.begin(), more.end());
    return make_check("127.0.0.1", settings(pairs));
  }
  kept_answer answer() {
    EXPECT_TRUE(drain_until(*dns, [&] { return sink.answers.contains(ticket); }));
    return sink.answers[ticket];
  }
  /** The server sends what `make` writes for our id. */
  template <class F>
  kept_answer told(const check& c, F make) {
    ask_one(*dns, c, ++ticket);
    const auto q = server.next();
    if (!q) return {};
    server.reply(make(id_of(*q)).bytes());
    return answer();
  }
};

domain_writer www(std::uint16_t id, domain_writer::flags f = {}) {
  return domain_writer(id, f).question("www.x.cn", type_a);
}

TEST_F(Dns, AnyRecordIsGoodWhereNoneIsExpected) {
  const auto a = told(asking(), [](auto id) { return www(id).record("@12", type_a, right_address); });
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_GT(a.rtt.count(), 0);
  EXPECT_EQ(a.detail, "192.0.2.80");
  ASSERT_EQ(a.facts.size(), 1U);
  EXPECT_EQ(a.facts[0].name, fact_name::records);
  EXPECT_EQ(a.facts[0].value, 1);
}

TEST_F(Dns, ExpectedRecordsAreGoodInAnyOrderAndOthersAreQuoted) {
  const check both = asking({{"expect", "198.51.100.9+192.0.2.80"}});
  const auto two = [](auto id) {
    return www(id).record("@12", type_a, right_address).record("@12", type_a, other_address);
  };
  EXPECT_EQ(told(both, two).what, outcome::good);
  const auto foreign = told(asking({{"expect", "192.0.2.80"}}), two);
  EXPECT_EQ(foreign.what, outcome::bad);
  EXPECT_EQ(foreign.why, cause::wrong_answer);
  EXPECT_NE(foreign.detail.find("198.51.100.9"), std::string::npos) << foreign.detail;
  const auto one = [](auto id) { return www(id).record("@12", type_a, right_address); };
  EXPECT_EQ(told(both, one).why, cause::wrong_answer) << "one is missing";
  const check some = asking({{"expect", "198.51.100.9+192.0.2.80"}, {"match", "any"}});
  EXPECT_EQ(told(some, one).what, outcome::good);
  EXPECT_EQ(told(some, two).what, outcome::good);
}

TEST_F(Dns, WhatTheServerSaysInsteadIsTheCause) {
  const auto code = [](unsigned c) { return [c](auto id) { return www(id, {.code = c}); }; };
  EXPECT_EQ(told(asking(), code(3)).why, cause::name_not_found);
  for (const auto& [number, name] : {std::pair{2U, "SERVFAIL"}, {5U, "REFUSED"}, {1U, "FORMERR"}}) {
    const auto a = told(asking(), code(number));
    EXPECT_EQ(a.what, outcome::bad);
    EXPECT_EQ(a.why, cause::wrong_answer);
    EXPECT_NE(a.detail.find(name), std::string::npos) << a.detail;
  }
  const auto none = told(asking(), [](auto id) { return www(id); });
  EXPECT_EQ(none.why, cause::wrong_answer);
  EXPECT_NE(none.detail.find("no A record"), std::string::npos) << none.detail;
  // the question left out, as some do where they can make nothing of it
  EXPECT_EQ(told(asking(), [](auto id) { return domain_writer(id, {.code = 5}); }).why, cause::wrong_answer);
}

TEST_F(Dns, AnAuthorityMustSayThatItIsOne) {
  const check c = asking({{"recursive", "no"}});
  const auto with = [](bool aa) {
    return [aa](auto id) { return www(id, {.authoritative = aa}).record("@12", type_a, right_address); };
  };
  EXPECT_EQ(told(c, with(true)).what, outcome::good);
  const auto a = told(c, with(false));
  EXPECT_EQ(a.why, cause::wrong_answer);
  EXPECT_NE(a.detail.find("AA"), std::string::npos);
}

TEST_F(Dns, RecursionIsAskedForOnlyWhereItIsWanted) {
  ask_one(*dns, asking({{"recursive", "no"}}), ++ticket);
  EXPECT_EQ((*server.next())[2] & 1, 0);
  ask_one(*dns, asking(), ++ticket);
  EXPECT_EQ((*server.next())[2] & 1, 1);
}

TEST_F(Dns, WhatAnswersAnotherQuestionIsNotBelieved) {
  const check c = asking();
  ask_one(*dns, c, ++ticket);
  const auto id = id_of(*server.next());
  server.reply(domain_writer(static_cast<std::uint16_t>(id ^ 1U)).question("www.x.cn", type_a).bytes());
  server.reply(domain_writer(id).question("www.y.cn", type_a).record("@12", type_a, other_address).bytes());
  server.reply(domain_writer(id, {.response = false}).question("www.x.cn", type_a).bytes());
  server.reply(domain_writer(id).bytes());
  EXPECT_TRUE(drain_until(*dns, [&] { return ignored_for(*dns, "unknown_id") == 4; }));
  EXPECT_FALSE(sink.answers.contains(ticket));
  server.reply(www(id).record("@12", type_a, right_address).bytes());
  EXPECT_EQ(answer().what, outcome::good);
}

TEST_F(Dns, AGivenUpQuestionSaysWhatCameInstead) {
  const check c = asking();
  ask_one(*dns, c, ++ticket);
  EXPECT_EQ(dns->forget(ticket), cause::timeout);
  ask_one(*dns, c, ++ticket);
  (void)server.next();
  const auto id = id_of(*server.next());
  server.reply(domain_writer(id).question("www.y.cn", type_a).bytes());
  EXPECT_TRUE(drain_until(*dns, [&] { return ignored_for(*dns, "unknown_id") == 1; }));
  EXPECT_EQ(dns->forget(ticket), cause::other_question);
  ask_one(*dns, c, ++ticket);
  (void)server.next();
  server.reply({1, 2, 3});
  EXPECT_TRUE(drain_until(*dns, [&] { return ignored_for(*dns, "malformed") == 1; }));
  EXPECT_EQ(dns->forget(ticket), cause::protocol);
  EXPECT_TRUE(sink.answers.empty());
}

TEST_F(Dns, AnAnswerWithoutItsEndIsCutShort) {
  const check c = asking();
  ask_one(*dns, c, ++ticket);
  auto bytes = www(id_of(*server.next())).record("@12", type_a, right_address).bytes();
  bytes.pop_back();
  server.reply(bytes);
  EXPECT_EQ(answer().why, cause::cut_short);
}

TEST_F(Dns, ATruncatedAnswerIsFetchedByTcp) {
  tcp_side tcp(server.port());
  const check c = asking({{"type", "TXT"}, {"expect", "a\\+b"}});
  ask_one(*dns, c, ++ticket);
  const auto first = *server.next();
  server.reply(domain_writer(id_of(first), {.truncated = true}).question("www.x.cn", type_txt).bytes());
  drain_until(*dns, [&] { return true; });
  // the server is the test itself, so both sides take turns
  std::optional<byte_vector> second;
  for (int i = 0; i < 500 && !second; ++i) {
    dns->drain();
    pollfd p{tcp.fd.get(), POLLIN, 0};
    if (::poll(&p, 1, 1) != 1) continue;
    dns->drain();
    second = tcp.next();
  }
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, first);
  tcp.send(domain_writer(id_of(first)).question("www.x.cn", type_txt).record("@12", type_txt, "\3a+b").bytes());
  EXPECT_EQ(answer().what, outcome::good) << sink.answers[ticket].detail;
}

struct DnsByTcp : Dns {
  tcp_side tcp{server.port()};
  check c = asking({{"transport", "tcp"}});

  byte_vector question() {
    ask_one(*dns, c, ++ticket);
    pollfd p{tcp.fd.get(), POLLIN, 0};
    for (int i = 0; i < 500 && ::poll(&p, 1, 1) != 1; ++i) dns->drain();
    dns->drain();
    return tcp.next();
  }
};

TEST_F(DnsByTcp, IsAskedAtOnceWhereItIsWanted) {
  const auto id = id_of(question());
  tcp.send(www(id).record("@12", type_a, right_address).bytes());
  EXPECT_EQ(answer().what, outcome::good);
}

TEST_F(DnsByTcp, AStreamThatEndsEarlyOrSaysSomethingElseIsBad) {
  auto id = id_of(question());
  tcp.send(www(id).record("@12", type_a, right_address).bytes(), 3);
  tcp.talk = {};
  EXPECT_EQ(answer().why, cause::cut_short);
  question();
  tcp.talk = {};
  const cause gone = answer().why;
  EXPECT_TRUE(gone == cause::closed_early || gone == cause::reset) << name_of(gone);
  id = id_of(question());
  tcp.send(www(static_cast<std::uint16_t>(id + 1)).bytes());
  EXPECT_EQ(answer().why, cause::other_question);
  id = id_of(question());
  tcp.send(www(id, {.truncated = true}).bytes());
  EXPECT_EQ(answer().why, cause::protocol);
  tcp.fd = {};
  ask_one(*dns, c, ++ticket);
  EXPECT_EQ(answer().why, cause::refused);
}

TEST_F(Dns, AClosedPortIsTheServersAndSaidSo) {
  const check c = make_check("127.0.0.1", settings({{"name", "x.cn"}, {"port", "1"}}));
  ask_one(*dns, c, ++ticket);
  const auto a = answer();
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::port_unreachable);
}

TEST_F(Dns, EveryErrorOfOurOwnIsNotMeasured) {
  const check udp = asking(), tcp = asking({{"transport", "tcp"}});
  const auto is_ours = [&](const own_error& e, const check& c) {
    const question q = ask_one(*dns, c, ++ticket);
    EXPECT_EQ(sink.answers[ticket].what, outcome::not_measured) << e.error;
    EXPECT_EQ(sink.answers[ticket].why, e.why) << e.error;
    EXPECT_NE(q.sent, mono_t{});
    failing_calls::reset();
  };
  for (const own_error& e : own_errors) {
    for (const check* c : {&udp, &tcp}) {
      failing_calls::socket_error = e.error;
      is_ours(e, *c);
      failing_calls::connect_error = e.error;
      is_ours(e, *c);
    }
    failing_calls::send_error = e.error;
    is_ours(e, udp);
  }
}

TEST_F(Dns, ManyAreUnderWayAtOnceEachFromItsOwnPort) {
  const check c = asking();
  std::vector<question> burst(50);
  for (std::uint32_t i = 0; i < 50; ++i) burst[i] = {100 + i, &c, {}, {}};
  dns->ask(burst);
  std::set<std::uint16_t> ids;
  for (int i = 0; i < 50; ++i) {
    const auto q = server.next();
    ASSERT_TRUE(q);
    ids.insert(id_of(*q));
    server.reply(www(id_of(*q)).record("@12", type_a, right_address).bytes());
  }
  EXPECT_TRUE(drain_until(*dns, [&] { return sink.answers.size() == 50; }));
  for (const auto& [t, a] : sink.answers) EXPECT_EQ(a.what, outcome::good);
  EXPECT_GT(ids.size(), 40U);
}

TEST(DnsArguments, AreUnderstood) {
  const auto asked =
      settings({{"expect", "10:Mail.X.cn.+m2.x.cn"}, {"type", "mx"}, {"name", "X.cn."}, {"recursive", "no"}});
  const auto& s = static_cast<const dns_settings&>(*asked);
  EXPECT_EQ(s.what.name, "x.cn");
  EXPECT_EQ(s.what.type, wire::record_type::mx);
  EXPECT_EQ(s.expected, (std::vector<std::string>{"10:mail.x.cn", "m2.x.cn"}));
  EXPECT_FALSE(s.what.recursive);
  const auto reverse = settings({{"name", "192.0.2.1"}, {"type", "PTR"}});
  EXPECT_EQ(static_cast<const dns_settings&>(*reverse).what.name, "1.2.0.192.in-addr.arpa");
}

TEST(DnsArguments, EveryMistakeNamesItsKey) {
  const kind_arguments::pair name{"name", "x.cn"};
  for (const auto& [pairs, key] : std::vector<std::pair<std::vector<kind_arguments::pair>, std::string>>{
           {{}, "name="},
           {{{"name", "a b"}}, "name"},
           {{{"name", "192.0.2.1"}}, "type=PTR"},
           {{name, {"type", "ANY"}}, "type"},
           {{name, {"expect", "mail"}}, "expect"},
           {{name, {"expect", "2001:db8::1"}}, "expect"},
           {{name, {"expect", "192.0.2.1+"}}, "expect"},
           {{name, {"type", "MX"}, {"expect", "70000:a.cn"}}, "expect"},
           {{name, {"match", "any"}}, "match"},
           {{name, {"match", "some"}}, "match"},
           {{name, {"recursive", "1"}}, "recursive"},
           {{name, {"transport", "tls"}}, "transport"},
           {{name, {"port", "0"}}, "port"}}) {
    const std::string said = refusal(pairs);
    EXPECT_NE(said.find(key), std::string::npos) << said;
    EXPECT_TRUE(said.starts_with("dns:")) << said;
  }
}

}  // namespace
}  // namespace changtong::test
