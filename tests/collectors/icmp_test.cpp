#include "collectors/icmp.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/ip.h>

#include "collectors/net/owned_fd.h"
#include "collectors/wire/icmp.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/recording_sink.h"

namespace changtong::test {
namespace {

struct Icmp : testing::Test {
  Icmp() { failing_calls::reset(); }
  ~Icmp() override { failing_calls::reset(); }
  recording_sink sink;
  std::unique_ptr<collector> icmp = make_icmp(sink, failing_calls::table());
  std::shared_ptr<const icmp_settings> settings = std::make_shared<icmp_settings>();

  /** Asks and waits. On a host that forbids both kinds of socket the answer must say so, and nothing else. */
  bool permitted_answer(std::string_view address, kept_answer& out) {
    const check c = make_check(address, settings);
    ask_one(*icmp, c, 1);
    EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.contains(1); }));
    out = sink.answers[1];
    if (icmp->describe().find("not possible") == std::string::npos) return true;
    EXPECT_EQ(out.what, outcome::not_measured);
    EXPECT_EQ(out.why, cause::own_permission);
    return false;
  }
};

TEST_F(Icmp, LoopbackAnswersWithARoundTrip) {
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_GT(a.rtt.count(), 0);
  EXPECT_LT(a.rtt, std::chrono::seconds{1});
}

TEST_F(Icmp, Ipv6LoopbackAnswers) {
  kept_answer a;
  if (!permitted_answer("::1", a)) return;
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_GT(a.rtt.count(), 0);
}

TEST_F(Icmp, LargestPayloadAnswers) {
  auto large = std::make_shared<icmp_settings>();
  large->payload = 1472;
  settings = large;
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  EXPECT_EQ(a.what, outcome::good);
}

TEST_F(Icmp, BurstOfThousandsIsAnsweredOnceEach) {
  std::vector<check> checks;
  for (int i = 0; i < 5000; ++i)
    checks.push_back(make_check("127.3." + std::to_string(i / 250) + "." + std::to_string(1 + i % 250), settings));
  std::vector<question> burst(checks.size());
  for (std::size_t i = 0; i < checks.size(); ++i) burst[i] = {static_cast<std::uint32_t>(i), &checks[i], {}, {}};
  icmp->ask(burst);
  drain_until(*icmp, [&] { return sink.answers.size() == checks.size(); });
  ASSERT_EQ(sink.answers.size(), checks.size());
  if (sink.answers[0].why == cause::own_permission) return;
  for (const auto& [ticket, a] : sink.answers) ASSERT_EQ(a.what, outcome::good) << ticket;
  for (const auto& q : burst) ASSERT_NE(q.sent, mono_t{});
}

TEST_F(Icmp, EveryErrorOfOurOwnIsNotMeasured) {
  const check c = make_check("127.0.0.1", settings);
  std::uint32_t ticket = 100;
  for (const auto& e : own_errors) {
    failing_calls::reset();
    failing_calls::socket_error = e.error;
    recording_sink here;
    const auto fresh = make_icmp(here, failing_calls::table());
    const question q = ask_one(*fresh, c, ++ticket);
    EXPECT_EQ(here.answers[ticket].what, outcome::not_measured) << e.error;
    EXPECT_EQ(here.answers[ticket].why, e.why) << e.error;
    EXPECT_NE(q.sent, mono_t{});
  }
}

TEST_F(Icmp, EveryErrorOfSendingIsNotMeasured) {
  const check c = make_check("127.0.0.1", settings);
  std::uint32_t ticket = 100;
  for (const auto& e : own_errors) {
    failing_calls::send_error = e.error;
    const question q = ask_one(*icmp, c, ++ticket);
    EXPECT_EQ(sink.answers[ticket].what, outcome::not_measured) << e.error;
    if (icmp->describe().find("not possible") == std::string::npos)
      EXPECT_EQ(sink.answers[ticket].why, e.why) << e.error;
    EXPECT_NE(q.sent, mono_t{});
  }
}

TEST_F(Icmp, SocketThatComesBackIsUsedAgain) {
  failing_calls::socket_error = EMFILE;
  const check c = make_check("127.0.0.1", settings);
  ask_one(*icmp, c, 7);
  EXPECT_EQ(sink.answers[7].why, cause::own_descriptors);
  failing_calls::reset();
  kept_answer a;
  if (permitted_answer("127.0.0.1", a)) EXPECT_EQ(a.what, outcome::good);
}

TEST_F(Icmp, WithoutRawThePingSocketIsTriedAndNamed) {
  failing_calls::raw_error = EPERM;
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_NE(icmp->describe().find("IPv4 ping socket"), std::string::npos) << icmp->describe();
}

TEST_F(Icmp, FullSendBufferIsWaitedForAndThenOurs) {
  const check c = make_check("127.0.0.1", settings);
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  failing_calls::full_for = 1;
  ask_one(*icmp, c, 2);
  EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.contains(2); }));
  EXPECT_EQ(sink.answers[2].what, outcome::good);
  failing_calls::full_for = 1000;
  ask_one(*icmp, c, 3);
  EXPECT_EQ(sink.answers[3].what, outcome::not_measured);
  EXPECT_EQ(sink.answers[3].why, cause::own_buffers);
}

TEST_F(Icmp, PartlySentBatchIsSentToItsEnd) {
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  failing_calls::send_at_most = 3;
  const check c = make_check("127.0.0.1", settings);
  std::vector<question> burst(10);
  for (std::uint32_t i = 0; i < 10; ++i) burst[i] = {100 + i, &c, {}, {}};
  icmp->ask(burst);
  EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.size() == 11; }));
  for (std::uint32_t i = 0; i < 10; ++i) EXPECT_EQ(sink.answers[100 + i].what, outcome::good);
}

TEST_F(Icmp, AnswerAfterForgettingIsLateAndCounted) {
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  const check c = make_check("127.0.0.1", settings);
  ask_one(*icmp, c, 5);
  EXPECT_EQ(icmp->forget(5), cause::timeout);
  EXPECT_TRUE(drain_until(*icmp, [&] { return ignored_for(*icmp, "late") == 1; }));
  EXPECT_FALSE(sink.answers.contains(5));
}

struct IcmpBursts : Icmp {
  std::shared_ptr<icmp_settings> burst = std::make_shared<icmp_settings>();
  IcmpBursts() {
    burst->count = 5;
    burst->gap = milliseconds{10};
  }
  check burst_to(std::string_view address, int timeout_ms) {
    check c = make_check(address, burst);
    c.when.timeout = milliseconds{timeout_ms};
    return c;
  }
};

TEST_F(IcmpBursts, SeveralEchoesAreOneSampleWithItsFigures) {
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  const check c = burst_to("127.0.0.1", 3000);
  const question q = ask_one(*icmp, c, 7);
  EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.contains(7); }));
  const kept_answer& seen = sink.answers[7];
  EXPECT_EQ(seen.what, outcome::good);
  EXPECT_GT(seen.rtt.count(), 0);
  EXPECT_LT(seen.rtt, std::chrono::seconds{1});
  ASSERT_EQ(seen.facts.size(), 3U);
  EXPECT_EQ(seen.facts[0].value, 0) << "nothing is lost on loopback";
  EXPECT_EQ(seen.facts[1].value, seen.rtt.count());
  EXPECT_GE(net::mono_now() - q.sent, 4 * burst->gap) << "the last left four gaps after the first";
}

TEST_F(IcmpBursts, TheyLeaveWithEverybodysPingsAndHoldUpNone) {
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  const check single = make_check("127.0.0.1", settings), several = burst_to("127.0.0.2", 3000);
  std::vector<question> asked(600);
  for (std::uint32_t i = 0; i < 600; ++i) asked[i] = {100 + i, i % 3 == 0 ? &several : &single, {}, {}};
  icmp->ask(asked);
  for (const question& q : asked) EXPECT_NE(q.sent, mono_t{});
  EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.size() >= 401; }))
      << "the single ones, before any burst ends";
  EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.size() == 601; }));
  for (const auto& [ticket, seen] : sink.answers) EXPECT_EQ(seen.what, outcome::good) << ticket;
}

TEST_F(IcmpBursts, WhatCannotLeaveIsNotMeasured) {
  const check c = burst_to("127.0.0.1", 1000);
  std::uint32_t ticket = 0;
  for (const own_error& e : own_errors) {
    failing_calls::send_error = e.error;
    const question q = ask_one(*icmp, c, ++ticket);
    EXPECT_EQ(sink.answers[ticket].what, outcome::not_measured) << e.error;
    EXPECT_NE(q.sent, mono_t{});
  }
}

TEST_F(IcmpBursts, SilenceIsATimeoutAtTheTimeoutAndAGivenUpOneSaysNothingMore) {
  kept_answer a;
  if (!permitted_answer("127.0.0.1", a)) return;
  failing_calls::swallow = true;
  const check c = burst_to("127.0.0.1", 1000);
  ask_one(*icmp, c, 7);
  EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.contains(7); }));
  EXPECT_EQ(sink.answers[7].why, cause::timeout);
  EXPECT_EQ(failing_calls::swallowed.size(), 5U);
  ask_one(*icmp, c, 8);
  EXPECT_EQ(icmp->forget(8), cause::timeout);
  failing_calls::reset();
  ask_one(*icmp, c, 9);
  EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.contains(9); }));
  EXPECT_FALSE(sink.answers.contains(8));
}

TEST(IcmpArguments, OfBurstsNameTheirKey) {
  const auto refusal = [](std::vector<kind_arguments::pair> pairs) {
    kind_arguments a;
    a.pairs = std::move(pairs);
    const auto made = icmp_kind().parse(a);
    return made ? std::string("taken") : made.error().text_en;
  };
  EXPECT_EQ(refusal({{"count", "10"}, {"gap", "1s"}, {"least", "10"}}), "taken");
  EXPECT_NE(refusal({{"count", "51"}}).find("count"), std::string::npos);
  EXPECT_NE(refusal({{"gap", "50ms"}}).find("count"), std::string::npos);
  EXPECT_NE(refusal({{"count", "2"}, {"least", "3"}}).find("least"), std::string::npos);
  for (const char* bad : {"50", "9ms", "1001ms", "2s", "ms", "s", "", "-1s"})
    EXPECT_NE(refusal({{"count", "2"}, {"gap", bad}}).find("gap"), std::string::npos) << bad;
}

/** Needs a raw socket of its own to speak for routers and forgers. */
struct IcmpForged : Icmp {
  net::owned_fd raw{::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP)};
  check away = make_check("127.0.0.9", settings);

  /** Our collector's echo request, as loopback shows it to every raw socket, without its IP header. */
  std::vector<std::uint8_t> overhear() const {
    for (int i = 0; i < 100; ++i) {
      std::uint8_t packet[2048];
      const auto n = ::recv(raw.get(), packet, sizeof packet, 0);
      if (n > 28 && packet[20] == 8 && std::memcmp(packet + 28, "Ctng", 4) == 0) return {packet, packet + n};
      pollfd p{raw.get(), POLLIN, 0};
      ::poll(&p, 1, 20);
    }
    return {};
  }
  void send(std::vector<std::uint8_t> message) const {
    message[2] = message[3] = 0;
    wire::put16(message.data() + 2, wire::internet_checksum(message));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_GT(::sendto(raw.get(), message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  /** Asks, and swallows the kernel's own answer by forgetting; gives the request's bytes with the IP header. */
  std::vector<std::uint8_t> asked_and_answered() {
    ask_one(*icmp, away, 1);
    auto packet = overhear();
    EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.contains(1); }));
    return packet;
  }
};

TEST_F(IcmpForged, SecondReplyIsADuplicate) {
  if (!raw) GTEST_SKIP() << "no raw socket to speak with; Icmp.* assert own_permission here";
  auto packet = asked_and_answered();
  ASSERT_GT(packet.size(), 28U);
  const auto before = ignored_for(*icmp, "wrong_source");
  std::vector<std::uint8_t> reply(packet.begin() + 20, packet.end());
  reply[0] = 0;
  send(reply);  // comes from 127.0.0.1, not from 127.0.0.9
  EXPECT_TRUE(drain_until(*icmp, [&] { return ignored_for(*icmp, "wrong_source") == before + 1; }));
  reply[16] ^= 1;
  send(reply);
  EXPECT_TRUE(drain_until(*icmp, [&] { return ignored_for(*icmp, "wrong_cookie") == 1; }));
  reply[12] ^= 0x40;
  send(reply);
  EXPECT_TRUE(drain_until(*icmp, [&] { return ignored_for(*icmp, "unknown_id") >= 1; }));
  EXPECT_EQ(sink.answers.size(), 1U);
}

/** An ICMP error as a router sends it: eight bytes, the IP header of what it dropped, and `quoted` bytes of it. */
std::vector<std::uint8_t> router_says(std::uint8_t type, std::uint8_t code, const std::vector<std::uint8_t>& request,
                                      std::size_t quoted, std::uint8_t last_octet) {
  std::vector<std::uint8_t> m{type, code, 0,  0, 0, 0, 0,   0, 0x45, 0, 0,   84, 0, 0,
                              0,    0,    64, 1, 0, 0, 127, 0, 0,    1, 127, 0,  0, last_octet};
  m.insert(m.end(), request.begin(), request.begin() + static_cast<std::ptrdiff_t>(quoted));
  return m;
}

TEST_F(IcmpForged, RoutersWordEndsTheQuestionWithItsCause) {
  if (!raw) GTEST_SKIP() << "no raw socket to speak with; Icmp.* assert own_permission here";
  struct {
    std::uint8_t type, code;
    std::size_t quoted;
    cause why;
  } const words[] = {{3, 0, 64, cause::net_unreachable_remote},
                     {3, 1, 64, cause::host_unreachable},
                     {3, 13, 64, cause::admin_prohibited},
                     {11, 0, 64, cause::ttl_exceeded},
                     {3, 1, 8, cause::host_unreachable}};
  std::uint32_t ticket = 10;
  for (const auto& w : words) {
    failing_calls::reset();
    failing_calls::swallow = true;
    ask_one(*icmp, away, ++ticket);
    ASSERT_EQ(failing_calls::swallowed.size(), 1U);
    send(router_says(w.type, w.code, failing_calls::swallowed[0], w.quoted, 9));
    EXPECT_TRUE(drain_until(*icmp, [&] { return sink.answers.contains(ticket); }));
    EXPECT_EQ(sink.answers[ticket].what, outcome::bad);
    EXPECT_EQ(sink.answers[ticket].why, w.why);
  }
}

TEST_F(IcmpForged, WordAboutAnotherAddressOrWithoutOurCookieIsIgnored) {
  if (!raw) GTEST_SKIP() << "no raw socket to speak with; Icmp.* assert own_permission here";
  failing_calls::swallow = true;
  ask_one(*icmp, away, 1);
  ASSERT_EQ(failing_calls::swallowed.size(), 1U);
  auto request = failing_calls::swallowed[0];
  send(router_says(3, 1, request, 64, 8));
  EXPECT_TRUE(drain_until(*icmp, [&] { return ignored_for(*icmp, "wrong_source") == 1; }));
  send(router_says(3, 1, request, 8, 8));
  request[20] ^= 1;
  send(router_says(3, 1, request, 64, 9));
  EXPECT_TRUE(drain_until(*icmp, [&] { return ignored_for(*icmp, "wrong_cookie") == 1; }));
  EXPECT_TRUE(sink.answers.empty());
}

}  // namespace
}  // namespace changtong::test
