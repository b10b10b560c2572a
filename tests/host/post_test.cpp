// What goes out by HTTP, and the ends that it can come to; and the office that sends many at once.
#include "daemon/host/post.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "tests/collectors/test_authority.h"
#include "tests/collectors/web_peer.h"
#include "tests/host/post_peers.h"

namespace changtong::host {
namespace {

using namespace std::chrono_literals;
using test::tcp_peer;
using test::web_peer;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

post_request to(const std::string& url, const std::string& body = "{\"a\":1}") {
  post_request r{.what = http_post{.url = secret(url), .headers = {}, .body = body}};
  r.patience = 20s;
  return r;
}
post_request to_peer(const web_peer& peer, const std::string& scheme = "http") {
  return to(scheme + "://127.0.0.1:" + peer.port() + "/in?key=s3cret");
}
std::string said_of(const result<post_answer>& a) { return a ? "" : to_string(a.error()); }

TEST(HttpPost, CarriesBodyAndHeadersAndBringsStatusAndBody) {
  test::noted seen;
  const web_peer peer([&](const std::string& request) {
    seen = request;
    return "HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\nno";
  });
  auto r = to_peer(peer);
  std::get<http_post>(r.what).headers = {{"Authorization", secret("Bearer abc")}, {"X-Empty", secret("")}};
  const auto answer = post(r, {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 409U);
  EXPECT_EQ(answer->body, "no");
  EXPECT_THAT(seen.text(), HasSubstr("POST /in?key=s3cret HTTP/1.1\r\n"));
  EXPECT_THAT(seen.text(), HasSubstr("\r\nAuthorization: Bearer abc\r\n"));
  EXPECT_THAT(seen.text(), HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(seen.text(), HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(seen.text(), HasSubstr("\r\nUser-Agent: changtong/"));
  EXPECT_THAT(seen.text(), Not(HasSubstr("Expect")));
  EXPECT_THAT(seen.text(), testing::EndsWith("\r\n\r\n{\"a\":1}"));
}

TEST(HttpPost, AHeaderCannotBecomeTwo) {
  const tcp_peer peer([](auto&) {});
  for (const auto& [name, value] : {std::pair{"X-A", "1\r\nX-B: 2"}, {"X-A\r\nX-B", "1"}, {"X-A:", "1"}, {"", "1"}}) {
    auto r = to(peer.at("http"));
    std::get<http_post>(r.what).headers = {{name, secret(value)}};
    EXPECT_THAT(said_of(post(r, {})), HasSubstr("malformed")) << name;
  }
  auto r = to(peer.at("http"));
  std::get<http_post>(r.what).content_type = "text/plain\r\nX-B: 2";
  EXPECT_FALSE(post(r, {}));
  EXPECT_EQ(peer.visits(), 0);
}

TEST(HttpPost, AnAnswerBeyondItsBoundIsAProblemAndNotHalfAnAnswer) {
  const web_peer peer([](const std::string&) { return web_peer::ok(std::string(1025, 'x')); });
  auto r = to_peer(peer);
  r.most_body = 1024;
  EXPECT_THAT(said_of(post(r, {})), HasSubstr("too long"));
  r.most_body = 1025;
  EXPECT_TRUE(post(r, {}));
}

TEST(HttpPost, AnAnswerMayComeInPieces) {
  const tcp_peer peer([](test::tcp::socket& s) {
    boost::system::error_code gone;
    s.set_option(test::tcp::no_delay(true));
    for (const char* piece : {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Enc", "oding: chunked\r\n\r\n",
                              "2\r\no", "k\r\n", "0\r\n", "\r", "\n"}) {
      boost::asio::write(s, boost::asio::buffer(std::string(piece)), gone);
      std::this_thread::yield();
    }
    tcp_peer::be_silent(s);
  });
  const auto answer = post(to(peer.at("http")), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(answer->body, "ok");
}

TEST(HttpPost, EndlessAnswersEnd) {
  const tcp_peer body([](test::tcp::socket& s) {
    boost::system::error_code gone;
    boost::asio::write(s, boost::asio::buffer(std::string("HTTP/1.1 200 OK\r\n\r\n")), gone);
    while (!gone) boost::asio::write(s, boost::asio::buffer(std::string(1 << 16, ' ')), gone);
  });
  EXPECT_THAT(said_of(post(to(body.at("http")), {})), HasSubstr("too long"));
  const tcp_peer head([](test::tcp::socket& s) {
    boost::system::error_code gone;
    boost::asio::write(s, boost::asio::buffer(std::string("HTTP/1.1 200 OK\r\n")), gone);
    while (!gone) boost::asio::write(s, boost::asio::buffer(std::string("X-More: and more\r\n")), gone);
  });
  EXPECT_THAT(said_of(post(to(head.at("http")), {})), HasSubstr("too long"));
  auto status_alone = to(body.at("http"));
  status_alone.most_body = 0;
  const auto answer = post(status_alone, {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(answer->body, "");
}

TEST(HttpPost, PatienceCoversAllOfIt) {
  const tcp_peer silent(tcp_peer::be_silent);
  auto r = to(silent.at("http"));
  r.patience = 20ms;
  EXPECT_THAT(said_of(post(r, {})), HasSubstr("no answer in time"));
  const tcp_peer drips([](test::tcp::socket& s) {
    boost::system::error_code gone;
    const std::string answer = web_peer::ok(std::string(60'000, ' '));
    for (std::size_t i = 0; i < answer.size() && !gone; ++i) {
      boost::asio::write(s, boost::asio::buffer(&answer[i], 1), gone);
      std::this_thread::yield();
    }
    if (!gone) tcp_peer::be_silent(s);
  });
  r = to(drips.at("http"));
  r.most_body = 1 << 20;
  r.patience = 50ms;
  const auto answer = post(r, {});
  if (!answer) EXPECT_THAT(said_of(answer), HasSubstr("no answer in time"));  // else the machine was quick
}

TEST(HttpPost, NobodyListeningIsSaidInBothLanguages) {
  std::string url;
  {
    url = tcp_peer(tcp_peer::be_silent).at("http", "/?key=s3cret");
  }
  const auto answer = post(to(url), {});
  EXPECT_THAT(said_of(answer), HasSubstr("连接被拒绝"));
  EXPECT_THAT(said_of(answer), HasSubstr("connection refused"));
}

TEST(HttpPost, ARedirectIsAnAnswerAndNobodyIsSentThere) {
  const tcp_peer elsewhere(tcp_peer::be_silent);
  const web_peer peer([&](const std::string&) { return web_peer::moved(elsewhere.at("http", "/")); });
  const auto answer = post(to_peer(peer), {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->status, 302U);
  EXPECT_EQ(elsewhere.visits(), 0);
}

TEST(HttpPost, OnlyACertifiedReceiverIsTold) {
  test::test_authority ours, strangers;
  std::atomic<int> told = 0;
  const auto taking = [&told](const std::string&) {
    ++told;
    return web_peer::ok("fine");
  };
  const auto good = ours.server("IP:127.0.0.1"), other_name = ours.server("DNS:else.example"),
             unknown = strangers.server("IP:127.0.0.1"), expired = ours.server("IP:127.0.0.1", -7200, -3600);
  for (auto* tls : {other_name.get(), unknown.get(), expired.get()}) {
    const web_peer peer(taking, tls);
    auto r = to_peer(peer, "https");
    r.ca_file = ours.file();
    EXPECT_THAT(said_of(post(r, {})), HasSubstr("certificate cannot be verified"));
  }
  EXPECT_EQ(told, 0);
  const web_peer peer(taking, good.get());
  auto r = to_peer(peer, "https");
  EXPECT_FALSE(post(r, {})) << "the system's store does not know our authority";
  r.ca_file = ours.file();
  const auto answer = post(r, {});
  ASSERT_TRUE(answer) << said_of(answer);
  EXPECT_EQ(answer->body, "fine");
  r.ca_file = "/nowhere.pem";
  EXPECT_THAT(said_of(post(r, {})), HasSubstr("CA"));
}

TEST(HttpPost, WhoHangsUpInTheMiddleEndsNobody) {
  test::test_authority ours;
  const auto tls = ours.server("IP:127.0.0.1");
  const tcp_peer peer([&](test::tcp::socket& s) {
    boost::asio::ssl::stream<test::tcp::socket&> stream(s, *tls);
    boost::system::error_code gone;
    stream.handshake(boost::asio::ssl::stream_base::server, gone);
    tcp_peer::reset(s);
  });
  for (int i = 0; i < 20; ++i) {
    auto r = to(peer.at("https"), std::string(1 << 20, 'x'));
    r.ca_file = ours.file();
    EXPECT_FALSE(post(r, {}));
  }
}

TEST(HttpPost, TheProxyThatIsNamedIsTakenAndTheEnvironmentsIsNot) {
  const tcp_peer nobody(tcp_peer::be_silent);
  ::setenv("http_proxy", nobody.at("http").c_str(), 1);
  ::setenv("all_proxy", nobody.at("http").c_str(), 1);
  test::noted seen;
  const web_peer peer([&](const std::string& request) {
    seen = request;
    return web_peer::ok("");
  });
  EXPECT_TRUE(post(to_peer(peer), {}));
  auto r = to("http://robots.example/send");
  r.proxy = "http://127.0.0.1:" + peer.port();
  ::setenv("no_proxy", "robots.example", 1);
  EXPECT_TRUE(post(r, {}));
  for (const char* name : {"http_proxy", "all_proxy", "no_proxy"}) ::unsetenv(name);
  EXPECT_THAT(seen.text(), HasSubstr("POST http://robots.example/send HTTP/1.1"));
  EXPECT_EQ(nobody.visits(), 0);
}

TEST(HttpPost, NoProblemTellsAKey) {
  const web_peer garbage([](const std::string&) { return "garbage\r\n\r\n"; });
  const web_peer closes([](const std::string&) { return ""; });
  const web_peer half([](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"; });
  web_peer plain([](const std::string&) { return "no TLS at all, but enough bytes for a record of it"; });
  plain.speaks_first = true;
  for (const std::string& url :
       {"http://127.0.0.1:" + garbage.port() + "/?key=s3cret", "http://127.0.0.1:" + closes.port() + "/?key=s3cret",
        "http://127.0.0.1:" + half.port() + "/?key=s3cret", "https://127.0.0.1:" + plain.port() + "/?key=s3cret",
        std::string("http://u:s3cret@[::1/"), std::string("ftp://127.0.0.1/s3cret"), std::string("s3cret"),
        std::string("http://127.0.0.1:s3cret/"), std::string("file:///s3cret"), std::string()}) {
    const auto answer = post(to(url), {});
    ASSERT_FALSE(answer) << url;
    EXPECT_THAT(said_of(answer), Not(HasSubstr("s3cret"))) << url;
    EXPECT_FALSE(answer.error().text_en.empty()) << url;
  }
}

TEST(HttpPost, AStopEndsAPostUnderWay) {
  std::stop_source stop;
  const tcp_peer silent([&](auto& s) {
    stop.request_stop();
    tcp_peer::be_silent(s);
  });
  const auto began = std::chrono::steady_clock::now();
  auto r = to(silent.at("http"));
  r.patience = 1h;
  EXPECT_THAT(said_of(post(r, stop.get_token())), HasSubstr("stopping"));
  EXPECT_FALSE(post(r, stop.get_token()));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

/** Counts what the office says. */
struct counted {
  std::mutex mutex;
  std::condition_variable changed;
  int good = 0, bad = 0;
  post_office::told teller() {
    return [this](const result<post_answer>& a) {
      const std::lock_guard lock(mutex);
      ++(a ? good : bad);
      changed.notify_all();
    };
  }
  bool await(int wanted) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 30s, [&] { return good == wanted; });
  }
};

TEST(PostOffice, AReceiverThatHangsHoldsUpNobodyElse) {
  const tcp_peer silent(tcp_peer::be_silent);
  const web_peer quick([](const std::string&) { return web_peer::ok(""); });
  counted told;
  const auto began = std::chrono::steady_clock::now();
  {
    post_office office;
    for (int i = 0; i < 100; ++i) {
      auto r = to(silent.at("http", "/?" + std::to_string(i)));
      r.patience = 1h;
      office.send(std::move(r), told.teller());
    }
    for (int i = 0; i < 10; ++i) office.send(to_peer(quick), told.teller());
    // Another one behind the same relay.
    office.send(to(silent.at("http", "/other")), told.teller());
    while (silent.visits() <= static_cast<int>(post_office::most_of_one)) std::this_thread::yield();
    EXPECT_TRUE(told.await(10));
    EXPECT_GE(office.waiting(), 100U);
    EXPECT_EQ(silent.visits(), static_cast<int>(post_office::most_of_one) + 1);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 20s);
  EXPECT_EQ(told.good, 10);
  EXPECT_EQ(told.bad, 101) << "each is told its end once";
}

TEST(PostOffice, ItsEndIsQuickWhateverIsUnderWay) {
  const tcp_peer silent(tcp_peer::be_silent);
  counted told;
  auto office = std::make_unique<post_office>();
  for (int i = 0; i < 3; ++i) {
    auto r = to(silent.at("http"));
    r.patience = 1h;
    office->send(std::move(r), told.teller());
  }
  while (silent.visits() < 3) std::this_thread::yield();
  const auto began = std::chrono::steady_clock::now();
  office.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  EXPECT_EQ(told.bad, 3);
}

}  // namespace
}  // namespace changtong::host
