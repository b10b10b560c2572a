// Mails and lines of syslog, to servers that are well and to such as stop answering anywhere.
#include <gmock/gmock.h>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>

#include "daemon/host/post.h"
#include "tests/collectors/test_authority.h"
#include "tests/host/post_peers.h"

namespace changtong::host {
namespace {

using namespace std::chrono_literals;
using test::mail_peer;
using test::tcp_peer;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string said_of(const result<post_answer>& a) { return a ? "" : to_string(a.error()); }

struct Mail : testing::Test {
  test::test_authority authority;
  std::unique_ptr<boost::asio::ssl::context> tls = authority.server("IP:127.0.0.1");

  [[nodiscard]] post_request to(const std::string& url) const {
    mail_post m{.url = secret(url),
                .user = {},
                .password = {},
                .from = "monitor@county.example",
                .to = {"duty@county.example", "head@county.example"},
                .body = "Subject: a\r\n\r\nfirst\r\n.\r\n..two\r\nlast\r\n"};
    post_request r{.what = std::move(m)};
    r.ca_file = authority.file();
    r.patience = 20s;
    return r;
  }
};

TEST_F(Mail, GoesByStartTlsWithALoginAndEveryDotInItsPlace) {
  mail_peer peer({.tls = tls.get(), .login = true});
  auto r = to(peer.at("smtp"));
  std::get<mail_post>(r.what).user = "monitor";
  std::get<mail_post>(r.what).password = secret("pass");
  const auto answer = post(r, {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 250U);
  EXPECT_EQ(answer->body, "250 2.0.0 queued as 4711");
  EXPECT_EQ(peer.body(), "Subject: a\r\n\r\nfirst\r\n..\r\n...two\r\nlast\r\n.\r\n");
  const auto lines = peer.lines();
  EXPECT_THAT(lines, Contains("STARTTLS"));
  EXPECT_THAT(lines, Contains(StartsWith("!AUTH PLAIN")));
  EXPECT_THAT(lines, Contains(HasSubstr("AG1vbml0b3IAcGFzcw==")));  // base64 of \0monitor\0pass
  EXPECT_THAT(lines, Contains(StartsWith("!MAIL FROM:<monitor@county.example>")));
  EXPECT_THAT(lines, Contains(StartsWith("!RCPT TO:<head@county.example>")));
}

TEST_F(Mail, WithoutTlsNothingIsSaidUnlessThatIsWanted) {
  mail_peer peer({.login = true});
  auto r = to(peer.at("smtp"));
  std::get<mail_post>(r.what).user = "monitor";
  std::get<mail_post>(r.what).password = secret("pass");
  EXPECT_THAT(said_of(post(r, {})), HasSubstr("STARTTLS"));
  EXPECT_THAT(peer.lines(), Not(Contains(StartsWith("AUTH"))));
  std::get<mail_post>(r.what).insecure = true;
  const auto answer = post(r, {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 250U);
}

TEST_F(Mail, AnUnknownCertificateGetsNoPassword) {
  test::test_authority strangers;
  const auto other = strangers.server("IP:127.0.0.1");
  for (const char* scheme : {"smtp", "smtps"}) {
    mail_peer peer({.tls = other.get(), .tls_from_the_start = std::string(scheme) == "smtps", .login = true});
    EXPECT_THAT(said_of(post(to(peer.at(scheme)), {})), HasSubstr("certificate")) << scheme;
    EXPECT_THAT(peer.lines(), Not(Contains(HasSubstr("MAIL")))) << scheme;
  }
}

TEST_F(Mail, GoesByTlsFromTheStart) {
  mail_peer peer({.tls = tls.get(), .tls_from_the_start = true});
  const auto answer = post(to(peer.at("smtps")), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 250U);
}

TEST_F(Mail, WhatTheServerRefusesIsAnAnswerInItsWords) {
  mail_peer login({.tls = tls.get(), .login = true, .to_login = "535 5.7.8 bad credentials"});
  auto r = to(login.at("smtp"));
  std::get<mail_post>(r.what).user = "monitor";
  std::get<mail_post>(r.what).password = secret("wrong");
  auto answer = post(r, {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 535U);
  EXPECT_EQ(answer->body, "535 5.7.8 bad credentials");

  mail_peer full({.tls = tls.get(), .to_body = "452 4.3.1 no room"});
  answer = post(to(full.at("smtp")), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 452U);

  mail_peer nobody({.tls = tls.get(), .to_receiver = "550 5.1.1 who?", .to_second_receiver = "550 5.1.1 who?"});
  answer = post(to(nobody.at("smtp")), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 550U);
  EXPECT_EQ(answer->body, "550 5.1.1 who?");
}

TEST_F(Mail, OneReceiverThatIsRefusedDoesNotKeepItFromTheOthers) {
  mail_peer peer({.tls = tls.get(), .to_second_receiver = "550 5.1.1 <head@county.example>: who?"});
  const auto answer = post(to(peer.at("smtp")), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 250U);
  EXPECT_EQ(answer->body, "250 2.0.0 queued as 4711\n550 5.1.1 <head@county.example>: who?");
}

TEST_F(Mail, AServerThatIsSilentAfterTheBodyIsWaitedForOnlySoLong) {
  mail_peer peer({.tls = tls.get(), .to_body = ""});
  auto r = to(peer.at("smtp"));
  r.patience = 300ms;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(post(r, {}));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST_F(Mail, ATakenMailIsTakenThoughNobodySaysGoodbye) {
  mail_peer peer({.tls = tls.get(), .to_farewell = ""});
  const auto began = std::chrono::steady_clock::now();
  const auto answer = post(to(peer.at("smtp")), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 250U);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST_F(Mail, AStopEndsItWhereverTheServerIsSilent) {
  for (const bool at_the_end : {false, true}) {
    mail_peer peer({.tls = tls.get(), .to_receiver = at_the_end ? "250 ok" : "", .to_body = ""});
    std::stop_source stop;
    std::chrono::steady_clock::time_point told;
    std::thread stopper([&] {
      while (at_the_end ? peer.body().empty() : peer.lines().size() < 4) std::this_thread::yield();
      told = std::chrono::steady_clock::now();
      stop.request_stop();
    });
    auto r = to(peer.at("smtp"));
    r.patience = 1h;
    const auto answer = post(r, stop.get_token());
    stopper.join();
    EXPECT_THAT(said_of(answer), HasSubstr("stopping"));
    EXPECT_LT(std::chrono::steady_clock::now() - told, 2s);
  }
}

TEST_F(Mail, AnAddressCannotBecomeACommand) {
  const tcp_peer peer(tcp_peer::be_silent);
  for (const char* bad : {"", "a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "<a@b.example>"}) {
    auto r = to(peer.at("smtp"));
    std::get<mail_post>(r.what).to = {bad};
    EXPECT_THAT(said_of(post(r, {})), HasSubstr("malformed")) << bad;
    r = to(peer.at("smtp"));
    std::get<mail_post>(r.what).from = bad;
    EXPECT_THAT(said_of(post(r, {})), HasSubstr("malformed")) << bad;
  }
  auto nobody = to(peer.at("smtp"));
  std::get<mail_post>(nobody.what).to.clear();
  EXPECT_FALSE(post(nobody, {}));
  EXPECT_EQ(peer.visits(), 0);
}

post_request line_to(const std::string& url, const std::string& line = "<129>1 - - changtong - - - 断") {
  post_request r{.what = syslog_post{.url = secret(url), .line = line}};
  r.patience = 20s;
  return r;
}

TEST(Syslog, ADatagramIsTheLine) {
  boost::asio::io_context io;
  boost::asio::ip::udp::socket s(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const auto answer = post(line_to("udp://127.0.0.1:" + std::to_string(s.local_endpoint().port())), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 200U);
  std::string got(4096, ' ');
  got.resize(s.receive(boost::asio::buffer(got)));
  EXPECT_EQ(got, "<129>1 - - changtong - - - 断");
}

TEST(Syslog, AHostThatDoesNotListenSaysSo) {
  boost::asio::io_context io;
  std::string url;
  {
    const boost::asio::ip::udp::socket s(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    url = "udp://127.0.0.1:" + std::to_string(s.local_endpoint().port());
  }
  EXPECT_THAT(said_of(post(line_to(url), {})), HasSubstr("refused"));
}

TEST(Syslog, AStreamCountsItsBytes) {
  test::noted got;
  const tcp_peer peer([&](test::tcp::socket& s) {
    boost::system::error_code end;
    std::string all;
    boost::asio::read(s, boost::asio::dynamic_buffer(all), end);
    got = all;
  });
  const auto answer = post(line_to(peer.at("tcp")), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(got.text(), "30 <129>1 - - changtong - - - 断");
}

TEST(Syslog, APeerThatClosesWithTheLineUnreadHasNotTakenIt) {
  const tcp_peer peer([](test::tcp::socket& s) {
    s.wait(s.wait_read);
    tcp_peer::reset(s);
  });
  EXPECT_THAT(said_of(post(line_to(peer.at("tcp")), {})), HasSubstr("reset"));
}

TEST(Syslog, GoesByTlsToWhomWeBelieve) {
  test::test_authority ours, strangers;
  const auto good = ours.server("IP:127.0.0.1"), unknown = strangers.server("IP:127.0.0.1");
  for (auto* tls : {good.get(), unknown.get()}) {
    std::string got;
    auto peer = std::make_unique<tcp_peer>([&](test::tcp::socket& s) {
      boost::asio::ssl::stream<test::tcp::socket&> stream(s, *tls);
      boost::system::error_code end;
      stream.handshake(boost::asio::ssl::stream_base::server, end);
      if (end) return;
      boost::asio::read(stream, boost::asio::dynamic_buffer(got), end);
    });
    auto r = line_to(peer->at("tls"));
    r.ca_file = ours.file();
    const auto answer = post(r, {});
    peer.reset();
    EXPECT_EQ(got, answer ? "30 <129>1 - - changtong - - - 断" : "");
    EXPECT_EQ(answer.has_value(), tls == good.get()) << said_of(answer);
  }
}

TEST(Syslog, WhatIsNoAddressOfSyslogIsSaid) {
  for (const char* bad :
       {"http://127.0.0.1", "udp://", "127.0.0.1:514", "udp://u:p@127.0.0.1", "udp://127.0.0.1/x", ""})
    EXPECT_THAT(said_of(post(line_to(bad), {})), HasSubstr("udp://")) << bad;
  auto r = line_to("udp://127.0.0.1");
  r.proxy = "http://127.0.0.1:1";
  EXPECT_FALSE(post(r, {}));
}

}  // namespace
}  // namespace changtong::host
