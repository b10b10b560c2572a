#include "collectors/http.h"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "collectors/fetch.h"
#include "tests/collectors/failing_calls.h"
#include "tests/collectors/recording_sink.h"
#include "tests/collectors/test_authority.h"
#include "tests/collectors/web_peer.h"

namespace changtong::test {
namespace {

/** Everything resolves to loopback, unless told otherwise. */
struct made_up_names final : name_resolver {
  boost::asio::awaitable<resolution> resolve(std::string host) override {
    asked.push_back(host);
    if (silent) {
      boost::asio::steady_timer never(co_await boost::asio::this_coro::executor, std::chrono::hours{1});
      co_await never.async_wait(boost::asio::use_awaitable);
    }
    resolution r;
    r.error = error;
    if (!error)
      for (const char* a : addresses) r.addresses.push_back(parse_address(a).value());
    co_return r;
  }
  boost::system::error_code error;
  bool silent = false;
  std::vector<const char*> addresses{"127.0.0.1"};
  std::vector<std::string> asked;
};

struct Http : testing::Test {
  Http() { failing_calls::reset(); }
  ~Http() override { failing_calls::reset(); }

  using pairs = std::vector<kind_arguments::pair>;
  static std::shared_ptr<const check_settings> settings(const std::string& url, pairs more = {}) {
    kind_arguments a;
    a.url = url;
    a.pairs = std::move(more);
    return http_kind().parse(a).value();
  }
  kept_answer visit(const std::string& url, pairs more = {}) {
    checks.push_back(make_check("", settings(url, std::move(more))));
    const question q = ask_one(*http, checks.back(), ++ticket);
    EXPECT_NE(q.sent, mono_t{});
    EXPECT_TRUE(drain_until(*http, [&] { return sink.answers.contains(ticket); }, &io));
    return sink.answers[ticket];
  }
  kept_answer visit(const web_peer& peer, pairs more = {}) {
    return visit("http://127.0.0.1:" + peer.port() + "/a", std::move(more));
  }
  static std::int64_t fact_of(const kept_answer& a, fact_name name) {
    for (const fact& f : a.facts)
      if (f.name == name) return f.value;
    return -1;
  }

  boost::asio::io_context io;
  made_up_names names;
  recording_sink sink;
  std::deque<check> checks;
  std::uint32_t ticket = 0;
  std::unique_ptr<collector> http = make_http(io, sink, failing_calls::table(), &names);
};

TEST_F(Http, PageIsGoodAndTimedToItsEnd) {
  std::string heard;
  const web_peer peer([&](const std::string& request) { return heard = request, web_peer::ok("你好"); });
  const auto a = visit("http://portal.example:" + peer.port() + "/news?id=1", {{"contains", "你好"}});
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_GT(a.rtt.count(), 0);
  EXPECT_EQ(fact_of(a, fact_name::http_status), 200);
  EXPECT_EQ(fact_of(a, fact_name::page_bytes), 6);
  EXPECT_EQ(fact_of(a, fact_name::redirects), 0);
  EXPECT_GT(fact_of(a, fact_name::connect_nanoseconds), 0);
  EXPECT_GE(fact_of(a, fact_name::resolve_nanoseconds), 0);
  EXPECT_GT(fact_of(a, fact_name::first_byte_nanoseconds), 0);
  EXPECT_EQ(heard.substr(0, 24), "GET /news?id=1 HTTP/1.1\r");
  EXPECT_NE(heard.find("Host: portal.example:" + peer.port()), std::string::npos);
  EXPECT_NE(heard.find("User-Agent: Changtong/"), std::string::npos);
  EXPECT_EQ(names.asked, std::vector<std::string>{"portal.example"});
}

TEST_F(Http, ChunkedAndUnsizedPagesAreWhole) {
  const web_peer chunked([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  });
  EXPECT_EQ(fact_of(visit(chunked, {{"contains", "abcde"}}), fact_name::page_bytes), 5);
  const web_peer unsized([](const std::string&) { return std::string("HTTP/1.0 200 OK\r\n\r\nwhole page"); });
  const auto a = visit(unsized);
  EXPECT_EQ(a.what, outcome::good);
  EXPECT_EQ(fact_of(a, fact_name::page_bytes), 10);
}

TEST_F(Http, EarlyHintsAreNotTheAnswer) {
  const web_peer peer(
      [](const std::string&) { return "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + web_peer::ok("page"); });
  const auto a = visit(peer);
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_EQ(fact_of(a, fact_name::http_status), 200);
  const web_peer endless([](const std::string&) {
    std::string all;
    for (int i = 0; i < 100; ++i) all += "HTTP/1.1 103 Early Hints\r\n\r\n";
    return all;
  });
  EXPECT_EQ(visit(endless).what, outcome::bad);
}

TEST_F(Http, EachFailureOfThePageHasItsCause) {
  const auto why = [this](std::string answer, pairs more = {}) {
    const web_peer peer([answer](const std::string&) { return answer; });
    const auto a = visit(peer, std::move(more));
    EXPECT_EQ(a.what, a.why == cause::none ? outcome::good : outcome::bad);
    return a.why;
  };
  EXPECT_EQ(why("HTTP/1.1 503 No\r\nContent-Length: 1\r\n\r\nx"), cause::http_status);
  EXPECT_EQ(why("HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nx", {{"status", "200-299,404"}}), cause::none);
  EXPECT_EQ(why(web_peer::ok("")), cause::http_empty);
  EXPECT_EQ(why(web_peer::ok(""), {{"empty", "allow"}}), cause::none);
  EXPECT_EQ(why(web_peer::ok("abc"), {{"contains", "abd"}}), cause::http_text);
  EXPECT_EQ(why(web_peer::ok("abc"), {{"forbids", "b"}}), cause::http_text);
  EXPECT_EQ(why(web_peer::ok(std::string(101, 'x')), {{"max_bytes", "100"}}), cause::http_too_large);
  EXPECT_EQ(why(web_peer::ok(std::string(100, 'x')), {{"max_bytes", "100"}}), cause::none);
  EXPECT_EQ(why(""), cause::closed_early);
  EXPECT_EQ(why("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"), cause::closed_early);
  EXPECT_EQ(why("SSH-2.0-OpenSSH\r\n\r\n"), cause::protocol);
  EXPECT_EQ(why("HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x') + "\r\n\r\n"), cause::protocol);
}

TEST_F(Http, UnsizedPagePastTheLimitIsTooLarge) {
  const web_peer peer([](const std::string&) { return "HTTP/1.0 200 OK\r\n\r\n" + std::string(5000, 'x'); });
  EXPECT_EQ(visit(peer, {{"max_bytes", "4999"}}).why, cause::http_too_large);
}

TEST_F(Http, RedirectsAreFollowedAndCounted) {
  const web_peer peer([](const std::string& request) {
    if (request.starts_with("GET /a ")) return web_peer::moved("b?x=1");
    if (request.starts_with("GET /b?x=1 ")) return web_peer::moved("/c");
    return web_peer::ok("here");
  });
  const auto a = visit(peer);
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_EQ(fact_of(a, fact_name::redirects), 2);
  EXPECT_EQ(visit(peer, {{"redirects", "1"}}).why, cause::http_redirects);
  EXPECT_EQ(visit(peer, {{"redirects", "2"}}).what, outcome::good);
}

TEST_F(Http, RedirectInCirclesAndBadRedirectsAreBad) {
  const web_peer circle([](const std::string&) { return web_peer::moved("/a"); });
  EXPECT_EQ(visit(circle).why, cause::http_redirects);
  const web_peer strange([](const std::string&) { return web_peer::moved("ftp://example.com/"); });
  EXPECT_EQ(visit(strange).why, cause::http_redirects);
}

TEST_F(Http, NobodyListeningIsRefused) {
  std::string nobody;
  {
    nobody = web_peer([](const std::string&) { return std::string(); }).port();
  }
  const auto a = visit("http://127.0.0.1:" + nobody + "/");
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::refused);
}

TEST_F(Http, OurMissingIpv6RouteDoesNotHideThatTheSiteRefusedOnIpv4) {
  std::string nobody;
  {
    nobody = web_peer([](const std::string&) { return std::string(); }).port();
  }
  failing_calls::v6_connect_error = ENETUNREACH;
  for (const auto& order : {std::vector{"2001:db8::1", "127.0.0.1"}, std::vector{"127.0.0.1", "2001:db8::1"}}) {
    names.addresses = order;
    const auto a = visit("http://portal.example:" + nobody + "/");
    EXPECT_EQ(a.what, outcome::bad) << order[0];
    EXPECT_EQ(a.why, cause::refused) << order[0];
  }
  names.addresses = {"2001:db8::1"};
  EXPECT_EQ(visit("http://portal.example:" + nobody + "/").why, cause::own_route)
      << "alone it says nothing of the site";
}

TEST_F(Http, UnknownNameIsBadAndASilentResolverIsOurs) {
  names.error = boost::asio::error::host_not_found;
  auto a = visit("http://no.example/");
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::name_not_found);
  names.error = boost::asio::error::host_not_found_try_again;
  a = visit("http://no.example/");
  EXPECT_EQ(a.what, outcome::not_measured);
  EXPECT_EQ(a.why, cause::own_resolver);
}

TEST_F(Http, ForgettingSaysWhatItWaitedForAndNothingComesAfter) {
  const check slow_name = make_check("", settings("http://slow.example/"));
  names.silent = true;
  ask_one(*http, slow_name, 1);
  io.poll();
  EXPECT_EQ(http->forget(1), cause::own_resolver);

  boost::asio::ip::tcp::acceptor mute(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const check slow_page =
      make_check("", settings("http://127.0.0.1:" + std::to_string(mute.local_endpoint().port()) + "/"));
  ask_one(*http, slow_page, 2);
  io.restart();
  io.poll();
  EXPECT_EQ(http->forget(2), cause::timeout);
  io.restart();
  io.poll();
  EXPECT_TRUE(sink.answers.empty());
}

TEST_F(Http, CollectorMayGoWhileVisitsAreUnderWay) {
  boost::asio::ip::tcp::acceptor mute(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const check page = make_check("", settings("http://127.0.0.1:" + std::to_string(mute.local_endpoint().port()) + "/"));
  ask_one(*http, page, 1);
  io.poll();
  http.reset();
  io.restart();
  io.poll();
  EXPECT_TRUE(sink.answers.empty());
}

TEST_F(Http, EveryErrorOfOurOwnIsNotMeasured) {
  for (const auto& e : own_errors) {
    failing_calls::reset();
    failing_calls::socket_error = e.error;
    auto a = visit("http://127.0.0.1:9/");
    EXPECT_EQ(a.what, outcome::not_measured);
    EXPECT_EQ(a.why, e.why) << e.error;
    failing_calls::reset();
    failing_calls::connect_error = e.error;
    a = visit("http://127.0.0.1:9/");
    EXPECT_EQ(a.what, outcome::not_measured);
    EXPECT_EQ(a.why, e.why) << e.error;
  }
}

TEST_F(Http, AnswerInsideTheLoopIsGivenOnceToo) {
  failing_calls::socket_error = EMFILE;
  const check c = make_check("", settings("http://127.0.0.1:9/"));
  boost::asio::post(io, [&] { ask_one(*http, c, 77); });
  EXPECT_TRUE(drain_until(*http, [&] { return sink.answers.contains(77); }, &io));
  EXPECT_EQ(http->forget(77), cause::timeout);
}

struct Https : Http {
  test_authority authority;
  static std::string page(const std::string&) { return web_peer::ok("page"); }
};

TEST_F(Https, CertificateOfOurAuthorityIsGood) {
  const auto tls = authority.server("DNS:portal.example,IP:127.0.0.1");
  const web_peer peer(page, tls.get());
  for (const char* host : {"portal.example", "127.0.0.1"}) {
    const auto a = visit(std::string("https://") + host + ":" + peer.port() + "/", {{"ca", authority.file()}});
    EXPECT_EQ(a.what, outcome::good) << a.detail;
    EXPECT_GT(fact_of(a, fact_name::tls_nanoseconds), 0);
    EXPECT_NEAR(static_cast<double>(fact_of(a, fact_name::certificate_expiry_seconds)),
                static_cast<double>(std::time(nullptr)) + 7200, 60);
  }
}

TEST_F(Https, PageWithoutALengthIsWholeThoughTheServerForgetsToSayGoodbye) {
  const auto tls = authority.server("IP:127.0.0.1");
  const auto ends_with_the_connection = [this, &tls](const std::string& head) {
    const web_peer peer([&head](const std::string&) { return head + "\r\n\r\nwhole page"; }, tls.get());
    return visit("https://127.0.0.1:" + peer.port() + "/", {{"ca", authority.file()}});
  };
  const auto whole = ends_with_the_connection("HTTP/1.0 200 OK");
  EXPECT_EQ(whole.what, outcome::good) << whole.detail;
  EXPECT_EQ(fact_of(whole, fact_name::page_bytes), 10);
  EXPECT_EQ(ends_with_the_connection("HTTP/1.1 200 OK\r\nContent-Length: 99").what, outcome::bad)
      << "where a length was named it is missing something";
}

TEST_F(Https, EachBadCertificateSaysWhy) {
  const auto detail = [this](const std::string& names, long from, long to, pairs more) {
    const auto tls = authority.server(names, from, to);
    const web_peer peer(page, tls.get());
    const auto a = visit("https://portal.example:" + peer.port() + "/", std::move(more));
    EXPECT_EQ(a.what, outcome::bad);
    EXPECT_EQ(a.why, cause::tls_certificate);
    return a.detail;
  };
  const pairs ours{{"ca", authority.file()}};
  EXPECT_NE(detail("DNS:portal.example", -7200, -3600, ours).find("证书已过期"), std::string::npos);
  EXPECT_NE(detail("DNS:portal.example", 3600, 7200, ours).find("证书尚未生效"), std::string::npos);
  EXPECT_NE(detail("DNS:other.example", -3600, 7200, ours).find("证书与域名不符"), std::string::npos);
  const test_authority another;
  EXPECT_NE(detail("DNS:portal.example", -3600, 7200, {{"ca", another.file()}}).find("证书颁发者不受信任"),
            std::string::npos);
}

TEST_F(Https, PlainServerIsAHandshakeFailure) {
  web_peer babble([](const std::string&) { return std::string("220 mail.example ESMTP\r\n"); });
  babble.speaks_first = true;
  const auto a = visit("https://127.0.0.1:" + babble.port() + "/", {{"ca", authority.file()}});
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::tls_handshake);
}

TEST_F(Https, LeavingTlsNeedsPermission) {
  const web_peer plain(page);
  const auto tls = authority.server("IP:127.0.0.1");
  const web_peer peer([&](const std::string&) { return web_peer::moved("http://127.0.0.1:" + plain.port() + "/"); },
                      tls.get());
  const std::string url = "https://127.0.0.1:" + peer.port() + "/";
  EXPECT_EQ(visit(url, {{"ca", authority.file()}}).why, cause::http_redirects);
  EXPECT_EQ(visit(url, {{"ca", authority.file()}, {"downgrade", "allow"}}).what, outcome::good);
}

TEST_F(Https, CaFileThatVanishedIsOurFault) {
  auto gone =
      std::make_shared<http_settings>(*std::static_pointer_cast<const http_settings>(settings("https://127.0.0.1/")));
  const auto tls = authority.server("IP:127.0.0.1");
  const web_peer peer(page, tls.get());
  gone->at.port = static_cast<std::uint16_t>(std::stoi(peer.port()));
  gone->ca_file = "/nonexistent/ca.pem";
  const check c = make_check("", gone);
  ask_one(*http, c, 5);
  EXPECT_TRUE(drain_until(*http, [&] { return sink.answers.contains(5); }, &io));
  EXPECT_EQ(sink.answers[5].what, outcome::not_measured);
  EXPECT_EQ(sink.answers[5].why, cause::own_failure);
}

TEST(HttpArguments, BadOnesAreNamed) {
  const auto said = [](std::string url, std::vector<kind_arguments::pair> pairs) {
    kind_arguments a;
    a.url = std::move(url);
    a.pairs = std::move(pairs);
    const auto r = http_kind().parse(a);
    return r ? std::string("accepted") : r.error().text_en;
  };
  const std::string url = "https://www.example.gov.cn/";
  EXPECT_EQ(said(url, {}), "accepted");
  EXPECT_EQ(said("", {{"url", url}}), "accepted");
  EXPECT_NE(said("", {}).find("url= is missing"), std::string::npos);
  EXPECT_NE(said("ftp://x/", {}).find("http:// or https://"), std::string::npos);
  EXPECT_NE(said(url, {{"url", url}}).find("already"), std::string::npos);
  EXPECT_NE(said(url, {{"status", "99"}}).find("status"), std::string::npos);
  EXPECT_NE(said(url, {{"redirects", "21"}}).find("redirects"), std::string::npos);
  EXPECT_NE(said(url, {{"max_bytes", "0"}}).find("max_bytes"), std::string::npos);
  EXPECT_NE(said(url, {{"ca", "/nonexistent"}}).find("/nonexistent"), std::string::npos);
  EXPECT_NE(said(url, {{"verify", "no"}}).find("unknown key `verify`"), std::string::npos);
  EXPECT_NE(said(url, {{"contains", ""}}).find("contains"), std::string::npos);
  EXPECT_NE(said(url, {{"downgrade", "yes"}}).find("`yes`"), std::string::npos);
}

}  // namespace
}  // namespace changtong::test
