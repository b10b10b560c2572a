#include "collectors/http.h"

#include <gtest/gtest.h>

#include "tests/collectors/http_visits.h"

namespace changtong::test {
namespace {

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
  EXPECT_NE(heard.find("User-Agent: Mozilla/5.0 "), std::string::npos) << "filters let browsers in";
  EXPECT_NE(heard.find(" Changtong/"), std::string::npos) << "and whoever reads the log finds out who we are";
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

TEST_F(Http, ARedirectNeedsNoBodyAndNoLocationIsNoRedirect) {
  const web_peer peer([](const std::string& request) {
    if (request.starts_with("GET /a "))
      return std::string("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99\r\n\r\n");
    return std::string("HTTP/1.1 302 Found\r\nLocation:\r\nContent-Length: 4\r\n\r\npage");
  });
  const auto a = visit(peer);
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_EQ(fact_of(a, fact_name::redirects), 1);
}

TEST_F(Http, CookiesOfARedirectAreSentOnTheWay) {
  const web_peer peer([](const std::string& request) {
    if (request.find("Cookie: sess=1") != std::string::npos) return web_peer::ok("here");
    return std::string("HTTP/1.1 302 Found\r\nSet-Cookie: sess=1; Path=/\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(visit(peer).what, outcome::good);
  const auto again = visit(peer);
  EXPECT_EQ(fact_of(again, fact_name::redirects), 1) << "the next visit begins without cookies";
}

TEST_F(Http, AFoldedFirstHeaderBehindARedirectTouchesNoFreedMemory) {
  // libcurl 7.88 does where a handle is used again; the address sanitizer sees it in its calls of realloc.
  const web_peer peer([](const std::string& request) {
    if (request.starts_with("GET /a "))
      return std::string(
          "HTTP/1.1 302 Found\r\nX-Long: 0123456789012345678901234567890123456789\r\nLocation: /b\r\n\r\n");
    return std::string("HTTP/1.1 200 OK\r\n folded: nothing\r\nContent-Length: 4\r\n\r\npage");
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(visit(peer).why, cause::protocol);
}

TEST_F(Http, NoPageOfSomebodyElseSendsUsToThisMachine) {
  const web_peer inside([](const std::string&) { return web_peer::ok("secret"); });
  const web_peer peer([&](const std::string& request) {
    if (request.starts_with("GET /own ")) return web_peer::moved("/a");
    if (request.starts_with("GET /a ")) return web_peer::ok("page");
    return web_peer::moved("http://127.0.0.1:" + inside.port() + "/");
  });
  const std::string origin = "http://127.0.0.1:" + peer.port();
  EXPECT_EQ(visit(origin + "/own").what, outcome::good) << "within its own origin it is always followed";
  const auto a = visit(origin + "/out");
  EXPECT_EQ(a.why, cause::http_redirects);
  EXPECT_NE(a.detail.find("local_redirects"), std::string::npos) << a.detail;
  EXPECT_EQ(visit(origin + "/out", {{"local_redirects", "allow"}}).what, outcome::good);
}

TEST_F(Http, TextsAreLookedForInWhatAReaderSees) {
  const auto page = [](const std::string& body, const std::string& type) {
    return web_peer::ok(body, "Content-Type: " + type + "\r\n");
  };
  const std::string lost = "\xca\xfd\xbe\xdd\xbf\xe2\xc1\xac\xbd\xd3\xca\xa7\xb0\xdc";  // 数据库连接失败 in GBK
  const web_peer gbk([&](const std::string&) { return page(lost, "text/html; charset=GBK"); });
  EXPECT_EQ(visit(gbk, {{"forbids", "数据库连接失败"}}).why, cause::http_text);
  EXPECT_EQ(visit(gbk, {{"contains", "数据库"}}).what, outcome::good);
  const web_peer references([&](const std::string&) { return page("&#25968;&#25454;库", "text/html"); });
  EXPECT_EQ(visit(references, {{"contains", "数据库"}}).what, outcome::good);
}

TEST_F(Http, APageThatSendsItsReaderOnIsNotTheLast) {
  const web_peer peer([](const std::string& request) {
    if (request.starts_with("GET /a "))
      return web_peer::ok("<meta http-equiv=refresh content='0;url=/b'>", "Content-Type: text/html\r\n");
    return web_peer::ok("here");
  });
  const auto a = visit(peer, {{"contains", "here"}});
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_EQ(fact_of(a, fact_name::redirects), 1);
}

TEST_F(Http, RefreshInTheHeaderLeadsOnAsInAPage) {
  const auto visited = [this](const std::string& refresh, const std::string& page) {
    const web_peer peer([&](const std::string& request) {
      return request.starts_with("GET /a ") ? web_peer::ok(page, "Refresh: " + refresh + "\r\n") : web_peer::ok("here");
    });
    return visit(peer, {{"contains", "here"}});
  };
  const auto a = visited("0; url=/b", "wait");
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_EQ(fact_of(a, fact_name::redirects), 1);
  EXPECT_NE(a.detail.find("/b (opened last)"), std::string::npos) << a.detail;
  EXPECT_EQ(visited("1;URL='/b'", "").what, outcome::good) << "an empty page that leads on";
  EXPECT_EQ(visited("300; url=/b", "wait").why, cause::http_text) << "a reader stays on this page";
  EXPECT_EQ(visited("0; url=/a", "wait").why, cause::http_text) << "it is this page";
}

TEST_F(Http, WhatBrowsersReadIsRead) {
  const auto open = [this](const std::string& answer, pairs more = {}) {
    const web_peer peer([&answer](const std::string&) { return answer; });
    const auto a = visit(peer, std::move(more));
    EXPECT_EQ(a.what, outcome::good) << answer << ": " << a.detail;
  };
  open("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
  open("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok");
  open("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n3  \r\nabc\r\n0\r\n\r\n",
       {{"contains", "abc"}});
  open("HTTP/1.1 204 No Content\r\n\r\n");
  for (const char* length : {"", " abc", " -5"})
    open("HTTP/1.1 200 OK\r\nContent-Length:" + std::string(length) + "\r\n\r\nok", {{"contains", "ok"}});
  open("HTTP/1.1 200 OK\r\nContent-Encoding: utf-8\r\nContent-Length: 2\r\n\r\nok", {{"contains", "ok"}});
}

TEST_F(Http, WhatNobodyCanReadForCertainIsRefused) {
  using namespace std::string_literals;
  const auto why = [this](const std::string& answer) {
    const web_peer peer([&answer](const std::string&) { return answer; });
    return visit(peer).why;
  };
  EXPECT_EQ(why("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nokxxx"), cause::protocol);
  EXPECT_EQ(why("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok"s), cause::protocol);
  std::string trailers;
  for (int i = 0; i < 20; ++i) trailers += "X: " + std::string(8000, 'x') + "\r\n";
  EXPECT_EQ(why("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + trailers + "\r\n"),
            cause::protocol);
  EXPECT_EQ(why("HTTP/1.1 302 F\r\nLocation: /x\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"), cause::http_redirects);
  EXPECT_EQ(why("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok"), cause::protocol);
}

TEST_F(Http, ForgettingSaysWhatItWaitedForAndNothingComesAfter) {
  const check slow_name = make_check("", settings("http://slow.example/"));
  names.what = names.what6 = net::name_state::silent;
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

}  // namespace
}  // namespace changtong::test
